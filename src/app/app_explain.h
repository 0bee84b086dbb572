/*
 * NAME
 *     app_explain - what is still so
 * DESCRIPTION
 *     app_explain_check() checks what can be checked of the input of explain, at most
 *     LIMIT_EXPLAIN_CHECKS times.
 * OWNERSHIP
 *     In the arena of the app.
 * ERRORS
 *     Returns false and fills `why`.
 */
#ifndef APP_EXPLAIN_H
#define APP_EXPLAIN_H

#include "app/app_run.h"
#include "base/err.h"
#include "explain/explain_input.h"

/* sets the list of `input->out`, checking each that can be checked */
bool app_explain_check(struct app *app, struct explain_input *input, struct err *why);

#endif
