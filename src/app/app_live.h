/*
 * NAME
 *     app_live - smtp --live: connect to a server, or to all mail hosts of a domain
 * DESCRIPTION
 *     Options that contradict each other are refused before any query is sent. Then
 *     the targets are found, probed one after the other with a pause between, and
 *     their answers are reported.
 * OWNERSHIP
 *     In the arena of the run.
 * ERRORS
 *     app_live() returns the exit status; app_live_is_unused() returns false and fills
 *     `why`.
 */
#ifndef APP_LIVE_H
#define APP_LIVE_H

#include "app/app_run.h"
#include "base/err.h"

int app_live(struct app *app);

/* no option was given that means something with --live only */
bool app_live_is_unused(const struct app *app, struct err *why);

#endif
