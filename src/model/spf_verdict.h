/*
 * NAME
 *     spf_verdict - what SPF says, what a record costs and whom it authorises
 * DESCRIPTION
 *     Filled in by auth/auth_spf.h and auth/auth_spf_set.h.
 * OWNERSHIP
 *     In the arena of who fills them in.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 7208
 */
#ifndef SPF_VERDICT_H
#define SPF_VERDICT_H

#include "base/dns_name.h"
#include "base/ip_ranges.h"
#include "model/dns_answer.h"
#include "model/rec_spf.h"
#include "model/result.h"

enum auth_spf_identity { AUTH_SPF_MAILFROM, AUTH_SPF_HELO };

struct auth_spf_verdict {
    bool is_pending; /* the rest is meaningless */
    enum auth_spf_identity identity;
    enum spf_result result;
    /* A-labels when it is a name, else escaped text; never NULL */
    const char *domain;
    /* exp= text on fail, raw octets are US-ASCII; NULL if none */
    const char *explanation;
    const char *term;          /* the term that decided, escaped; NULL when none did */
    const char *record_domain; /* where that term's record is; NULL */
    /* the first term whose name was longer than a name may be, and lost labels (RFC 7208, 7.3),
     * escaped; NULL: none */
    const char *shortened;
    size_t term_at;   /* its offset in that record */
    unsigned lookups; /* RFC 7208, 4.6.4 */
    unsigned void_lookups;
    const char *reason;      /* one clause, safe to show; never NULL */
    enum dns_status trouble; /* of the question behind a temperror; DNS_OK otherwise */
    const struct dns_name *trouble_name;
    enum dns_type trouble_type;
    /* include/redirect chain to the deciding record, outermost first */
    const char *const *path;
    size_t path_len;
};

#define AUTH_SPF_LOOKUP_MAX 10 /* RFC 7208, 4.6.4 */
#define AUTH_SPF_VOID_MAX   2  /* RFC 7208, 4.6.4 */
#define AUTH_SPF_MX_MAX     10 /* RFC 7208, 4.6.4 */
#define AUTH_SPF_PTR_MAX    10 /* RFC 7208, 4.6.4 */

/* ---- the whole tree of a record, whoever the client is ---- */

#define AUTH_SPF_FAMILIES 2 /* IPv4, IPv6 */

struct auth_spf_node {
    const struct dns_name *name;        /* whose record */
    const struct dns_answer *answer;    /* its TXT answer */
    const struct dns_rr *rr;            /* the record; NULL if none, several or cut */
    const struct rec_spf *record;       /* NULL without rr */
    size_t record_count;                /* SPF records found */
    const struct auth_spf_node *parent; /* NULL at the root */
    const struct rec_spf_term *via;     /* the parent's term that led here; NULL at the root */
    unsigned depth;
    bool is_loop; /* the name is one of its ancestors: not followed */
    /* of this record and everything below, itself excluded */
    unsigned lookups;
    struct auth_spf_node *next; /* all nodes, breadth first */
};

/* one term that costs: lookups of its own (1) and of what it leads to */
struct auth_spf_cost {
    const struct auth_spf_node *node;
    const struct rec_spf_term *term;
    unsigned lookups; /* 1 + everything below */
    bool is_void;     /* its own question: NXDOMAIN or NODATA, in both families */
    /* depends on the client, as ptr does always: counted 1, not followed */
    bool is_macro;
    unsigned names; /* mx: hosts found */
    /* void lookups of a client of each family (IPv4, IPv6) that the term does not match */
    unsigned voids[AUTH_SPF_FAMILIES];
    /* `exists` with macros: it finds something for a client of the family that nobody can be,
     * by a wildcard for one, so it matches every client */
    bool finds_nobody[AUTH_SPF_FAMILIES];
    /* of its own question; NULL if is_macro or what it names cannot be a domain name */
    const struct dns_answer *answer;
    struct auth_spf_cost *next; /* in evaluation order */
};

struct auth_spf_tree {
    bool is_pending;            /* the rest is meaningless */
    struct auth_spf_node *root; /* first of the list of nodes */
    struct auth_spf_cost *costs;
    /* of a client that no term before the end matches; goes on past 10 */
    unsigned lookups;
    unsigned voids[AUTH_SPF_FAMILIES]; /* void lookups by family (IPv4, IPv6) */
    unsigned void_lookups;             /* the larger of these */
    /* that every client meets, whatever its family and address; include and redirect to names
     * without records among them, where the evaluation ends anyway */
    unsigned void_common;
    bool is_cut;          /* not all was followed: LIMIT_SPF_NODES, or size */
    bool is_undetermined; /* some answer is missing */
};

/* what a term of the node costs, and the record it leads to; NULL: nothing, or not walked */
const struct auth_spf_cost *auth_spf_tree_cost(const struct auth_spf_tree *tree,
                                               const struct auth_spf_node *node,
                                               const struct rec_spf_term *term);
const struct auth_spf_node *auth_spf_tree_child(const struct auth_spf_tree *tree,
                                                const struct auth_spf_node *node,
                                                const struct rec_spf_term *term);

/* ---- which addresses it authorises ---- */

enum auth_spf_set_kind {
    AUTH_SPF_SET_PASS,
    AUTH_SPF_SET_FAIL,
    AUTH_SPF_SET_SOFTFAIL,
    AUTH_SPF_SET_NEUTRAL,
    AUTH_SPF_SET_PERMERROR, /* an error of the record that the evaluation gets to */
    AUTH_SPF_SET_UNKNOWN,   /* could not be queried, or a dynamic redirect= decides */
    AUTH_SPF_SET_KINDS
};

#define AUTH_SPF_SET_FAMILIES AUTH_SPF_FAMILIES

/* what happens where a dynamic term matches */
enum auth_spf_dynamic_effect {
    AUTH_SPF_DYNAMIC_PASS,
    AUTH_SPF_DYNAMIC_FAIL,
    AUTH_SPF_DYNAMIC_SOFTFAIL,
    AUTH_SPF_DYNAMIC_NEUTRAL,
    AUTH_SPF_DYNAMIC_SKIP, /* the include it is in does not match: the next term decides */
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

#endif
