/* Help is made from the tables; what is not in them is the exit status. */
#include <string.h>

#include "app/app_run.h"

#define WIDTH       80
#define COLUMN_HELP 30

static const char exit_status[] =
    "Exit status\n"
    "  0   nothing at the threshold (--fail-on)\n"
    "  1   findings at the threshold, or a verdict that fails\n"
    "  2   the command line makes no sense\n"
    "  3   undetermined: something needed could not be asked\n"
    "  4   an input cannot be read, or an output cannot be written\n"
    "  5   a live probe could not connect\n"
    "  70  mailassay itself failed\n"
    "The reason of a status other than 0 is the last line on standard error.\n";

/* add_wrapped - text into the right column, line by line */
static void add_wrapped(struct sbuf *out, const char *text)
{
    struct span rest = span_of(text);

    while (rest.len > WIDTH - COLUMN_HELP) {
        struct span line = span_sub(rest, 0, WIDTH - COLUMN_HELP + 1);
        ptrdiff_t blank = span_find_last(line, ' ');

        if (blank <= 0)
            break;
        sbuf_add_span(out, span_sub(rest, 0, (size_t)blank));
        sbuf_addf(out, "\n%*s", COLUMN_HELP, "");
        rest = span_from(rest, (size_t)blank + 1);
    }
    sbuf_add_span(out, rest);
    sbuf_add_octet(out, '\n');
}

/* add_entry - "  left      text" */
static void add_entry(struct sbuf *out, const char *left, const char *text)
{
    if (strlen(left) + 2 < COLUMN_HELP)
        sbuf_addf(out, "  %-*s", COLUMN_HELP - 2, left);
    else
        sbuf_addf(out, "  %s\n%*s", left, COLUMN_HELP, "");
    add_wrapped(out, text);
}

/* add_option - one row of the table */
static void add_option(struct sbuf *out, const struct app_option *option)
{
    const char *letter =
        option->letter != '\0' ? arena_printf(out->arena, "-%c, ", option->letter) : "";

    add_entry(out,
              arena_printf(out->arena, "%s--%s%s%s", letter, option->name,
                           option->value != NULL ? " " : "",
                           option->value != NULL ? option->value : ""),
              option->help);
}

/* add_examples - one a line, indented */
static void add_examples(struct sbuf *out, const char *examples)
{
    struct span rest = span_of(examples);

    sbuf_add(out, "\nExamples\n");
    while (rest.len > 0) {
        struct span line = span_cut(&rest, '\n');

        if (line.len > 0)
            sbuf_addf(out, "  %.*s\n", SPAN_ARG(line));
    }
}

/* help_add_step - one row of the dialogue */
static void help_add_step(struct sbuf *out, enum smtp_state state)
{
    const struct smtp_dialogue *row = smtp_dialogue_get(state);
    bool is_live = state < SMTP_PROBE_STATES;
    const char *sends =
        row->sends[0] != '\0' ? row->sends : arena_printf(out->arena, "(%s)", row->step);

    add_entry(out, is_live ? sends : arena_printf(out->arena, "[%s]", sends),
              arena_printf(out->arena, "%s%s%s; %u minutes (%s)", row->happens,
                           row->accepts[0] != '\0' ? "; accepts " : "", row->accepts,
                           row->timeout_seconds / 60, row->standard));
}

/* add_dialogue - the ports and states of an SMTP session, from the table that drives it */
static void add_dialogue(struct sbuf *out)
{
    sbuf_add(out, "\nPorts\n");
    for (size_t i = 0; i < smtp_port_count(); i++) {
        const struct smtp_port *port = smtp_port_get(i);

        add_entry(out, arena_printf(out->arena, "%u %s", port->number, port->name),
                  arena_printf(out->arena, "%s. With the wrong TLS mode: %s", port->purpose,
                               port->mismatch));
    }
    sbuf_add(out, "\nSteps, and how long a client waits; those in [] are only told: --live "
                  "sends no\nmessage\n");
    for (enum smtp_state state = SMTP_STATE_CONNECT; state != SMTP_STATE_CLOSED;
         state = smtp_dialogue_told(state))
        help_add_step(out, state);
}

/* help_command - all of one command */
static void help_command(const struct app_command *command, struct sbuf *out)
{
    sbuf_addf(out, "usage: mailassay %s %s%s[OPTION...]\n\n%s.\n", command->name,
              command->arguments, command->arguments[0] != '\0' ? " " : "", command->summary);
    if (command->details[0] != '\0')
        sbuf_addf(out, "\n%s", command->details);
    sbuf_add(out, "\nOptions\n");
    for (size_t i = 0; i < app_option_count(); i++)
        if (app_option_applies(app_option_get(i), command))
            add_option(out, app_option_get(i));
    if ((command->takes & TAKES_LIVE) != 0)
        add_dialogue(out);
    add_examples(out, command->examples);
    sbuf_addf(out, "\n%s", exit_status);
}

/* help_all - what there is */
static void help_all(struct sbuf *out)
{
    sbuf_add(out, "usage: mailassay COMMAND [ARGUMENT...] [OPTION...]\n\n"
                  "Tells whether mail is authenticated and why not: SPF, DKIM and DMARC,\n"
                  "judged by the standards and by the libraries that receivers use.\n\n"
                  "Commands\n");
    for (size_t i = 0; i < app_command_count(); i++) {
        const struct app_command *command = app_command_get(i);

        add_entry(out, arena_printf(out->arena, "%s %s", command->name, command->arguments),
                  command->summary);
    }
    sbuf_add(out, "\nOptions of every command\n");
    for (size_t i = 0; i < app_option_count(); i++)
        if (app_option_get(i)->group == TAKES_NOTHING)
            add_option(out, app_option_get(i));
    sbuf_add(out, "\nThe options of a command: mailassay COMMAND --help\n");
    add_examples(out, app_command_get(0)->examples);
    sbuf_addf(out, "\n%s", exit_status);
}

void app_help(struct app *app, const struct app_command *command, struct sbuf *out)
{
    (void)app;
    if (command != NULL)
        help_command(command, out);
    else
        help_all(out);
}
