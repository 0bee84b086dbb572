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
#include "model/remedy.h"
#include "model/report.h"
#include "model/traffic.h"

/* judge every remedy that is shown; the traffic is sorted already */
void report_add_traffic(struct arena *arena, struct report *report, struct traffic *traffic);

/* for a remedy that lets the policy act on more mail: what the reports say, or what is missing;
 * NULL: another remedy */
const char *report_traffic_evidence(struct arena *arena, const struct report *report,
                                    const struct remedy *remedy);

/* the same for a list of choices: of the last of them, the end of the way; NULL likewise */
const char *report_traffic_step(struct arena *arena, const struct report *report,
                                const struct remedy *choices);

#endif
