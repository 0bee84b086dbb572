/*
 * NAME
 *     app_providers - the providers of a run
 * DESCRIPTION
 *     Those that are built in, and before them those of --providers.
 * OWNERSHIP
 *     Static, or in the arena of the run.
 * ERRORS
 *     Returns NULL and fills `why` when the file of --providers cannot be used.
 */
#ifndef APP_PROVIDERS_H
#define APP_PROVIDERS_H

#include "app/app_run.h"
#include "base/err.h"
#include "model/provider.h"
#include "policy/policy_provider.h"

const struct provider_set *app_providers_open(struct app *app, struct err *why);

#endif
