/* One script for each shell. Text is quoted for its place: in bash only our own words
 * are written, in zsh and fish also help, between single quotes. */
#include "app/app_completion.h"

#include <string.h>

static const char generated[] =
    "made from the tables of commands and options when mailassay was built";

/* completion_quoted - text within single quotes; `special` are octets that want a backslash */
static void completion_quoted(struct sbuf *out, const char *text, const char *special)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'') {
            sbuf_add(out, "'\\''");
            continue;
        }
        if (strchr(special, *text) != NULL)
            sbuf_add_octet(out, '\\');
        sbuf_add_octet(out, *text == '\n' ? ' ' : *text);
    }
}

/* ---- bash ---- */

/* bash_options - "--ip --helo ..." of the command */
static void bash_options(struct sbuf *out, const struct app_command *command)
{
    for (size_t i = 0; i < app_option_count(); i++)
        if (app_option_applies(app_option_get(i), command))
            sbuf_addf(out, " --%s", app_option_get(i)->name);
}

/* bash_value - what may follow an option */
static void bash_value(struct sbuf *out, const struct app_option *option)
{
    struct app_completion value = app_completion_of_option(out->arena, option);

    if (option->value == NULL)
        return;
    if (option->letter != '\0')
        sbuf_addf(out, "    -%c | --%s)", option->letter, option->name);
    else
        sbuf_addf(out, "    --%s)", option->name);
    sbuf_addf(out, " words='%s' files=%s;;\n", value.words, value.is_file ? "yes " : "");
}

/* bash_command - what may follow a command */
static void bash_command(struct sbuf *out, const struct app_command *command)
{
    struct app_completion argument = app_completion_of_argument(out->arena, command);

    sbuf_addf(out, "        %s) words='%s' files=%s options='", command->name, argument.words,
              argument.is_file ? "yes" : "");
    bash_options(out, command);
    sbuf_add(out, "' ;;\n");
}

void app_completion_bash(struct sbuf *out)
{
    sbuf_addf(out,
              "# completion of mailassay for bash; %s\n"
              "_mailassay()\n{\n"
              "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
              "    local command='' words='' files='' options='' word\n"
              "    # bash makes \"=\" a word of its own\n"
              "    if [[ $cur == = ]]; then\n"
              "        cur=''\n"
              "    elif [[ $prev == = ]]; then\n"
              "        prev=${COMP_WORDS[COMP_CWORD - 2]}\n"
              "    fi\n"
              "    COMPREPLY=()\n"
              "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD - 1}\"; do\n"
              "        [[ $word == -* ]] || { command=$word && break; }\n"
              "    done\n"
              "    case $prev in\n",
              generated);
    for (size_t i = 0; i < app_option_count(); i++)
        bash_value(out, app_option_get(i));
    sbuf_add(out, "    *)\n        case $command in\n        '') words='");
    for (size_t i = 0; i < app_command_count(); i++)
        sbuf_addf(out, "%s ", app_command_get(i)->name);
    sbuf_add(out, "' options='");
    for (size_t i = 0; i < app_option_count(); i++)
        if (app_option_get(i)->group == TAKES_NOTHING)
            sbuf_addf(out, " --%s", app_option_get(i)->name);
    sbuf_add(out, "' ;;\n");
    for (size_t i = 0; i < app_command_count(); i++)
        bash_command(out, app_command_get(i));
    sbuf_add(out,
             "        esac\n"
             "        [[ $cur != -* ]] || { words=$options && files=''; } ;;\n"
             "    esac\n"
             "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
             "    if [[ $files ]]; then\n"
             "        compopt -o filenames 2>/dev/null\n"
             "        mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- \"$cur\")\n"
             "    fi\n"
             "    [[ ${COMPREPLY[0]-} != *: ]] || compopt -o nospace 2>/dev/null\n"
             "}\n"
             "complete -F _mailassay mailassay\n");
}

/* ---- zsh ---- */

/* zsh_action - ":what:action" of _arguments */
static void zsh_action(struct sbuf *out, const char *what, struct app_completion value)
{
    sbuf_add_octet(out, ':');
    completion_quoted(out, what, ":[]\\");
    sbuf_add_octet(out, ':');
    if (value.words[0] != '\0' && value.is_file)
        sbuf_addf(out, "_alternative \"words:value:(%s)\" \"files:file:_files\"", value.words);
    else if (value.words[0] != '\0')
        sbuf_addf(out, "(%s)", value.words);
    else if (value.is_file)
        sbuf_add(out, "_files");
    else
        sbuf_add_octet(out, ' ');
}

/* zsh_option - '*--ip=[help]:ADDR:action' */
static void zsh_option(struct sbuf *out, const struct app_option *option)
{
    sbuf_addf(out, "            '*--%s%s[", option->name, option->value != NULL ? "=" : "");
    completion_quoted(out, app_option_help(out->arena, option, NULL), ":[]\\");
    sbuf_add_octet(out, ']');
    if (option->value != NULL)
        zsh_action(out, option->value, app_completion_of_option(out->arena, option));
    sbuf_add(out, "' \\\n");
}

void app_completion_zsh(struct sbuf *out)
{
    sbuf_addf(out,
              "#compdef mailassay\n# completion of mailassay for zsh; %s\n"
              "_mailassay()\n{\n"
              "    local context state state_descr line\n"
              "    typeset -A opt_args\n"
              "    local -a commands\n"
              "    commands=(\n",
              generated);
    for (size_t i = 0; i < app_command_count(); i++) {
        sbuf_addf(out, "        '%s:", app_command_get(i)->name);
        completion_quoted(out, app_command_get(i)->summary, ":\\");
        sbuf_add(out, "'\n");
    }
    sbuf_add(out,
             "    )\n    _arguments -C '--help[print help]' '--version[print the version]' "
             "'1:command:->command' '*::argument:->argument'\n"
             "    case $state in\n"
             "    command) _describe command commands ;;\n"
             "    argument)\n        case $words[1] in\n");
    for (size_t i = 0; i < app_command_count(); i++) {
        const struct app_command *command = app_command_get(i);

        sbuf_addf(out, "        %s) _arguments -S \\\n", command->name);
        for (size_t o = 0; o < app_option_count(); o++)
            if (app_option_applies(app_option_get(o), command))
                zsh_option(out, app_option_get(o));
        sbuf_add(out, "            '*");
        zsh_action(out, "argument", app_completion_of_argument(out->arena, command));
        sbuf_add(out, "' ;;\n");
    }
    sbuf_add(out, "        esac ;;\n    esac\n}\n_mailassay \"$@\"\n");
}

/* ---- fish ---- */

/* fish_value - how the value of an option or the argument of a command is completed */
static void fish_value(struct sbuf *out, struct app_completion value)
{
    sbuf_add(out, value.is_file ? " -F" : " -f");
    if (value.words[0] != '\0')
        sbuf_addf(out, " -a '%s'", value.words);
}

/* fish_option - one line, offered where the condition holds */
static void fish_option(struct sbuf *out, const struct app_option *option, const char *when)
{
    sbuf_addf(out, "complete -c mailassay -n '%s' -l %s", when, option->name);
    if (option->letter != '\0')
        sbuf_addf(out, " -s %c", option->letter);
    if (option->value != NULL) {
        sbuf_add(out, " -r");
        fish_value(out, app_completion_of_option(out->arena, option));
    }
    sbuf_add(out, " -d '");
    for (const char *text = app_option_help(out->arena, option, NULL); *text != '\0'; text++) {
        if (*text == '\'' || *text == '\\')
            sbuf_add_octet(out, '\\');
        sbuf_add_octet(out, *text);
    }
    sbuf_add(out, "'\n");
}

void app_completion_fish(struct sbuf *out)
{
    sbuf_addf(out, "# completion of mailassay for fish; %s\ncomplete -c mailassay -f\n",
              generated);
    for (size_t i = 0; i < app_command_count(); i++) {
        const struct app_command *command = app_command_get(i);
        const char *when =
            arena_printf(out->arena, "__fish_seen_subcommand_from %s", command->name);
        struct app_completion argument = app_completion_of_argument(out->arena, command);

        sbuf_addf(out, "complete -c mailassay -n __fish_use_subcommand -a %s -d '",
                  command->name);
        completion_quoted(out, command->summary, "\\");
        sbuf_add(out, "'\n");
        if (argument.is_file || argument.words[0] != '\0') {
            sbuf_addf(out, "complete -c mailassay -n '%s'", when);
            fish_value(out, argument);
            sbuf_add_octet(out, '\n');
        }
        for (size_t o = 0; o < app_option_count(); o++)
            if (app_option_applies(app_option_get(o), command))
                fish_option(out, app_option_get(o), when);
    }
    for (size_t o = 0; o < app_option_count(); o++)
        if (app_option_get(o)->group == TAKES_NOTHING)
            fish_option(out, app_option_get(o), "__fish_use_subcommand");
}
