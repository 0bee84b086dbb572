/*
 * NAME
 *     app_help - help and manual pages, from the tables of commands and options
 * DESCRIPTION
 *     app_help() writes what --help prints, app_manual() the same as a manual
 *     page in mdoc(7). Pages are written when the program is built, by
 *     make_pages.c.
 * OWNERSHIP
 *     Both write to `out`; scratch is in its arena.
 * ERRORS
 *     None.
 */
#ifndef APP_HELP_H
#define APP_HELP_H

#include "app/app_options.h"
#include "app/app_run.h"
#include "base/sbuf.h"

/* `command` NULL: the whole program; `date` as in "November 29, 2026" */
void app_help(const struct app_command *command, struct sbuf *out);
void app_manual(const struct app_command *command, const char *date, struct sbuf *out);

#endif
