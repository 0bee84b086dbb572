/*
 * NAME
 *     auth_spf - check_host(), by the standard
 * DESCRIPTION
 *     Evaluates one identity against the ledger. When an answer is not there
 *     yet the verdict is pending and the ledger knows what is wanted: call
 *     again after the next round. The evaluator queries ahead where that is
 *     harmless (all terms of a record at once), and counts only what the
 *     standard counts.
 * OWNERSHIP
 *     The verdict lives in the arena.
 * ERRORS
 *     A query that had no answer is temperror with its reason, never
 *     pass or fail.
 * STANDARDS
 *     RFC 7208 with errata; RFC 8616 (A-labels); RFC 4408 is not consulted
 */
#ifndef AUTH_SPF_H
#define AUTH_SPF_H

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/ip.h"
#include "ledger/ledger.h"
#include "model/dns_answer.h"
#include "model/spf_verdict.h"

#define AUTH_SPF_NOBODY_LOCAL "x" /* whom a forger writes as, for a record as a whole */

struct auth_spf_input {
    enum auth_spf_identity identity;
    struct ip_address client;
    const char *helo; /* as the client said it; NULL: not known ("unknown" in %{h}) */
    /* without <>; "" null path: postmaster@helo is used (RFC 7208, 2.4) */
    const char *mail_from;
    const char *receiver; /* %{r}; NULL: "unknown" */
    int64_t now;          /* %{t} */
};

const struct auth_spf_verdict *auth_spf_check(struct arena *arena, struct ledger *ledger,
                                              const struct auth_spf_input *input);

/* select the SPF record among TXT records (RFC 7208, 4.5): how many there are; the first */
size_t auth_spf_select(const struct dns_answer *answer, const struct dns_rr **record_out);

/* ---- the whole tree of a record, whoever the client is: what does it cost ---- */

const struct auth_spf_tree *auth_spf_tree_walk(struct arena *arena, struct ledger *ledger,
                                               const struct dns_name *domain);

/* ask for all that the record would lead to if it were the one of the domain */
void auth_spf_tree_ask(struct ledger *ledger, const struct dns_name *domain,
                       const struct dns_rr *rr);

#endif
