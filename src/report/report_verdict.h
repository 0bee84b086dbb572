/*
 * NAME
 *     report_verdict - one verdict, for scripts
 * DESCRIPTION
 *     What the commands spf, dkim and dmarc say: a first line whose first
 *     word is the result, then reasons, one a line and indented. Without a
 *     message DMARC has no result; the first word is then "published" when a
 *     usable policy was found, else "none", "permerror" or "temperror".
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 8601, 2.7 (result words)
 */
#ifndef REPORT_VERDICT_H
#define REPORT_VERDICT_H

#include "base/arena.h"
#include "model/dkim_verdict.h"
#include "model/dmarc_verdict.h"
#include "model/facts.h"
#include "model/report.h"

struct report_verdict report_verdict(struct arena *arena, const struct facts *facts,
                                     enum report_method method);

#endif
