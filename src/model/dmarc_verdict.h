/*
 * NAME
 *     dmarc_verdict - what is published for a domain, and what DMARC says of a message
 * DESCRIPTION
 *     Filled in by auth/auth_dmarc.h.
 * OWNERSHIP
 *     In the arena of who fills them in.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 9989; RFC 9990, 4; RFC 7489
 */
#ifndef DMARC_VERDICT_H
#define DMARC_VERDICT_H

#include "base/dns_name.h"
#include "model/rec_dmarc.h"
#include "model/result.h"

struct dns_answer;
struct dns_rr;

#define AUTH_DMARC_WALK_MAX 8 /* queries of one tree walk: RFC 9989, 4.10 */

/* which tag gave the policy */
enum auth_dmarc_tag {
    AUTH_DMARC_TAG_NONE,
    AUTH_DMARC_TAG_P,
    AUTH_DMARC_TAG_SP,
    AUTH_DMARC_TAG_NP
};

const char *auth_dmarc_tag_to_text(enum auth_dmarc_tag tag); /* "p"; NULL for none */

struct auth_dmarc_step {           /* one question of a walk */
    const struct dns_name *domain; /* without "_dmarc." */
    const struct dns_answer *answer;
    const struct dns_rr *rr;        /* the one valid record; NULL */
    const struct rec_dmarc *record; /* parsed rr; NULL */
    /* records that begin v=DMARC1; above 1 all are dropped */
    size_t record_count;
};

struct auth_dmarc_walk {
    const struct dns_name *domain; /* where it started */
    bool is_pending;
    bool is_undetermined; /* a step could not be queried, and its answer matters */
    const struct auth_dmarc_step *trouble; /* the first step that could not be queried; NULL */
    struct auth_dmarc_step *steps;
    size_t step_count;
    const struct dns_name *organizational_domain;
};

/* what is published for a domain: the audit, without any message */
struct auth_dmarc_policy {
    bool is_pending;
    bool is_undetermined;
    const struct auth_dmarc_walk *walk;
    const struct auth_dmarc_step *step; /* whose record applies; NULL: none published */
    enum auth_dmarc_tag tag;
    enum rec_dmarc_policy policy;  /* after t=y, meaningful with a step */
    enum rec_dmarc_policy written; /* before t=y */
    bool is_lowered_by_testing;    /* t=y made it one level weaker */
    bool domain_exists;            /* for np: RFC 9989, 3.2.13 */
    const char *reason;
};

struct auth_dmarc_identifier {     /* what SPF or DKIM authenticated, or might have */
    const struct dns_name *domain; /* MAIL FROM domain or d=; NULL: none */
    bool passes;
    bool is_undetermined; /* temperror: it may yet pass */
};

struct auth_dmarc_alignment {
    bool is_aligned; /* regardless of passing */
    bool is_strict;  /* mode asked for */
    const struct dns_name *domain;
    const struct dns_name *organizational_domain;
};

struct auth_dmarc_rfc7489 {
    enum dmarc_result result;
    bool has_policy;
    enum rec_dmarc_policy policy;
    const struct dns_name *record_domain;         /* NULL: none */
    const struct dns_name *organizational_domain; /* NULL: a public suffix itself */
    unsigned percent;
    bool spf_aligned;  /* passes and aligned */
    bool dkim_aligned; /* at least one passes and is aligned */
};

struct auth_dmarc_verdict {
    bool is_pending;
    enum dmarc_result result;
    const struct auth_dmarc_policy *policy;       /* NULL without an author domain */
    const struct dns_name *organizational_domain; /* of the author */
    struct auth_dmarc_alignment spf;
    struct auth_dmarc_alignment *dkim; /* dkim_count elements */
    bool spf_aligned;                  /* passes and aligned */
    bool dkim_aligned;                 /* at least one passes and is aligned */
    const char *reason;                /* one clause, safe to show */
    struct auth_dmarc_rfc7489 rfc7489;
};

/* external report destinations of a record: RFC 9989, 4 (reporting), RFC 9990 */
struct auth_dmarc_report {
    const struct rec_dmarc_uri *uri;
    bool is_failure;  /* from ruf= */
    bool is_external; /* another organisational domain */
    /* <domain>._report._dmarc.<host>; NULL if not external, or if that name is too long, which
     * means not authorised (RFC 9990, 4, step 4) */
    const struct dns_name *question;
    const struct dns_answer *answer; /* NULL without a question */
    bool is_authorised;              /* or not external at all */
    /* whether it is external, or whether it is authorised, could not be queried */
    bool is_undetermined;
    /* where mail for the destination goes: RFC 5321, 5.1; NULL without a domain */
    const struct dns_answer *mx;
    const struct dns_answer *a;
    const struct dns_answer *aaaa;
    bool takes_no_mail;                    /* null MX, or neither MX nor address */
    const struct dns_answer *mail_trouble; /* could not be queried, and it matters; NULL */
    struct auth_dmarc_report *next;
};

/* the query about _dmarc.<name> itself, where the walk begins; NULL: not asked */
const struct auth_dmarc_step *auth_dmarc_own_step(const struct auth_dmarc_policy *policy,
                                                  const struct dns_name *name);

#endif
