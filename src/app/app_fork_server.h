/*
 * NAME
 *     app_fork_server - the process that forks the judgements of serve
 * DESCRIPTION
 *     Loads what each judgement needs: the libraries, and the zone files and snapshots of
 *     --dns. It never looks at a subject. What it forks runs the command line that is its
 *     input, each word with its NUL, as a program of its own would. Ends where a file has
 *     changed since it was read: the server starts another one.
 * OWNERSHIP
 *     In the arena of the run.
 * ERRORS
 *     A file that cannot be read is left to the judgements, which say so.
 */
#ifndef APP_FORK_SERVER_H
#define APP_FORK_SERVER_H

#include "app/app_run.h"

/* `words`: the options of every judgement */
int app_fork_server(struct app *app, char **words);

#endif
