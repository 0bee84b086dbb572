/*
 * NAME
 *     report_spf - the result of the SPF record of the domain
 * DESCRIPTION
 *     Private to report/. One word for the record as receivers evaluate it, and for a
 *     permerror which clients get it, and why. Included records and the lookup limits count.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     None: what depends on a query without an answer is REPORT_SPF_UNKNOWN.
 * STANDARDS
 *     RFC 7208, 4.5, 4.6 and 5.2
 */
#ifndef REPORT_SPF_H
#define REPORT_SPF_H

#include "base/arena.h"
#include "model/facts.h"
#include "model/report.h"

/* the audit of the domain must have been made */
struct report_spf report_spf_of(struct arena *arena, const struct facts *facts);

#endif
