/*
 * NAME
 *     app_what_if - what if the SPF record had more terms
 * DESCRIPTION
 *     --spf-add TERM: the term is put before "all" or redirect= of the
 *     domain's record, and everything is gathered and checked once more in a
 *     ledger that begins with all known answers. What the terms lead to is
 *     queried from the same source and added to the answers of the run, so that
 *     a snapshot holds it.
 * OWNERSHIP
 *     In the arena of the run.
 * ERRORS
 *     An invalid term is refused when the command line is read. A record
 *     that nothing can be added to is reported.
 */
#ifndef APP_WHAT_IF_H
#define APP_WHAT_IF_H

#include "app/pipeline.h"
#include "model/report.h"

/* answer into the report; nothing without --spf-add. Its facts are there already */
void app_what_if(const struct pipeline *pipeline, struct report *report);

#endif
