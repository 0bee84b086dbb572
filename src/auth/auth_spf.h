/*
 * NAME
 *     auth_spf - check_host(), by the standard
 * DESCRIPTION
 *     Evaluates one identity against the ledger. When an answer is not there
 *     yet the verdict is pending and the ledger knows what is wanted: call
 *     again after the next round. The evaluator asks ahead where that is
 *     harmless (all terms of a record at once), and counts only what the
 *     standard counts.
 * OWNERSHIP
 *     The verdict lives in the arena.
 * ERRORS
 *     A question that could not be asked is temperror with its reason, never
 *     pass or fail.
 * STANDARDS
 *     RFC 7208 with errata; RFC 8616 (A-labels); RFC 4408 is not consulted
 */
#ifndef AUTH_SPF_H
#define AUTH_SPF_H

#include "base/ip.h"
#include "ledger/ledger.h"
#include "model/result.h"
#include "record/rec_spf.h"

enum auth_spf_identity { AUTH_SPF_MAILFROM, AUTH_SPF_HELO };

struct auth_spf_input {
    enum auth_spf_identity identity;
    struct ip_address client;
    const char *helo; /* as the client said it; NULL: not known ("unknown" in %{h}) */
    /* without <>; "" null path: postmaster@helo is used (RFC 7208, 2.4) */
    const char *mail_from;
    const char *receiver; /* %{r}; NULL: "unknown" */
    int64_t now;          /* %{t} */
};

struct auth_spf_verdict {
    bool is_pending; /* the rest is meaningless */
    enum auth_spf_identity identity;
    enum spf_result result;
    /* A-labels when it is a name, else escaped text; never NULL */
    const char *domain;
    /* exp= text on fail, raw octets are US-ASCII; NULL if none */
    const char *explanation;
    const char *term;          /* the term that decided, escaped; NULL when none did */
    const char *record_domain; /* where that term's record stands; NULL */
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

const struct auth_spf_verdict *auth_spf_check(struct arena *arena, struct ledger *ledger,
                                              const struct auth_spf_input *input);

/* select the SPF record among TXT records (RFC 7208, 4.5): how many there are; the first */
size_t auth_spf_select(const struct dns_answer *answer, const struct dns_rr **record_out);

/* ---- the whole tree of a record, whoever the client is: what does it cost ---- */

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
    bool is_undetermined; /* some answer could not be had */
};

const struct auth_spf_tree *auth_spf_tree_walk(struct arena *arena, struct ledger *ledger,
                                               const struct dns_name *domain);

/* what a term of the node costs, and the record it leads to; NULL: nothing, or not walked */
const struct auth_spf_cost *auth_spf_tree_cost(const struct auth_spf_tree *tree,
                                               const struct auth_spf_node *node,
                                               const struct rec_spf_term *term);
const struct auth_spf_node *auth_spf_tree_child(const struct auth_spf_tree *tree,
                                                const struct auth_spf_node *node,
                                                const struct rec_spf_term *term);

/* ask for all that the record would lead to if it were the one of the domain */
void auth_spf_tree_ask(struct ledger *ledger, const struct dns_name *domain,
                       const struct dns_rr *rr);

#define AUTH_SPF_LOOKUP_MAX 10 /* RFC 7208, 4.6.4 */
#define AUTH_SPF_VOID_MAX   2  /* RFC 7208, 4.6.4 */
#define AUTH_SPF_MX_MAX     10 /* RFC 7208, 4.6.4 */
#define AUTH_SPF_PTR_MAX    10 /* RFC 7208, 4.6.4 */

#endif
