/*
 * NAME
 *     report_spf - the result of the SPF record of the domain
 * DESCRIPTION
 *     One word for the record as receivers evaluate it, and for a permerror which
 *     clients get it, and why. Included records and the lookup limits count.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     None: what depends on a query without an answer is REPORT_SPF_UNKNOWN.
 * STANDARDS
 *     RFC 7208, 4.5, 4.6 and 5.2
 */
#ifndef REPORT_SPF_H
#define REPORT_SPF_H

#include "model/facts.h"

enum report_spf_state {
    REPORT_SPF_UNKNOWN,
    REPORT_SPF_ABSENT,
    REPORT_SPF_PERMERROR, /* for somebody */
    REPORT_SPF_OPEN,      /* a host that it cannot know passes */
    REPORT_SPF_USABLE
};

struct report_spf {
    enum report_spf_state state;
    const char *whom; /* PERMERROR: "every address that the terms before ... do not match" */
    const char *why;  /* PERMERROR and UNKNOWN: one clause */
    const char
        *strangers; /* what an address gets that is not listed: "fail"; NULL: not known */
};

/* the audit of the domain must have been made */
struct report_spf report_spf_of(struct arena *arena, const struct facts *facts);

#endif
