/*
 * NAME
 *     auth_spf_set - which addresses a record authorises
 * DESCRIPTION
 *     Evaluates the tree of a record for all clients at once: every address
 *     of IPv4 and IPv6 falls into exactly one set, that of the result its
 *     client gets. Terms are taken in order and the first that matches
 *     decides (RFC 7208, 4.6); an include matches where its record says pass
 *     (RFC 7208, 5.2).
 *
 *     A dynamic term depends on more than the address in a way that cannot be
 *     listed (ptr, exists and macros with the sender or client). It takes
 *     nothing out of any set; it is listed with the addresses that get as far
 *     and what its match would make of them. An `exists` that finds something for a host
 *     that nobody can have matches everybody.
 *
 *     auth_spf_sets_of() is what clients get, the limits for lookups and void
 *     lookups applied (RFC 7208, 4.6.4). auth_spf_sets_judged() does what its
 *     options say: without limits the sets are those of the record as it is meant.
 *     `is_past_limit` says that some receivers stop before the end of the record.
 * OWNERSHIP
 *     In the arena; terms and nodes are those of the tree.
 * ERRORS
 *     What could not be queried puts the addresses that depend on it into
 *     AUTH_SPF_SET_UNKNOWN. With `fails_circles` an alias that leads back to
 *     itself, which is SERVFAIL for ever, gives AUTH_SPF_SET_PERMERROR instead.
 * STANDARDS
 *     RFC 7208, 4.6, 5, 6.1
 * BUGS
 *     %{o} is the domain itself, as in mail that it sends. Where a dynamic term does not
 *     match, `exists` is taken for a void lookup, which it is then, and what the others
 *     ask for is taken for found.
 */
#ifndef AUTH_SPF_SET_H
#define AUTH_SPF_SET_H

#include "auth/auth_spf.h"
#include "base/arena.h"
#include "base/ip_ranges.h"
#include "ledger/ledger.h"
#include "model/rec_spf.h"
#include "model/spf_verdict.h"

/* the tree must not be pending, and the ledger the one it was walked over. NULL: there is no
 * record */
const struct auth_spf_sets *auth_spf_sets_of(struct arena *arena, const struct ledger *ledger,
                                             const struct auth_spf_tree *tree);

struct auth_spf_set_options {
    bool has_limits;    /* past a limit of RFC 7208, 4.6.4 clients get permerror */
    bool ignores_voids; /* the limit for void lookups apart: not every receiver has it */
    bool skips_unknown; /* a mechanism that could not be queried matches nobody */
    bool fails_circles; /* an alias that leads back to itself is not unknown: an error */
};

/* the same by other rules; auth_spf_sets_of() has limits and nothing else */
const struct auth_spf_sets *auth_spf_sets_judged(struct arena *arena,
                                                 const struct ledger *ledger,
                                                 const struct auth_spf_tree *tree,
                                                 struct auth_spf_set_options options);

struct auth_spf_both { /* a set of each family */
    struct ip_ranges of[AUTH_SPF_SET_FAMILIES];
};

/* the addresses that one term of the root lets pass where nothing precedes it */
struct auth_spf_both auth_spf_set_of_term_both(struct arena *arena, const struct ledger *ledger,
                                               const struct auth_spf_tree *tree,
                                               const struct rec_spf_term *term);

/* the same for IPv4 alone */
struct ip_ranges auth_spf_set_of_term(struct arena *arena, const struct ledger *ledger,
                                      const struct auth_spf_tree *tree,
                                      const struct rec_spf_term *term);

#endif
