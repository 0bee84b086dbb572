/*
 * NAME
 *     app_completion - what shells offer while a command line is typed
 * DESCRIPTION
 *     A script for each of three shells, made from the tables of commands and
 *     options: commands, options of the command, the values that an option or
 *     an argument may have, and files where one is wanted. Written when the
 *     program is built, by make_pages.c.
 * OWNERSHIP
 *     Writes to `out`; scratch is in its arena.
 * ERRORS
 *     None.
 * BUGS
 *     Values that only DNS knows, like domains and selectors, are not offered.
 */
#ifndef APP_COMPLETION_H
#define APP_COMPLETION_H

#include "app/app_options.h"
#include "base/arena.h"
#include "base/sbuf.h"

/* what a value or an argument may be: words with a blank between, and whether files as well */
struct app_completion {
    const char *words; /* "": none is known */
    bool is_file;
};

struct app_completion app_completion_of_option(struct arena *arena,
                                               const struct app_option *option);
struct app_completion app_completion_of_argument(struct arena *arena,
                                                 const struct app_command *command);

void app_completion_bash(struct sbuf *out);
void app_completion_zsh(struct sbuf *out);
void app_completion_fish(struct sbuf *out);

#endif
