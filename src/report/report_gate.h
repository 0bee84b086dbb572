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

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/err.h"
#include "base/span.h"
#include "model/compare.h"
#include "model/finding.h"
#include "model/gate.h"
#include "model/report.h"

/* what follows "mailassay:", or the value of --allow; `day` is today */
bool report_accept_parse(struct arena *arena, struct span text, struct report_accept *out,
                         struct err *why);

/* the comparison less what is accepted; marks what was used and counts it */
const struct compare *report_gate_accept(struct arena *arena, const struct compare *compare,
                                         const struct report_accepts *accepts,
                                         size_t *dismissed_out);

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

/* take out what does not matter for the name: "_spf" takes no mail, so only SPF is left; of a
 * wildcard only what the change does */
void report_gate_keep_of_name(struct report_gate *gate, const struct dns_name *name);

/* sets the result: fail for a loss or a new error, with `has_all` also for an older one */
void report_gate_judge(struct report_gate *gate, bool has_all);

/* how many count at the threshold; with `has_all` those that were there before, too */
size_t report_gate_count(const struct report_gate *gate, enum report_threshold threshold,
                         bool has_all);
/* a loss or a new finding, or with `has_all` any, could not be determined */
bool report_gate_is_undetermined(const struct report_gate *gate, bool has_all);

#endif
