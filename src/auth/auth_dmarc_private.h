/*
 * NAME
 *     auth_dmarc_private - tree walks when some answers are missing
 * DESCRIPTION
 *     Private to auth/. A walk in which a query could not be sent leaves
 *     open what is there. Each way to fill the gaps is a world: no record, a
 *     record without psd=, one with psd=n, one with psd=y. What holds in all
 *     worlds is known all the same; what differs between them is
 *     undetermined. Two walks share their worlds, because they share the
 *     names that failed.
 *
 *     A name of one label is a public suffix: its operator must write psd=y
 *     (RFC 9989, 5.2), so only that record or none is assumed there.
 * OWNERSHIP
 *     In the arena; worlds live on the stack.
 * ERRORS
 *     None. Beyond LIMIT_DMARC_GAPS gaps nothing is claimed.
 * STANDARDS
 *     RFC 9989, 4.10
 */
#ifndef AUTH_DMARC_PRIVATE_H
#define AUTH_DMARC_PRIVATE_H

#include "auth/auth_dmarc.h"
#include "base/arena.h"
#include "base/dns_name.h"
#include "base/limits.h"
#include "ledger/ledger.h"
#include "model/dmarc_verdict.h"
#include "model/dns_answer.h"

struct auth_dmarc_gap {
    const struct dns_name *domain;
    int assumed; /* enum assumed_record in auth_dmarc_walk.c; 0: no record */
};

struct auth_dmarc_world {
    struct auth_dmarc_gap gaps[LIMIT_DMARC_GAPS];
    size_t count;
    bool is_beyond; /* more gaps than are tried */
};

/* what a walk finds in one world */
struct auth_dmarc_outcome {
    const struct dns_name *organizational_domain;
    const struct auth_dmarc_step *step; /* whose record applies; NULL: none */
    bool is_assumed;                    /* that record is only assumed to be there */
};

/* the first world (no record in any gap) of up to two walks; either may be NULL */
struct auth_dmarc_world auth_dmarc_world_first(const struct auth_dmarc_walk *a,
                                               const struct auth_dmarc_walk *b);
bool auth_dmarc_world_next(struct auth_dmarc_world *world); /* false: that was the last */

struct auth_dmarc_outcome auth_dmarc_world_outcome(struct arena *arena,
                                                   const struct auth_dmarc_walk *walk,
                                                   const struct auth_dmarc_world *world);

/* do two walks end in the same organisational domain; false in `*is_known_out` when that
 * depends on what could not be queried */
bool auth_dmarc_walks_meet(struct arena *arena, const struct auth_dmarc_walk *a,
                           const struct auth_dmarc_walk *b, bool *is_known_out);

/* the records of an answer that are DMARC records; the only one is parsed */
void auth_dmarc_step_read(struct ledger *ledger, struct auth_dmarc_step *step);

/* query TXT at _dmarc.<domain>; NULL if that name is too long */
const struct dns_answer *auth_dmarc_ask(struct arena *arena, struct ledger *ledger,
                                        const struct dns_name *domain);

/* "_dmarc.example.com TXT could not be queried: TIMEOUT" */
const char *auth_dmarc_trouble_text(struct arena *arena, const struct dns_answer *answer);

/* what a verifier of RFC 7489 says; `*is_pending_out` is set when an answer is still wanted */
struct auth_dmarc_rfc7489 auth_dmarc_rfc7489_check(struct arena *arena, struct ledger *ledger,
                                                   const struct auth_dmarc_input *input,
                                                   bool *is_pending_out);

#endif
