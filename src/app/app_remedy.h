/*
 * NAME
 *     app_remedy - remedies on the command line
 * DESCRIPTION
 *     --fix writes the fewest edits that clear everything that can be cleared
 *     without a choice. In the forms of zone files the file also holds what else
 *     is known of the domain, so that it can be given to --dns zone:FILE@DOMAIN.
 * OWNERSHIP
 *     In the arena of the run.
 * ERRORS
 *     Returns false and fills `why`.
 */
#ifndef APP_REMEDY_H
#define APP_REMEDY_H

#include "app/app_run.h"
#include "base/err.h"
#include "model/report.h"
#include "report/report.h"

/* find the remedies of the report and make its plan; write the file of --fix if asked for */
bool app_remedy(struct app *app, struct report *report, struct err *why);

#endif
