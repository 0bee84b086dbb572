/*
 * NAME
 *     app_stored - JSON reports read from files
 * DESCRIPTION
 *     app_stored_read() reads one report, or one a line, of any command.
 *     app_stored_diff() compares what two such files say of each domain: new and
 *     cleared findings, records, and receivers that answer differently. Nothing is
 *     evaluated again, so networks and keys are not compared.
 * OWNERSHIP
 *     Documents belong to the caller.
 * ERRORS
 *     False and `why`, with file and line.
 */
#ifndef APP_STORED_H
#define APP_STORED_H

#include "app/app_run.h"
#include "base/arena.h"
#include "base/err.h"
#include "render/render_gate.h"
#include "render/render_stored.h"

/* the file begins as a JSON report does */
bool app_stored_is(struct arena *arena, const char *path);

bool app_stored_read(struct app *app, const char *path, struct render_stored *stored,
                     struct err *why);

/* fills what diff shows, from two files; `gate->subjects` is the caller's */
bool app_stored_diff(struct app *app, const char *const paths[2], struct render_gate *gate,
                     struct err *why);

#endif
