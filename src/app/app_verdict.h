/*
 * NAME
 *     app_verdict - the commands that give one verdict
 * DESCRIPTION
 *     spf, dkim and dmarc differ in what they judge and are the same
 *     otherwise: no audit, no findings, the libraries only when asked.
 * OWNERSHIP
 *     The caller frees nothing.
 * ERRORS
 *     The status; its reason is noted in `app`.
 */
#ifndef APP_VERDICT_H
#define APP_VERDICT_H

#include "app/app_run.h"
#include "app/pipeline.h"
#include "model/report.h"
#include "report/report_verdict.h"

int app_verdict(struct app *app, const struct pipeline_request *request,
                enum report_method method);

#endif
