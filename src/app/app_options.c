/* Reading argv, by the tables. What each type of option does is in app_option_set.c. */
#include <string.h>

#include "app/app_options.h"
#include "base/escape.h"
#include "base/limits.h"
#include "base/limits_bounce.h"
#include "base/limits_serve.h"
#include "base/span.h"
#include "base/suggest.h"

#define RETRIES_MAX  10      /* more would reach LIMIT_SECONDS with the shortest timeout */
#define RATE_LARGEST 1000000 /* a query a microsecond: no limit any more */
#define FD_MAX       1023    /* the usual limit of a process */

#include "app/option_type.def"

static const struct app_option options_table[] = {
#define OPTION(name, letter, value, group, type, help) \
    {name, letter, value, group, {type}, help},
#include "app/option_table.def"
};

static const struct app_command commands_table[] = {
#define COMMAND(name, arguments, least, most, takes, summary, details, statuses, examples) \
    {#name, arguments, least, most, takes, summary, details, statuses, examples},
#include "app/command_table.def"
};

#define OPTIONS  COUNT_OF(options_table)
#define COMMANDS COUNT_OF(commands_table)

size_t app_option_count(void)
{
    return OPTIONS;
}

const struct app_option *app_option_get(size_t index)
{
    return &options_table[index];
}

const struct app_option *app_option_find(struct span name)
{
    for (size_t i = 0; i < OPTIONS; i++)
        if (span_equal_text(name, options_table[i].name))
            return &options_table[i];
    return NULL;
}

size_t app_command_count(void)
{
    return COMMANDS;
}

const struct app_command *app_command_get(size_t index)
{
    return &commands_table[index];
}

const struct app_command *app_command_find(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands_table[i].name, name) == 0)
            return &commands_table[i];
    return NULL;
}

const char *app_option_help(struct arena *arena, const struct app_option *option,
                            const struct app_command *command)
{
    static const char mark[] = "{formats}";
    enum render_view view = command != NULL ? render_view_find(command->name) : VIEW_NONE;
    const char *at = strstr(option->help, mark);

    if (at == NULL)
        return option->help;
    return arena_printf(arena, "%.*s%s%s", (int)(at - option->help), option->help,
                        render_format_names(arena, view), at + sizeof(mark) - 1);
}

bool app_option_applies(const struct app_option *option, const struct app_command *command)
{
    return option->group == TAKES_NOTHING || command == NULL ||
           (option->group & command->takes) != 0;
}

/* ---- what cannot be understood ---- */

/* refuse_option - no such option; say which was probably meant */
static void refuse_option(struct arena *arena, struct span name, struct err *why)
{
    struct suggest suggest = suggest_start(arena_strdup_span(arena, name));

    for (size_t i = 0; i < OPTIONS; i++)
        suggest_offer(&suggest, options_table[i].name);
    if (suggest.best != NULL)
        err_set_kind(why, ERR_USAGE, "unknown option --%s; did you mean --%s?",
                     escape_to_text(arena, name, LIMIT_SHOWN_BYTES), suggest.best);
    else
        err_set_kind(why, ERR_USAGE, "unknown option --%s; see mailassay --help",
                     escape_to_text(arena, name, LIMIT_SHOWN_BYTES));
}

void app_command_refuse(struct arena *arena, const char *name, struct err *why)
{
    struct suggest suggest = suggest_start(name);
    const char *shown = escape_shown(arena, name);
    const char *otherwise =
        strchr(name, '.') != NULL
            ? arena_printf(arena, "; did you mean \"mailassay check %s\"?", shown)
            : "; see mailassay --help";

    for (size_t i = 0; i < COMMANDS; i++)
        suggest_offer(&suggest, commands_table[i].name);
    err_set_kind(why, ERR_USAGE, "unknown command \"%s\"%s", shown,
                 suggest_hint(arena, &suggest, otherwise));
}

/* ---- reading ---- */

struct reader {
    struct app_options *options;
    char **next;            /* in argv */
    bool is_ended;          /* "--" was seen */
    bool is_given[OPTIONS]; /* to refuse what the command does not take */
    const char **arguments;
    size_t argument_count;
    const struct app_command *command;
};

/* options_is_number - a word that an option whose value may be left out takes as its value */
static bool options_is_number(const char *word)
{
    uint64_t number = 0;

    return word != NULL && span_to_number(span_of(word), UINT64_MAX, &number);
}

/* options_is_value - a word that looks like an option is not one: the value was left out */
static bool options_is_value(const char *word)
{
    return word != NULL && strncmp(word, "--", 2) != 0 && strcmp(word, "-h") != 0;
}

/* options_needs_value - say so; before --help the missing value does not matter */
static bool options_needs_value(const struct reader *in, const struct app_option *option,
                                struct err *why)
{
    const char *next = *in->next;

    if (next != NULL && (strcmp(next, "--help") == 0 || strcmp(next, "-h") == 0))
        return true;
    err_set_kind(why, ERR_USAGE, "--%s needs a value: --%s %s", option->name, option->name,
                 option->value);
    return false;
}

/* options_apply - set an option; `value` NULL: the next word is the value if it needs one */
static bool options_apply(struct reader *in, size_t index, const char *value, struct err *why)
{
    const struct app_option *option = &options_table[index];
    bool is_optional = option->value != NULL && option->value[0] == '[';

    if (option->value == NULL && value != NULL) {
        err_set_kind(why, ERR_USAGE, "--%s=%s: --%s takes no value", option->name,
                     escape_shown(in->options->arena, value), option->name);
        return false;
    }
    if (is_optional && value == NULL)
        value = options_is_number(*in->next) ? *in->next++ : NULL;
    else if (option->value != NULL && value == NULL && options_is_value(*in->next))
        value = *in->next++;
    if (option->value != NULL && !is_optional && value == NULL)
        return options_needs_value(in, option, why);
    in->is_given[index] = true;
    return app_option_set(in->options, option, value, why);
}

/* read_long - "--name", "--name=value" */
static bool read_long(struct reader *in, const char *word, struct err *why)
{
    struct span rest = span_of(word + 2);
    const char *equals = strchr(word, '=');
    struct span name = span_cut(&rest, '=');
    const struct app_option *option = app_option_find(name);

    if (option != NULL)
        return options_apply(in, (size_t)(option - options_table),
                             equals != NULL ? equals + 1 : NULL, why);
    refuse_option(in->options->arena, name, why);
    return false;
}

/* find_letter - index of the option, OPTIONS if there is none */
static size_t find_letter(char letter)
{
    for (size_t i = 0; i < OPTIONS; i++)
        if (options_table[i].letter == letter)
            return i;
    return OPTIONS;
}

/* read_letters - "-q", "-qv", "-oFILE" */
static bool read_letters(struct reader *in, const char *word, struct err *why)
{
    for (const char *letter = word + 1; *letter != '\0'; letter++) {
        size_t index = find_letter(*letter);

        if (index == OPTIONS) {
            err_set_kind(
                why, ERR_USAGE, "unknown option -%s; see mailassay --help",
                escape_to_text(in->options->arena, span_make(letter, 1), LIMIT_SHOWN_BYTES));
            return false;
        }
        if (options_table[index].value != NULL)
            return options_apply(in, index, letter[1] != '\0' ? letter + 1 : NULL, why);
        if (!options_apply(in, index, NULL, why))
            return false;
    }
    return true;
}

/* options_read_word - the command first, arguments after it */
static bool options_read_word(struct reader *in, const char *word, struct err *why)
{
    if (in->command != NULL) {
        arena_append(in->options->arena, in->arguments, in->argument_count, word);
        return true;
    }
    in->command = app_command_find(word);
    if (in->command == NULL)
        app_command_refuse(in->options->arena, word, why);
    return in->command != NULL;
}

/* options_read_all - every word of the command line */
static bool options_read_all(struct reader *in, struct err *why)
{
    while (*in->next != NULL) {
        const char *word = *in->next++;
        bool is_option = !in->is_ended && word[0] == '-' && word[1] != '\0';
        bool is_fine = false;

        if (is_option && strcmp(word, "--") == 0)
            is_fine = in->is_ended = true;
        else if (is_option && word[1] == '-')
            is_fine = read_long(in, word, why);
        else if (is_option)
            is_fine = read_letters(in, word, why);
        else
            is_fine = options_read_word(in, word, why);
        if (!is_fine)
            return false;
    }
    return true;
}

/* options_agree - what one option alone cannot say */
static bool options_agree(const struct reader *in, struct err *why)
{
    const struct app_options *options = in->options;

    if (options->has_no_https && options->https_connect != NULL)
        err_set_kind(why, ERR_USAGE, "--no-https and --https-connect contradict each other");
    else if (options->unknown_format != NULL)
        err_set_kind(
            why, ERR_USAGE, "--format %s",
            app_option_unlisted(
                options, options->unknown_format,
                render_format_names(options->arena, render_view_find(in->command->name))));
    else
        return true;
    return false;
}

/* options_check_options - refuse what has no meaning for the command */
static bool options_check_options(const struct reader *in, struct err *why)
{
    for (size_t i = 0; i < OPTIONS; i++)
        if (in->is_given[i] && !app_option_applies(&options_table[i], in->command)) {
            err_set_kind(why, ERR_USAGE,
                         "--%s does not apply to \"%s\"; see mailassay %s --help",
                         options_table[i].name, in->command->name, in->command->name);
            return false;
        }
    if (!options_agree(in, why))
        return false;
    if (in->options->unsendable == NULL || strcmp(in->command->name, "spf") == 0)
        return true;
    err_set_kind(why, ERR_USAGE, "%s", in->options->unsendable);
    return false;
}

/* check_arguments - as many as the command takes */
static bool check_arguments(const struct reader *in, struct err *why)
{
    const struct app_command *command = in->command;

    if (in->argument_count < command->least)
        err_set_kind(why, ERR_USAGE, "%s needs %s: mailassay %s %s", command->name,
                     command->least == 1 ? "an argument" : "arguments", command->name,
                     command->arguments);
    else if (in->argument_count > command->most)
        err_set_kind(why, ERR_USAGE, "unexpected argument \"%s\": expected mailassay %s %s",
                     escape_shown(in->options->arena, in->arguments[command->most]),
                     command->name, command->arguments);
    else
        return true;
    return false;
}

const char *app_line_argument(const struct app_line *line, size_t index)
{
    return index < line->argument_count ? line->arguments[index] : NULL;
}

bool app_options_read(struct app_options *options, char **argv, struct app_line *line_out,
                      struct err *why)
{
    struct reader in = {.options = options, .next = argv};

    if (!options_read_all(&in, why))
        return false;
    if (in.command != NULL && !options->wants_help && !options->wants_version &&
        !(options_check_options(&in, why) && check_arguments(&in, why)))
        return false;
    *line_out = (struct app_line){in.command, in.arguments, in.argument_count, in.is_ended};
    return true;
}
