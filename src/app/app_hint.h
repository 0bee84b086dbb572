/*
 * NAME
 *     app_hint - the hint that explain takes what another command was given
 * DESCRIPTION
 *     People give a bounce, a line of a log or a reply to check, smtp or codes. app_hint()
 *     says what it is, and that explain takes it.
 * OWNERSHIP
 *     In the arena of the app.
 * ERRORS
 *     None: what cannot be read, or what explain does not know, gives NULL.
 */
#ifndef APP_HINT_H
#define APP_HINT_H

#include "app/app_run.h"
#include "base/err.h"
#include "base/span.h"

/* "bounce.eml is a delivery report (RFC 3464): mailassay explain bounce.eml"; NULL */
const char *app_hint(struct app *app, const char *argument);
/* the same of bytes that are known already; `name` is what the user calls them */
const char *app_hint_of(struct app *app, struct span bytes, const char *name);

/* where a domain is wanted: a sentence that refuses what is a file that explain reads, a folder
 * whose name is not a domain, or "-"; NULL: it is something else */
const char *app_hint_file(struct app *app, const char *argument);

/* add it to a reason, if there is something to say */
void app_hint_add(struct app *app, const char *argument, struct err *why);
/* the same of what came through standard input */
void app_hint_add_bytes(struct app *app, struct span bytes, struct err *why);

#endif
