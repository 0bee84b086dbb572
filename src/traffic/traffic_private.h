/*
 * NAME
 *     traffic_private - the parts of judging
 * DESCRIPTION
 *     Private to traffic/. Shared by traffic*.c only.
 * OWNERSHIP
 *     In the arena of the traffic.
 * ERRORS
 *     None.
 */
#ifndef TRAFFIC_PRIVATE_H
#define TRAFFIC_PRIVATE_H

#include "auth/auth_spf_set.h"
#include "base/arena.h"
#include "base/dns_name.h"
#include "base/sbuf.h"
#include "base/table.h"
#include "model/dmarc_verdict.h"
#include "model/facts.h"
#include "model/feedback.h"
#include "model/provider.h"
#include "model/traffic.h"
#include "traffic/traffic.h"

/* a domain in From */
struct traffic_author {
    const struct dns_name *name;
    const struct dns_name *by_walk; /* organizational domains; NULL: not known */
    const struct dns_name *by_list;
    bool is_left_off; /* beyond LIMIT_TRAFFIC_AUTHORS: not judged */
    struct traffic_author *next;
};

/* an envelope domain that may be aligned */
struct traffic_spf {
    const struct dns_name *name;
    struct traffic_spf *next;
};

/* a domain that may be aligned, of SPF or DKIM */
struct traffic_candidate {
    const struct dns_name *name;
    struct traffic_candidate *next;
};

/* what an identity has of DKIM, worked out once */
struct traffic_signatures {
    const struct auth_dmarc_identifier *list; /* that may be aligned */
    size_t count;
    bool has_passed;
    bool has_broken;
};

/* an address and an identity, with the records that have both */
struct traffic_span {
    int64_t first;
    int64_t last;
};

struct traffic_private {
    size_t *flow_of; /* by row of the set: its flow, before these are sorted; SIZE_MAX: none */
    struct traffic_span *spans; /* by flow, likewise */
    size_t *place_of;           /* where that flow is now */
    struct traffic_author *authors;
    size_t author_count;
    size_t authors_left_off;
    struct traffic_spf *spf;
    struct traffic_candidate *candidates;
    struct table *others;
    struct traffic_other *last_other;
    struct table *names; /* text: its name; NULL: it is not a name */
    struct table *spf_by_name;
    struct table *candidates_by_name;
    struct table *signatures; /* identity and author: struct traffic_signatures */
    struct arena *scratch;    /* while the traffic is opened */
    struct table *addresses;  /* likewise */
    struct traffic_address **address_list;
    size_t address_count;
    bool is_linked; /* authors are known, and flows lead to what may be aligned */
};

/* a text of a report as a name; NULL: it is not one */
const struct dns_name *traffic_name(struct traffic *traffic, const char *text);

/* the entry of a domain that is not ours; beyond a bound all share one */
struct traffic_other *traffic_other_of(struct traffic *traffic, const char *domain);

/* TLS reports, while the traffic is opened */
void traffic_add_tls(struct traffic *traffic);

/* the messages of a flow, as they are judged now, to a sum */
void traffic_add(struct traffic_sum *sum, const struct traffic_flow *flow);

/* the domain of MAIL FROM, or what replaces it; "": not given */
const char *traffic_envelope(const struct feedback_identity *identity);

/* whose flow it is; traffic_owner.c */
struct traffic_claim {
    enum traffic_owner owner;
    const char *reason;
    const struct provider *provider; /* NULL */
};

/* a term of the domain's SPF record that includes a provider */
struct traffic_include {
    const struct provider *provider;
    struct auth_spf_both set;
    struct traffic_include *next;
};

struct traffic_claims { /* what identifies owners */
    struct traffic *traffic;
    const struct facts *facts;
    const struct dns_name *top; /* the organizational domain */
    struct traffic_include *includes;
};

struct traffic_claims traffic_claims_open(struct traffic *traffic, const struct facts *facts);
struct traffic_claim traffic_claim_of(const struct traffic_claims *claims,
                                      const struct traffic_flow *flow);

/* the confirmed name of an address; NULL: none */
const struct dns_name *traffic_host(const struct traffic_address *address);

#endif
