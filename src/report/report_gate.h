/*
 * NAME
 *     report_gate - what a change of DNS does to one domain
 * DESCRIPTION
 *     report_gate_split() takes the findings of both worlds and what the
 *     comparison found, and sorts them: losses, findings that are new, gone or
 *     there before and after, and gains. A finding is the same in both worlds
 *     if its fingerprint and its status are.
 *
 *     Accepted losses are taken out before findings are made of them: addresses
 *     as sets, so that only what exceeds the accepted network is left.
 * OWNERSHIP
 *     In the arena of the subject; findings move from the lists given into
 *     those of the subject.
 * ERRORS
 *     report_gate_accept() returns false and fills `why`.
 */
#ifndef REPORT_GATE_H
#define REPORT_GATE_H

#include "compare/compare.h"
#include "report/report.h"
#include "traffic/traffic.h"

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
    size_t excused; /* losses and new findings that were ignored, accepted or known */
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

/* what follows "mailassay:", or the value of --allow; `day` is today */
bool report_accept_parse(struct arena *arena, struct span text, struct report_accept *out,
                         struct err *why);

/* the comparison less what is accepted; marks what was used and counts it */
const struct compare *report_gate_accept(struct arena *arena, const struct compare *compare,
                                         const struct report_accepts *accepts,
                                         size_t *excused_out);

/* `changes` are the findings of check_changes() */
void report_gate_split(struct report_gate *gate, struct finding *before, struct finding *after,
                       struct finding *changes);

/* the findings that a message has more, in both worlds: only those of the new one count */
void report_gate_add_message(struct report_gate *gate, const struct finding *before,
                             struct finding *after);

/* what another state of the same change shows more, such as another of several answers */
void report_gate_join(struct report_gate *gate, struct report_gate *other);

/* take out losses and new findings of an id, or with one of these fingerprints; and new ones
 * that are accepted */
void report_gate_ignore(struct report_gate *gate, const char *id);
void report_gate_know(struct report_gate *gate, const struct report *baseline);
void report_gate_accept_new(struct report_gate *gate, const struct report_accepts *accepts);

/* what is no matter of a name that nobody has as a domain: "_spf" takes no mail, so only SPF is
 * left; of a wildcard only what the change does */
void report_gate_keep_of_name(struct report_gate *gate, const struct dns_name *name);

/* sets the result: fail for a loss or a new error, with `has_all` also for an older one */
void report_gate_judge(struct report_gate *gate, bool has_all);

/* how many count at the threshold; with `has_all` those that were there before, too */
size_t report_gate_count(const struct report_gate *gate, enum report_threshold threshold,
                         bool has_all);
/* a loss or a new finding, or with `has_all` any, could not be determined */
bool report_gate_is_undetermined(const struct report_gate *gate, bool has_all);
/* nothing differs */
bool report_gate_is_same(const struct report_gate *gate);

/* the outcome that says for whom the switch is: bulk senders, others, or both */
const struct policy_outcome *report_switch_subject(const struct report_switch *one);

#endif
