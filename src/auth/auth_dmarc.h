/*
 * NAME
 *     auth_dmarc - DMARC, by the standard and as RFC 7489 had it
 * DESCRIPTION
 *     Policy discovery by tree walk, organisational domains per identifier,
 *     alignment, policy for existing and non-existing subdomains. Beside it
 *     what a verifier of RFC 7489 with the public suffix list would say.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     A question that could not be asked is temperror with its reason, unless
 *     what is known already decides.
 *
 *     Decided where the standard leaves room. No author domain, or several:
 *     permerror with the reason (5.3.1 says that validation is not possible).
 *     A record without usable policy and without usable rua counts as none
 *     (4.10.1), but it does count in the walk. More than one record at a name
 *     drops them all there and the walk goes on (4.10, steps 2 and 6). A name
 *     exists unless its own answer is NXDOMAIN (3.2.13); it is asked only
 *     when np= differs from what applies otherwise. A failed question counts
 *     only where its answer could change the outcome; a name of one label is
 *     supposed to have psd=y or no record, as 5.2 demands.
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

#include "ledger/ledger.h"
#include "model/result.h"
#include "record/rec_dmarc.h"

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
    bool is_undetermined; /* a step could not be asked, and its answer matters */
    const struct auth_dmarc_step *trouble; /* the first step that could not be asked; NULL */
    struct auth_dmarc_step *steps;
    size_t step_count;
    const struct dns_name *organizational_domain;
};

/* RFC 9989, 4.10: all steps from the name up; finds the organisational domain */
const struct auth_dmarc_walk *auth_dmarc_walk(struct arena *arena, struct ledger *ledger,
                                              const struct dns_name *name);

/* what is published for a domain: the audit, without any message */
struct auth_dmarc_policy {
    bool is_pending;
    bool is_undetermined;
    const struct auth_dmarc_walk *walk;
    const struct auth_dmarc_step *step; /* whose record applies; NULL: none published */
    enum auth_dmarc_tag tag;
    enum rec_dmarc_policy policy; /* after t=y, meaningful with a step */
    bool is_lowered_by_testing;   /* t=y made it one level weaker */
    bool domain_exists;           /* for np: RFC 9989, 3.2.13 */
    const char *reason;
};

const struct auth_dmarc_policy *auth_dmarc_discover(struct arena *arena, struct ledger *ledger,
                                                    const struct dns_name *domain);

struct auth_dmarc_identifier {     /* what SPF or DKIM authenticated, or might have */
    const struct dns_name *domain; /* MAIL FROM domain or d=; NULL: none */
    bool passes;
    bool is_undetermined; /* temperror: it may yet pass */
};

struct auth_dmarc_input {
    const struct dns_name *author; /* NULL: no usable From domain */
    const char *author_fault;      /* why it is NULL */
    struct auth_dmarc_identifier spf;
    const struct auth_dmarc_identifier *dkim; /* one per signature */
    size_t dkim_count;
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

const struct auth_dmarc_verdict *auth_dmarc_check(struct arena *arena, struct ledger *ledger,
                                                  const struct auth_dmarc_input *input);

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
    /* whether it is external, or whether it is authorised, could not be asked */
    bool is_undetermined;
    /* where mail for the destination goes: RFC 5321, 5.1; NULL without a domain */
    const struct dns_answer *mx;
    const struct dns_answer *a;
    const struct dns_answer *aaaa;
    bool takes_no_mail;                    /* null MX, or neither MX nor address */
    const struct dns_answer *mail_trouble; /* could not be asked, and it matters; NULL */
    struct auth_dmarc_report *next;
};

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
