/*
 * NAME
 *     app_traffic - reports of receivers, from options to a report
 * DESCRIPTION
 *     app_traffic_open() reads what --reports names and passes the selectors in
 *     it to the subject, before any query is sent. app_traffic_judge() judges
 *     the traffic after the report is made: its questions have a ledger of
 *     their own, so that they can use up nothing that the audit needs, and
 *     join the answers of the run.
 * OWNERSHIP
 *     In the arena of the run.
 * ERRORS
 *     app_traffic_open() returns false and fills `why` if a path cannot be
 *     read. What is wrong with single reports is in the set.
 */
#ifndef APP_TRAFFIC_H
#define APP_TRAFFIC_H

#include "app/app_run.h"
#include "app/pipeline.h"
#include "base/err.h"
#include "model/facts.h"
#include "model/feedback.h"
#include "model/traffic.h"
#include "traffic/traffic.h"

/* what --reports names, read; `*set_out` is NULL without it */
bool app_traffic_read(struct app *app, struct feedback_set **set_out, struct err *why);

/* the traffic of the subject's domain, whose selectors are to be asked for */
struct traffic *app_traffic_of(struct pipeline *pipeline, const struct feedback_set *set);

/* both; `*traffic_out` is NULL without --reports */
bool app_traffic_open(struct pipeline *pipeline, struct traffic **traffic_out, struct err *why);

/* of the traffic of a domain whose facts are known, over a copy of their ledger */
void app_traffic_judge(const struct pipeline *pipeline, struct traffic *traffic,
                       const struct facts *facts);

/* the same traffic in another world, after that */
struct traffic_sum app_traffic_again(const struct pipeline *pipeline, struct traffic *traffic,
                                     const struct facts *facts);

#endif
