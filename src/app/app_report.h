/*
 * NAME
 *     app_report - from a pipeline to a report
 * DESCRIPTION
 *     Gathers, checks, finds remedies and predicts what receivers do, as the options say.
 * OWNERSHIP
 *     In the arena of the run.
 * ERRORS
 *     Returns false and fills `why`.
 */
#ifndef APP_REPORT_H
#define APP_REPORT_H

#include "app/app_policies.h"
#include "app/app_run.h"
#include "app/pipeline.h"
#include "base/err.h"
#include "model/report.h"

/* of findings: what receivers do, the result and the summary */
void app_report_judge(struct app *app, const struct app_policies *policies,
                      struct report *report);

/* the last step: what renderers print and do not compute */
void app_report_complete(struct app *app, struct report *report);

/* the two halves of app_report(): before any query is sent, and with the facts */
bool app_report_open(struct app *app, struct report *report, struct err *why);
bool app_report_make(struct app *app, struct app_policies *policies, struct report *report,
                     struct err *why);

bool app_report(struct pipeline *pipeline, struct app_policies *policies, struct report *report,
                struct err *why);

/* a whole check, shown as the options say; the exit status */
int app_check(struct app *app, const struct pipeline_request *request); /* the last one */

#endif
