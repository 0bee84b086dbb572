/*
 * NAME
 *     gate - what a change of DNS does to one domain
 * DESCRIPTION
 *     Filled in by report/report_gate.h.
 * OWNERSHIP
 *     In the arena of the subject.
 * ERRORS
 *     None.
 */
#ifndef MODEL_GATE_H
#define MODEL_GATE_H

#include "model/compare.h"
#include "model/finding.h"
#include "model/policy.h"
#include "model/report.h"
#include "model/traffic.h"

/* a receiver that gives another answer after the change */
struct report_switch {
    const struct policy_outcome *before;
    const struct policy_outcome *after;
    const char *message; /* the file; NULL: in general */
    struct report_switch *next;
};

struct report_gate {
    const struct compare *compare;
    enum report_result result;
    struct finding *losses;
    struct finding *added; /* "new" in JSON */
    struct finding *gone;
    struct finding *already;
    struct finding *gains;
    struct report_switch *switches;
    const struct traffic *traffic;    /* what receivers reported; NULL */
    struct traffic_sum traffic_after; /* of it, in the new world: also `world` of its senders */
    size_t dismissed; /* losses and new findings that were ignored, accepted or known */
};

/* "allow ID [ABOUT] until DATE [REASON]" */
struct report_accept {
    const char *finding;
    const char *about; /* a network, selector, host, address or domain; NULL: any */
    const char *until; /* as written */
    int64_t until_day; /* the last day, since 1970-01-01 */
    const char *reason;
    const char *file; /* NULL: the option */
    int line;
    bool is_expired;
    bool is_used;
};

struct report_accepts {
    struct report_accept *list;
    size_t count;
};

/* nothing differs */
bool report_gate_is_same(const struct report_gate *gate);

/* the outcome that says for whom the switch is: bulk senders, others, or both */
const struct policy_outcome *report_switch_subject(const struct report_switch *one);

#endif
