/*
 * NAME
 *     compare_private - what the parts of a comparison share
 * DESCRIPTION
 *     Private to compare/. Shared by compare*.c only. Each part looks at one
 *     kind of record in both worlds and notes what differs.
 * OWNERSHIP
 *     In the arena of the comparison.
 * ERRORS
 *     None.
 */
#ifndef COMPARE_PRIVATE_H
#define COMPARE_PRIVATE_H

#include "base/arena.h"
#include "base/span.h"
#include "compare/compare.h"
#include "model/compare.h"
#include "model/dns_answer.h"
#include "model/facts.h"
#include "model/rec_spf.h"

struct comparison {
    struct arena *arena;
    const struct domain_facts *before;
    const struct domain_facts *after;
    struct compare *out;
    struct compare_change *first[COMPARE_KINDS];
    struct compare_change **tail[COMPARE_KINDS];
};

/* a new change at the record `rr` of `answer`; both are of the new world */
struct compare_change *compare_note(struct comparison *comparison, enum compare_kind kind,
                                    const struct dns_answer *answer, const struct dns_rr *rr);

/* the same where the record is in the old world only */
struct compare_change *compare_note_old(struct comparison *comparison, enum compare_kind kind,
                                        const struct dns_answer *answer,
                                        const struct dns_rr *rr);

/* May two answers to one question be compared? Notes the kind as undetermined where one of
 * them failed, and is silent where no source knew it in the old world. */
bool compare_is_known(struct comparison *comparison, enum compare_kind kind,
                      const struct dns_answer *before, const struct dns_answer *after);

/* certainly nothing is found: absent, or an alias that leads back to itself */
bool compare_is_nothing(const struct dns_answer *answer);

/* text of a record, made safe and cut where it is too long to be read */
const char *compare_shown(struct arena *arena, struct span text);

/* what changed of that to which a term of the domain's own record leads, or any of its terms
 * with NULL; `owner` is the world of the term, 0 the old one. False: nothing did. */
bool compare_spf_find_cause(const struct comparison *comparison, size_t owner,
                            const struct rec_spf_term *via, struct compare_cause *out);

void compare_spf(struct comparison *comparison);
void compare_dkim(struct comparison *comparison);
void compare_dmarc(struct comparison *comparison);
void compare_mx(struct comparison *comparison);
void compare_transport(struct comparison *comparison);
void compare_text(struct comparison *comparison);

#endif
