/*
 * NAME
 *     compare - the differences of two worlds
 * DESCRIPTION
 *     Filled in by compare/compare.h.
 * OWNERSHIP
 *     In the arena of the comparison; answers, records and providers are those of the facts.
 * ERRORS
 *     None.
 */
#ifndef MODEL_COMPARE_H
#define MODEL_COMPARE_H

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/ip_ranges.h"
#include "base/span.h"
#include "model/dns_answer.h"
#include "model/facts.h"
#include "model/finding_id.h"
#include "model/provider.h"
#include "model/spf_verdict.h"

enum compare_class { COMPARE_LOSS, COMPARE_RISK, COMPARE_GAIN };

enum compare_kind {
#define COMPARE(id, class) COMPARE_KIND_##id,
#include "model/compare.def"
    COMPARE_KINDS
};

/* an answer that the domain's record leads to, in both worlds */
struct compare_cause {
    const struct dns_answer *answers[2]; /* old, new; NULL: none was found */
    const struct dns_rr *rrs[2];         /* NULL: no record is there */
};

/* one thing that differs */
struct compare_change {
    enum compare_kind kind;
    const char *unknown; /* why it cannot be determined; NULL: it is certain */

    /* where: the record after the change, or the one before if none is left */
    const struct dns_answer *answer; /* at whose name; never NULL */
    const struct dns_rr *rr;         /* NULL: no record is there */
    struct span term;                /* the term of `rr`; may be empty */
    bool is_old;                     /* the record is in the old world only */
    bool is_foreign;                 /* the domain changed nothing: a record it refers to did */
    bool is_brought;                 /* that record is changed by those who change the domain */
    struct compare_cause cause;      /* which one it is */

    /* what: all safe to show, NULL or all zero where the kind has none */
    const char *what;   /* selector, host, report address, term, text */
    const char *before; /* the value in each world */
    const char *after;
    const char *result; /* SPF: what the addresses get after the change */
    const struct provider *provider;
    bool has_addresses;
    struct ip_ranges addresses[AUTH_SPF_SET_FAMILIES];

    struct compare_change *next;
};

enum compare_key_change {
    COMPARE_KEY_SAME,
    COMPARE_KEY_GONE,
    COMPARE_KEY_NEW,
    COMPARE_KEY_REPLACED,
    COMPARE_KEY_UNKNOWN
};

struct compare_key {
    const struct selector_facts *selector;
    enum compare_key_change change;
    struct compare_key *next;
};

struct compare_names {
    const struct dns_name *name;
    struct compare_names *next;
};

struct compare {
    const struct facts *before;
    const struct facts *after;
    struct compare_change *changes; /* in the order of compare.def */
    /* who passed SPF and would not, and the other way round */
    struct ip_ranges lost[AUTH_SPF_SET_FAMILIES];
    struct ip_ranges gained[AUTH_SPF_SET_FAMILIES];
    struct compare_key *keys; /* selectors that have a key in either world */
    struct compare_names *mx_gone;
    struct compare_names *mx_new;
};

const char *compare_kind_to_text(enum compare_kind kind); /* its id */
enum compare_class compare_kind_class(enum compare_kind kind);
bool compare_kind_find(enum finding_id row, enum compare_kind *kind_out);
const char *compare_key_change_to_text(enum compare_key_change change); /* "same" */

/* "491,520 addresses", "2 IPv6 networks", both with " and "; "0 addresses" */
const char *compare_size_text(struct arena *arena, const struct ip_ranges both[]);

/* the networks of both families, at most `max` of them; then "and N more" */
const char *compare_networks_text(struct arena *arena, const struct ip_ranges both[],
                                  size_t max);

#endif
