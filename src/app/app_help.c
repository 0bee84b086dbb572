/* Help is made from the tables; what is not in them is the exit status. */
#include <string.h>

#include "app/app_help.h"
#include "app/app_page.h"
#include "base/arena.h"
#include "base/span.h"
#include "model/smtp_dialogue.h"

#define COLUMN_HELP   30
#define COLUMN_STATUS 6

/* help_status_of - what a list says about a status; empty: nothing */
static struct span help_status_of(const char *statuses, const char *status)
{
    struct span rest = span_of(statuses);

    while (rest.len > 0) {
        struct span meaning = span_cut(&rest, '\n');

        if (span_equal_text(span_cut(&meaning, ' '), status))
            return meaning;
    }
    return span_of("");
}

/* help_exit_status - what scripts go by; a command that has its own trouble has nothing else */
static void help_exit_status(struct app_page *page, const char *statuses)
{
    static const struct {
        const char *status;
        const char *meaning; /* NULL: that of the command alone */
    } rows[] = {
        {"0", NULL},
        {"1", NULL},
        {"2", "invalid command line"},
        {"3", NULL},
        {"4", "an input cannot be read, or an output cannot be written"},
        {"5", NULL},
        {"70", "mailassay itself failed"},
    };
    bool has_trouble = help_status_of(statuses, "2").len > 0;

    app_page_section(page, "Exit status");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct span own = help_status_of(statuses, rows[i].status);

        if (own.len > 0)
            app_page_entry(page, COLUMN_STATUS, rows[i].status,
                           arena_strdup_span(page->out->arena, own));
        else if (rows[i].meaning != NULL && !has_trouble)
            app_page_entry(page, COLUMN_STATUS, rows[i].status, rows[i].meaning);
    }
    app_page_text(page,
                  "The reason of a status other than 0 is the last line on standard error.\n");
}

/* help_option - one row of the table */
static void help_option(struct app_page *page, const struct app_option *option,
                        const struct app_command *command)
{
    struct arena *arena = page->out->arena;
    const char *letter =
        option->letter != '\0' ? arena_printf(arena, "-%c, ", option->letter) : "";

    app_page_entry(page, COLUMN_HELP,
                   arena_printf(arena, "%s--%s%s%s", letter, option->name,
                                option->value != NULL ? " " : "",
                                option->value != NULL ? option->value : ""),
                   app_option_help(arena, option, command));
}

/* help_add_step - one row of the dialogue */
static void help_add_step(struct app_page *page, enum smtp_state state)
{
    struct arena *arena = page->out->arena;
    const struct smtp_dialogue *row = smtp_dialogue_get(state);
    bool is_live = state < SMTP_PROBE_STATES;
    const char *sends =
        row->sends[0] != '\0' ? row->sends : arena_printf(arena, "(%s)", row->step);

    app_page_entry(page, COLUMN_HELP, is_live ? sends : arena_printf(arena, "[%s]", sends),
                   arena_printf(arena, "%s%s%s; %u minutes (%s)", row->happens,
                                row->accepts[0] != '\0' ? "; accepts " : "", row->accepts,
                                row->timeout_seconds / 60, row->standard));
}

/* help_dialogue - the ports and states of an SMTP session, from the table that drives it */
static void help_dialogue(struct app_page *page)
{
    struct arena *arena = page->out->arena;

    app_page_section(page, "Ports");
    for (size_t i = 0; i < smtp_port_count(); i++) {
        const struct smtp_port *port = smtp_port_get(i);

        app_page_entry(page, COLUMN_HELP,
                       arena_printf(arena, "%u %s", port->number, port->name),
                       arena_printf(arena, "%s. With the wrong TLS mode: %s", port->purpose,
                                    port->mismatch));
    }
    app_page_section(page, "Steps");
    app_page_text(page, "With the time that a client waits for each reply. Steps in [] are "
                        "only shown,\nbecause no message is sent.\n");
    for (enum smtp_state state = SMTP_STATE_CONNECT; state != SMTP_STATE_CLOSED;
         state = smtp_dialogue_session_next(state))
        help_add_step(page, state);
}

/* help_command - all of one command */
static void help_command(struct app_page *page, const struct app_command *command,
                         const char *date)
{
    const struct app_page_opening opening = {
        .command = command->name,
        .arguments = command->arguments,
        .summary = command->summary,
        .date = date,
    };

    app_page_open(page, &opening);
    if (command->details[0] != '\0')
        app_page_paragraph(page, command->details);
    app_page_section(page, "Options");
    for (size_t i = 0; i < app_option_count(); i++)
        if (app_option_applies(app_option_get(i), command))
            help_option(page, app_option_get(i), command);
    if ((command->takes & TAKES_LIVE) != 0)
        help_dialogue(page);
    help_exit_status(page, command->statuses);
    app_page_section(page, "Examples");
    app_page_examples(page, command->examples);
}

/* help_environment - what counts in addition to the command line */
static void help_environment(struct app_page *page)
{
    static const struct {
        const char *name;
        const char *meaning;
    } rows[] = {
        {"NO_COLOR", "if set and not empty, no colors unless --color always"},
        {"CLICOLOR_FORCE", "if set and not 0, colors even if the output is not a terminal"},
        {"TERM", "dumb: no colors, no progress on standard error"},
        {"GITHUB_ACTIONS", "true: annotations on standard error, and a summary appended to the "
                           "file that GITHUB_STEP_SUMMARY names"},
        {"GITLAB_CI", "true: a notice lists the outputs that merge requests show"},
        {"PAGER", "pager for long text on a terminal; default: less"},
        {"COLUMNS", "width of text if the output is not a terminal"},
        {"TMPDIR", "where bodies of large messages are stored; default: /tmp"},
    };

    app_page_section(page, "Environment");
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        app_page_entry(page, COLUMN_HELP, rows[i].name, rows[i].meaning);
}

/* help_all - the commands, and what they share */
static void help_all(struct app_page *page, const char *date)
{
    const struct app_page_opening opening = {
        .arguments = "COMMAND [ARGUMENT...]",
        .summary =
            "check SPF, DKIM and DMARC of a domain and its mail, by the standards and by\n"
            "the libraries of receivers, and show what to correct",
        .date = date,
    };

    app_page_open(page, &opening);
    app_page_section(page, "Commands");
    for (size_t i = 0; i < app_command_count(); i++) {
        const struct app_command *command = app_command_get(i);

        app_page_entry(
            page, COLUMN_HELP,
            arena_printf(page->out->arena, "%s %s", command->name, command->arguments),
            command->summary);
    }
    app_page_section(page, "Options of every command");
    for (size_t i = 0; i < app_option_count(); i++)
        if (app_option_get(i)->group == TAKES_NOTHING)
            help_option(page, app_option_get(i), NULL);
    app_page_paragraph(page, "The options of a command: mailassay COMMAND --help\n");
    help_environment(page);
    help_exit_status(page, "0 nothing at the threshold (--fail-on)\n"
                           "1 findings at the threshold, or a verdict that fails\n"
                           "3 undetermined: a required answer is missing\n"
                           "5 could not connect to a server\n");
    app_page_paragraph(page, "Commands that differ say so: mailassay COMMAND --help\n");
    app_page_section(page, "Examples");
    app_page_examples(page, app_command_get(0)->examples);
}

void app_help(const struct app_command *command, struct sbuf *out)
{
    struct app_page page = {.kind = PAGE_TEXT, .out = out};

    if (command != NULL)
        help_command(&page, command, NULL);
    else
        help_all(&page, NULL);
}

/* help_sorted_names - "mailassay-check mailassay-codes ...", as mdoc(7) wants references */
static const char *help_sorted_names(struct arena *arena)
{
    size_t count = app_command_count();
    const char **names = arena_array_of(arena, const char *, count);
    struct sbuf out = sbuf_start(arena);

    for (size_t i = 0; i < count; i++) {
        size_t at = i;

        for (; at > 0 && strcmp(names[at - 1], app_command_get(i)->name) > 0; at--)
            names[at] = names[at - 1];
        names[at] = app_command_get(i)->name;
    }
    for (size_t i = 0; i < count; i++)
        sbuf_addf(&out, "%smailassay-%s", i > 0 ? " " : "", names[i]);
    return sbuf_text(&out);
}

void app_manual(const struct app_command *command, const char *date, struct sbuf *out)
{
    struct app_page page = {.kind = PAGE_MDOC, .out = out};

    if (command != NULL)
        help_command(&page, command, date);
    else
        help_all(&page, date);
    app_page_close(&page, command != NULL ? "mailassay" : help_sorted_names(out->arena));
}
