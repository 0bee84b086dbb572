/*
 * NAME
 *     app_gate_accept - the losses that are accepted
 * DESCRIPTION
 *     Those of the proposed files, of .mailassay.yaml at the top of a tree, and of --allow.
 * OWNERSHIP
 *     In the arena of the app.
 * ERRORS
 *     False and `why`, with file and line.
 */
#ifndef APP_GATE_ACCEPT_H
#define APP_GATE_ACCEPT_H

#include "app/app_run.h"
#include "app/app_world.h"
#include "base/err.h"
#include "model/gate.h"

bool app_gate_accepts_load(struct app *app, const struct app_world *world,
                           struct report_accepts *out, struct err *why);

#endif
