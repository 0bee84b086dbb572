/*
 * NAME
 *     app_reports - reports of receivers explained
 * DESCRIPTION
 *     app_reports_explain() evaluates the mail of each domain in the reports
 *     again, and shows it: this is what explain does with reports. A domain below
 *     another one of them is part of that.
 * OWNERSHIP
 *     In the arena of the app.
 * ERRORS
 *     Returns the exit status; its reason is noted. 0: no own mail
 *     fails; 1: some does, and no newer report shows that it passes; 3:
 *     some could not be evaluated; 4: no report was found.
 */
#ifndef APP_REPORTS_H
#define APP_REPORTS_H

#include "app/app_run.h"
#include "base/span.h"
#include "feedback/feedback.h"
#include "model/feedback.h"

/* does the path hold reports, rather than something else that explain reads? Most messages of a
 * mailbox or folder decide. NULL: no; else what was read. Never for "-", which is read once */
struct feedback_set *app_reports_find(struct app *app, const char *path);

/* bytes that were read already */
struct feedback_set *app_reports_of_bytes(struct app *app, const char *path, struct span bytes);

int app_reports_explain(struct app *app, struct feedback_set *set);

#endif
