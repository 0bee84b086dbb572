/*
 * NAME
 *     auth_dmarc - DMARC, by the standard and as RFC 7489 had it
 * DESCRIPTION
 *     Policy discovery by tree walk, organisational domains per identifier,
 *     alignment, policy for existing and non-existing subdomains. Also
 *     the result of a verifier of RFC 7489 with the public suffix list.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     A query that had no answer is temperror with its reason, unless
 *     what is known already decides.
 *
 *     Decided where the standard leaves room. No author domain, or several:
 *     permerror with the reason (5.3.1 says that validation is not possible).
 *     A record without usable policy and without usable rua counts as none
 *     (4.10.1), but it does count in the walk. More than one record at a name
 *     drops them all there and the walk goes on (4.10, steps 2 and 6). A name
 *     exists unless its own answer is NXDOMAIN (3.2.13); it is queried only
 *     when np= differs from what applies otherwise. A failed query counts
 *     only where its answer could change the outcome; a name of one label is
 *     assumed to have psd=y or no record, as 5.2 demands.
 * STANDARDS
 *     RFC 9989 (4.10 tree walk, 5 verification); RFC 9990, 4 (external
 *     destinations); RFC 7489 with libpsl
 * BUGS
 *     A rua= in the record that authorises an external destination, which
 *     would replace ours, is not followed. The RFC 7489 opinion takes private
 *     suffixes of the list for suffixes, as OpenDMARC does.
 */
#ifndef AUTH_DMARC_H
#define AUTH_DMARC_H

#include "base/arena.h"
#include "base/dns_name.h"
#include "ledger/ledger.h"
#include "model/dmarc_verdict.h"

/* RFC 9989, 4.10: all steps from the name up; finds the organisational domain */
const struct auth_dmarc_walk *auth_dmarc_walk(struct arena *arena, struct ledger *ledger,
                                              const struct dns_name *name);

const struct auth_dmarc_policy *auth_dmarc_discover(struct arena *arena, struct ledger *ledger,
                                                    const struct dns_name *domain);

struct auth_dmarc_input {
    const struct dns_name *author; /* NULL: no usable From domain */
    const char *author_fault;      /* why it is NULL */
    struct auth_dmarc_identifier spf;
    bool is_spf_unjudged; /* the client is not known; the verdict is that without SPF */
    const struct auth_dmarc_identifier *dkim; /* one per signature */
    size_t dkim_count;
};

const struct auth_dmarc_verdict *auth_dmarc_check(struct arena *arena, struct ledger *ledger,
                                                  const struct auth_dmarc_input *input);

/* `*is_pending_out` is set when an answer is still wanted */
struct auth_dmarc_report *auth_dmarc_reports(struct arena *arena, struct ledger *ledger,
                                             const struct auth_dmarc_step *step,
                                             bool *is_pending_out);

/* organisational domain by the public suffix list (RFC 7489, 3.2); NULL for a public suffix */
const struct dns_name *auth_psl_organizational_domain(struct arena *arena,
                                                      const struct dns_name *name);

/* the list names the name's last label: it does not name "internal" */
bool auth_psl_is_listed(const struct dns_name *name);

#endif
