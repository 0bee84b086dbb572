/*
 * NAME
 *     traffic - what receivers saw of a domain, evaluated
 * DESCRIPTION
 *     Filled in by traffic/traffic.h, which says what the words mean.
 * OWNERSHIP
 *     In the arena of the traffic.
 * ERRORS
 *     None.
 */
#ifndef MODEL_TRAFFIC_H
#define MODEL_TRAFFIC_H

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/ip.h"
#include "model/dmarc_verdict.h"
#include "model/facts.h"
#include "model/feedback.h"
#include "model/provider.h"
#include "model/rec_dmarc.h"
#include "model/result.h"

enum traffic_owner {
    TRAFFIC_OWN,
    TRAFFIC_PERHAPS,
    TRAFFIC_FORWARDED,
    TRAFFIC_FOREIGN,
    TRAFFIC_OWNERS
};

enum traffic_word { TRAFFIC_PASSES, TRAFFIC_FAILS, TRAFFIC_UNKNOWN };

/* what a world makes of one flow */
struct traffic_verdict {
    enum traffic_word word;   /* by RFC 9989 */
    enum traffic_word before; /* by RFC 7489 */
    bool spf_aligned;         /* passes and aligned */
    bool dkim_aligned;
    /* the policy where it fails: REC_DMARC_NONE also without a record */
    enum rec_dmarc_policy policy;
    enum rec_dmarc_policy policy_before;
    enum spf_result
        spf; /* of the envelope, if its domain may be aligned; SPF_NONE: not asked */
};

struct traffic_author;
struct traffic_spf;
struct traffic_sender;
struct traffic_address;

struct traffic_flow {
    size_t number; /* in the order of reading */
    const struct ip_address *ip;
    const struct feedback_identity *identity;
    uint64_t count;
    uint64_t passed_then; /* as the reporters judged */
    uint64_t refused_then;
    uint64_t junked_then;
    unsigned reasons; /* of all its records */
    struct traffic_author *author;
    struct traffic_spf *spf; /* NULL: no envelope whose domain may be aligned */
    const struct dns_name *envelope_name;
    const struct auth_dmarc_identifier *dkim; /* that may be aligned */
    size_t dkim_count;
    bool has_signature; /* of the domain, which passed; then: which arrived broken */
    bool has_broken;
    struct traffic_address *address;
    struct traffic_sender *sender;
    struct traffic_verdict now;
};

/* messages of a world */
struct traffic_sum {
    uint64_t messages;
    uint64_t pass;
    uint64_t unknown;
    uint64_t fail[TRAFFIC_OWNERS];
    uint64_t junked; /* of those that fail: by the policy that applies */
    uint64_t refused;
    uint64_t pass_before; /* verifiers of RFC 7489 */
    uint64_t junked_before;
    uint64_t refused_before;
};

/* what is known of an address */
struct traffic_address {
    struct ip_address ip;
    uint64_t count;
    const struct ptr_facts *names; /* NULL: not asked */
    int64_t fail_until;    /* end of the last report in which something from there failed */
    int64_t pass_since;    /* begin of the first report after that in which something passed */
    uint64_t passed_after; /* messages since then */
    const struct traffic_sender *last_sender; /* that counted it */
    bool fails;                               /* something from there, in today's world */
    uint64_t passing;                         /* of all messages, in today's world */
    uint64_t failing;                         /* without SPF of the domain, in today's world */
};

struct traffic_sender {
    const char *name;                /* "Mailchimp", "mail7.example.net", "192.0.2.0/24" */
    const struct provider *provider; /* NULL */
    enum traffic_owner owner;
    const char *reason; /* one clause: why it is taken for that */
    struct traffic_sum now;
    struct traffic_sum world; /* in the world that was judged last */
    uint64_t passed_then;
    uint64_t refused_then;
    uint64_t junked_then;
    uint64_t unseen; /* pass now, failed then, and no newer report shows that they pass */
    int64_t first;
    int64_t last;
    int64_t fail_until;                       /* 0: nothing failed as the reporters judged */
    int64_t passes_since;                     /* 0: not known that it does now */
    const struct traffic_address **addresses; /* at most LIMIT_TRAFFIC_SHOWN */
    size_t address_count;                     /* of all */
    const char **reporters;                   /* at most LIMIT_TRAFFIC_SHOWN */
    size_t reporter_count;
    const struct feedback_identity *identity; /* that most of its failing, or all, mail has */
    uint64_t identity_count;
    const struct traffic_flow *shown; /* the flow of that identity */
    bool shows_failing;               /* it fails */
    bool has_unrepaired;              /* an address that failed last, as far as reports say */
    struct traffic_sender *next;
};

/* a record as reporters saw it */
struct traffic_policy {
    struct feedback_policy policy;
    const char **reporters;
    size_t reporter_count;
    int64_t first;
    int64_t last;
    size_t reports;
    bool differs; /* from the record that applies today */
    struct traffic_policy *next;
};

/* a domain that reports are about, but not the one in question */
struct traffic_other {
    const char *domain;
    size_t reports;
    uint64_t messages;
    struct traffic_other *next;
};

struct traffic_selector {
    const char *selector;
    const char *domain;
    uint64_t passed; /* messages */
    uint64_t failed;
    int64_t last;
    bool is_missing; /* no key is there today */
    struct traffic_selector *next;
};

/* failures of TLS: RFC 8460 */
struct traffic_tls_failure {
    const char *type;     /* "certificate-expired" */
    const char *what;     /* one clause */
    const char *findings; /* see traffic_tls_is_about() */
    const char *advice;   /* what to do if it is still so */
    const char *mx;       /* "": not said */
    const char *reporter;
    uint64_t sessions;
    int64_t first;
    int64_t last;
    struct traffic_tls_failure *next;
};

struct traffic_tls {
    size_t reports;
    uint64_t successful; /* sessions */
    uint64_t failed;
    int64_t first;
    int64_t last;
    struct traffic_tls_failure *failures; /* most sessions first, at most LIMIT_TRAFFIC_TLS */
    uint64_t left_off;                    /* sessions of those beyond */
};

struct traffic_private;

struct traffic {
    struct arena *arena;
    const struct feedback_set *set;
    const struct dns_name *domain;
    struct traffic_flow *flows; /* most messages first */
    size_t flow_count;
    uint64_t messages;
    int64_t first; /* the time that reports about the domain cover */
    int64_t last;
    size_t reports;
    size_t reporters;
    struct traffic_other *others;
    struct traffic_policy *policies;
    struct traffic_selector *selectors; /* of the domain and below, most messages first */
    /* messages of which a reporter says that they pass, but lists no result that does */
    uint64_t inconsistent;
    const char *inconsistent_reporter; /* the last */
    struct traffic_tls tls;
    struct traffic_sum now;
    const char *evidence;           /* traffic_evidence() of it */
    struct traffic_sender *senders; /* those that fail first, then most messages first */
    size_t sender_count;
    struct traffic_private *private_part;
};

/* "own", "perhaps", "forwarded", "foreign" */
const char *traffic_owner_to_text(enum traffic_owner owner);

uint64_t traffic_failing(const struct traffic_sum *sum);

/* two records that reporters saw at one place and time, but with another policy */
bool traffic_policies_contradict(const struct traffic_policy *a,
                                 const struct traffic_policy *b);

/* a finding of this id is about the same trouble */
bool traffic_tls_is_about(const struct traffic_tls_failure *failure, const char *id);

/* "1,234,567" */
const char *traffic_number(struct arena *arena, uint64_t number);

/* "2026-11-01" */
const char *traffic_day(struct arena *arena, int64_t seconds);

/* days that the reports cover, at least 1 */
unsigned traffic_days(const struct traffic *traffic);

#endif
