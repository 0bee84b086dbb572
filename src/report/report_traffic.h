/*
 * NAME
 *     report_traffic - what a remedy does to mail that receivers reported
 * DESCRIPTION
 *     The traffic of a domain (traffic/traffic.h) is evaluated again with
 *     each remedy that changes SPF or DMARC records. A remedy that makes
 *     the DMARC policy act on more mail has the evidence of the reports, or
 *     says what is missing to get it.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     None.
 */
#ifndef REPORT_TRAFFIC_H
#define REPORT_TRAFFIC_H

#include "base/arena.h"
#include "model/finding.h"
#include "model/remedy.h"
#include "model/report.h"
#include "model/traffic.h"

/* judge every remedy that is shown; the traffic is sorted already */
void report_add_traffic(struct arena *arena, struct report *report, struct traffic *traffic);

/* for all remedies of the findings that let the policy act on more mail: what the reports say,
 * or what is missing */
void report_add_evidence(struct arena *arena, struct report *report,
                         const struct finding *findings);
/* the same for those of the plan */
void report_add_plan_evidence(struct arena *arena, struct report *report);

#endif
