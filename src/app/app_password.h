/*
 * NAME
 *     app_password - a password that is never on the command line
 * DESCRIPTION
 *     From a file that only its owner can read, from a descriptor, or from
 *     the terminal without echo. The first line counts, without its end.
 * OWNERSHIP
 *     In the arena of the run.
 * ERRORS
 *     Returns NULL and fills `why`.
 */
#ifndef APP_PASSWORD_H
#define APP_PASSWORD_H

#include "app/app_run.h"
#include "base/err.h"

const char *app_password(struct app *app, struct err *why);

#endif
