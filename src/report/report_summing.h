/*
 * NAME
 *     report_summing - what the answers and the headline are made from
 * DESCRIPTION
 *     Private to report_summary.c, report_forgery.c and report_headline.c. A clause
 *     function gives a clause for the headline, or NULL where it does not apply.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     None.
 */
#ifndef REPORT_SUMMING_H
#define REPORT_SUMMING_H

#include "base/arena.h"
#include "model/facts.h"
#include "model/finding.h"
#include "model/finding_id.h"
#include "model/rec_dmarc.h"
#include "model/report.h"
#include "model/spoof.h"
#include "report/report_spf.h"
#include "report/report_summary.h"

struct summing {
    struct arena *arena;
    const struct report *report;
    const struct facts *facts;
    const char *domain;
    const struct remedy_spoof *spoof;
    struct report_spf spf;
    enum report_forgery forgery;
    enum report_own_mail own_mail;
};

/* a finding that fires; NULL */
const struct finding *summing_find(const struct summing *sum, enum finding_id row);
bool summing_has(const struct summing *sum, enum finding_id row);

/* ---- can others send as the domain: report_forgery.c ---- */

enum report_forgery summing_forgery(const struct summing *sum);
const char *summing_clause_open(const struct summing *sum);
const char *summing_clause_open_spf(const struct summing *sum);
const char *summing_clause_partly(const struct summing *sum);

/* ---- will its own mail be believed: report_summary.c ---- */

/* what the author domain asks for where DMARC fails; none else */
enum rec_dmarc_policy summing_wish(const struct facts *facts);
/* an error of a DKIM key; NULL */
const struct finding *summing_key_error(const struct summing *sum);

/* ---- the headline: report_headline.c ---- */

void summing_headline(const struct summing *sum, struct report_summary *summary);

#endif
