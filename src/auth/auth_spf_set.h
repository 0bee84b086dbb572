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
 *     and what its match would make of them.
 *
 *     auth_spf_sets_of() is what clients get, the limits for lookups and void
 *     lookups applied (RFC 7208, 4.6.4). auth_spf_sets_judged() does what its
 *     options say: without limits the sets are those of the record as it is meant.
 *     `is_past_limit` says that some receivers stop before the end of the record.
 * OWNERSHIP
 *     In the arena; terms and nodes are those of the tree.
 * ERRORS
 *     What could not be asked puts the addresses that depend on it into
 *     AUTH_SPF_SET_UNKNOWN.
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
#include "base/ip_ranges.h"

enum auth_spf_set_kind {
    AUTH_SPF_SET_PASS,
    AUTH_SPF_SET_FAIL,
    AUTH_SPF_SET_SOFTFAIL,
    AUTH_SPF_SET_NEUTRAL,
    AUTH_SPF_SET_PERMERROR, /* an error of the record that the evaluation gets to */
    AUTH_SPF_SET_UNKNOWN,   /* could not be asked, or a dynamic redirect= decides */
    AUTH_SPF_SET_KINDS
};

#define AUTH_SPF_SET_FAMILIES AUTH_SPF_FAMILIES

/* what happens where a dynamic term matches */
enum auth_spf_dynamic_effect {
    AUTH_SPF_DYNAMIC_PASS,
    AUTH_SPF_DYNAMIC_FAIL,
    AUTH_SPF_DYNAMIC_SOFTFAIL,
    AUTH_SPF_DYNAMIC_NEUTRAL,
    AUTH_SPF_DYNAMIC_SKIP, /* the include it stands in does not match: the next term decides */
    AUTH_SPF_DYNAMIC_OTHER /* a record that depends on the client decides */
};

struct auth_spf_dynamic {
    const struct auth_spf_node *node; /* whose record */
    const struct rec_spf_term *term;
    enum auth_spf_dynamic_effect effect;
    bool reaches[AUTH_SPF_SET_FAMILIES]; /* some address of the family gets as far */
    struct auth_spf_dynamic *next;
};

struct auth_spf_sets {
    struct ip_ranges of[AUTH_SPF_SET_KINDS][AUTH_SPF_SET_FAMILIES];
    struct auth_spf_dynamic *dynamic; /* in order of evaluation */
    bool is_past_limit;               /* of lookups or void lookups */
    bool is_cut;                      /* LIMIT_SPF_SET_STEPS: the rest is in UNKNOWN */
};

/* what a match of a term with the qualifier gives (RFC 7208, 4.6.2) */
enum auth_spf_set_kind auth_spf_set_kind_of(char qualifier);

/* what a match of the term makes of the client, seen from the root */
enum auth_spf_dynamic_effect auth_spf_dynamic_effect_of(const struct auth_spf_node *node,
                                                        const struct rec_spf_term *term);

const char *auth_spf_set_kind_to_text(enum auth_spf_set_kind kind);
const char *auth_spf_dynamic_effect_to_text(enum auth_spf_dynamic_effect effect);

/* the tree must not be pending, and the ledger the one it was walked over. NULL: there is no
 * record */
const struct auth_spf_sets *auth_spf_sets_of(struct arena *arena, const struct ledger *ledger,
                                             const struct auth_spf_tree *tree);

struct auth_spf_set_options {
    bool has_limits;    /* past a limit of RFC 7208, 4.6.4 clients get permerror */
    bool ignores_voids; /* the limit for void lookups apart: not every receiver has it */
    bool skips_unknown; /* a mechanism that could not be asked about matches nobody */
};

/* the same by other rules; auth_spf_sets_of() has limits and nothing else */
const struct auth_spf_sets *auth_spf_sets_judged(struct arena *arena,
                                                 const struct ledger *ledger,
                                                 const struct auth_spf_tree *tree,
                                                 struct auth_spf_set_options options);

struct auth_spf_both { /* a set of each family */
    struct ip_ranges of[AUTH_SPF_SET_FAMILIES];
};

/* the addresses that one term of the root lets pass where nothing stands before it */
struct auth_spf_both auth_spf_set_of_term_both(struct arena *arena, const struct ledger *ledger,
                                               const struct auth_spf_tree *tree,
                                               const struct rec_spf_term *term);

/* the same for IPv4 alone */
struct ip_ranges auth_spf_set_of_term(struct arena *arena, const struct ledger *ledger,
                                      const struct auth_spf_tree *tree,
                                      const struct rec_spf_term *term);

#endif
