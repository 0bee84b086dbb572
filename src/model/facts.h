/*
 * NAME
 *     facts - all that is known about a subject
 * DESCRIPTION
 *     What gather_run() collects and what checks, policies and the report read.
 *     Everything that can be unknown says so: an answer whose status is
 *     a failure, a verdict of temperror, a NULL next to its reason.
 * OWNERSHIP
 *     In the subject's arena.
 */
#ifndef FACTS_H
#define FACTS_H

#include "base/span.h"
#include "model/arc_verdict.h"
#include "model/certificate.h"
#include "model/damage.h"
#include "model/dkim_verdict.h"
#include "model/dmarc_verdict.h"
#include "model/dns_answer.h"
#include "model/dns_soa.h"
#include "model/dnssec_verdict.h"
#include "model/engine_verdict.h"
#include "model/https_fact.h"
#include "model/mail_address.h"
#include "model/mail_trace.h"
#include "model/provider.h"
#include "model/rec_bimi.h"
#include "model/rec_dkim.h"
#include "model/rec_meant.h"
#include "model/rec_mta_sts.h"
#include "model/rec_mta_sts_policy.h"
#include "model/rec_svg.h"
#include "model/rec_tls_rpt.h"
#include "model/rec_tlsa.h"
#include "model/record_reading.h"
#include "model/smtp_facts.h"
#include "model/spf_verdict.h"
#include "model/subject.h"

struct dnssec_chain;
struct ledger;

/* how a selector came to be asked for */
enum selector_origin {
    SELECTOR_OPTION,
    SELECTOR_SIGNATURE,
    SELECTOR_REPORT,   /* a receiver reported signatures with it */
    SELECTOR_PROVIDER, /* usual at a provider that the domain's records name */
    SELECTOR_COMMON,
    SELECTOR_WILDCARD /* none: a name that nobody made, below a parked domain */
};

/* a provider that the records of the domain name; the first name that does */
struct provider_seen {
    const struct provider *provider;
    enum provider_list by;       /* PROVIDER_BY_MX, PROVIDER_BY_SPF */
    const struct dns_name *name; /* the mail host, the SPF record that is included */
    struct provider_seen *next;
};

/* a domain that neither sends nor takes mail, and how that is known */
enum parked_state { PARKED_NOT, PARKED_DECLARED, PARKED_BY_MX, PARKED_BY_SPF };

/* a record that is broken, and what it was meant to say */
struct meant_facts {
    const struct dns_rr *rr;       /* as it is */
    const struct rec_meant *meant; /* NULL: nothing is broken, or nobody knows */
};

/* a record that is where nobody looks for it, while nothing is in the right place */
struct misplaced_facts {
    const struct dns_name *place; /* where it belongs */
    const struct dns_answer *answer;
    const struct dns_rr *rr;
    struct span text;     /* what belongs there: the record, as it was meant if it is broken */
    const char *because;  /* "the underscore is missing" */
    bool is_reported;     /* by another finding than that about places in general */
    bool may_stay;        /* others may refer to it where it is */
    bool is_contradicted; /* another one says something else */
    struct misplaced_facts *next;
};

struct selector_facts {
    const struct dns_name *selector;
    const struct dns_name *domain;   /* whose: the subject's, or d= of a signature */
    const struct dns_name *key_name; /* selector._domainkey.domain */
    enum selector_origin origin;
    bool is_found;                     /* of subject.found_selectors */
    bool is_concluded;                 /* not asked for: from _domainkey, or waiting for it */
    const struct provider_seen *usual; /* SELECTOR_PROVIDER: of whom; else NULL */
    const struct dns_answer *answer;
    const struct dns_rr *alias;     /* the CNAME record at the name; NULL: none */
    const struct dns_name *target;  /* where an alias leads; NULL: none */
    const struct provider *host;    /* whose name that is; NULL: nobody known */
    const struct dns_rr *rr;        /* the first TXT that looks like a key; NULL */
    const struct rec_dkim_key *key; /* NULL without rr */
    size_t key_count;
    unsigned key_bits;
    struct meant_facts meant;
    const struct misplaced_facts *misplaced; /* NULL: none is known */
    /* where an alias was meant to lead: a text is a name, or the name of the zone was appended
     * to the target; NULL */
    const struct dns_name *alias_meant;
    struct selector_facts *next;
};

/* one TLSA record of a mail host */
struct tlsa_facts {
    const struct dns_rr *rr;
    const struct rec_tlsa *record;
    struct tlsa_facts *next;
};

/* may senders go by the TLSA records of a mail host? (RFC 7672, 2.2) */
enum dane_state {
    DANE_ABSENT,     /* there are none, or the host is none */
    DANE_UNASKED,    /* could not be queried */
    DANE_UNVERIFIED, /* the resolver authenticates nothing, so it is unknown */
    DANE_INSECURE,   /* not: something they rest on is not protected by DNSSEC */
    DANE_SECURE
};

/* the names of an address, and whether one of them leads back to it (RFC 8601, 2.7.3) */
struct ptr_facts {
    struct ip_address ip;
    const struct dns_answer *ptr;
    const struct dns_answer *unknown; /* addresses of a name that could not be queried; NULL */
    bool is_confirmed;
    struct ptr_facts *next;
};

struct mx_host {
    uint16_t preference;
    const struct dns_name *host;
    const struct dns_answer *a;
    const struct dns_answer *aaaa;
    /* of its public addresses that no host before it has; LIMIT_PTR_ADDRESSES for all hosts */
    struct ptr_facts *names;
    /* TLSA at _25._tcp.<host>, or below its alias if there are some; NULL: the host is an
     * address */
    const struct dns_answer *tlsa;
    struct tlsa_facts *tlsa_records; /* at most LIMIT_TLSA_RECORDS */
    enum dane_state dane;
    const char *dane_reason; /* NULL for DANE_ABSENT and DANE_SECURE */
    /* the host that was meant: this one has no address, and the name of the domain was appended
     * to its name; NULL */
    const struct dns_name *meant;
    /* with `meant` only; NULL in a world where nobody asked */
    const struct dns_answer *meant_a;
    const struct dns_answer *meant_aaaa;
    struct mx_host *next;
};

/* the TXT records at one name; those of another kind do not count */
struct text_facts {
    const struct dns_answer *answer; /* NULL: the name would be too long */
    const struct dns_rr *rr;         /* the first that counts; NULL */
    size_t count;                    /* of those that count */
};

struct mta_sts_facts {
    struct text_facts text;           /* at _mta-sts.<domain> */
    const struct rec_mta_sts *record; /* NULL without rr */
    /* addresses of mta-sts.<domain>, where the policy is fetched; NULL without a record */
    const struct dns_answer *host_a;
    const struct dns_answer *host_aaaa;
    const struct https_fact *fetched;        /* the policy; NULL without a record */
    const struct rec_mta_sts_policy *policy; /* NULL unless a body came */
};

struct tls_rpt_facts {
    struct text_facts text;           /* at _smtp._tls.<domain> */
    const struct rec_tls_rpt *record; /* NULL without rr */
};

struct bimi_facts {
    struct text_facts text;            /* at default._bimi.<domain> */
    const struct rec_bimi *record;     /* NULL without rr */
    const struct https_fact *logo;     /* after redirects; NULL: the record names none */
    const struct rec_svg *svg;         /* NULL unless a body came */
    const struct https_fact *evidence; /* like logo */
    const struct smtp_mark *mark;      /* NULL unless a body came, with a certificate in it */
};

/* one answer that mail rests on, judged by DNSSEC */
struct dnssec_answer {
    const char *role; /* "mx", "dkim" and others: gather_dnssec.c */
    const struct dns_answer *answer;
    const struct dnssec_chain_verdict *verdict;
    struct dnssec_answer *next;
};

struct dnssec_facts {
    struct dnssec_chain *chain; /* NULL: not asked, the source returns no signatures */
    const struct dnssec_chain_zone *zones;
    struct dnssec_answer *answers;
};

struct name_server {
    const struct dns_name *host;
    const struct dns_answer *a;
    const struct dns_answer *aaaa;
    struct name_server *next;
};

/* a name that may be the apex of a zone; it is one if it has an SOA record */
struct zone_facts {
    const struct dns_name *name;
    const struct dns_answer *soa;
    const struct dns_answer *ns;
    const struct dns_rr *soa_rr;  /* NULL: none, or not readable */
    const struct dns_soa *values; /* NULL without soa_rr */
    struct name_server *servers;  /* at most LIMIT_NAME_SERVERS */
    struct zone_facts *next;
};

/* the audit of the domain: no message needed */
struct domain_facts {
    const struct dns_name *name;
    const struct dns_answer *txt;
    const struct dns_answer *mx;
    const struct dns_answer *a;
    const struct dns_answer *aaaa;
    const struct dns_answer *soa;
    const struct dns_answer *ns;
    /* the domain, then its organizational domain if that is another one and known */
    struct zone_facts *zones;
    const struct dns_answer *spf_type; /* type 99 */
    /* TXT at _spf.<domain>: a record at the wrong name */
    const struct dns_answer *spf_misplaced;
    const struct dns_answer *dmarc_misplaced; /* same answer as txt: v=DMARC1 at the apex */
    struct meant_facts spf_meant;
    struct meant_facts dmarc_meant;
    const struct dns_name *dmarc_alias_meant;    /* likewise, at _dmarc; NULL */
    const struct misplaced_facts *spf_elsewhere; /* NULL: none is known */
    const struct misplaced_facts *dmarc_elsewhere;
    const struct dns_answer *domainkey; /* TXT at _domainkey.<domain>: exists at all? */
    bool is_null_mx;                    /* RFC 7505 */
    /* null MX and no SPF record that lists senders, SPF exactly "v=spf1 -all", or declared */
    bool sends_no_mail;
    enum parked_state parked;
    struct mx_host *mx_hosts;  /* at most LIMIT_MX_HOSTS */
    size_t unnamed_addresses;  /* of mail hosts, beyond LIMIT_PTR_ADDRESSES */
    size_t selectors_left_off; /* beyond LIMIT_SELECTORS, common ones aside */
    size_t providers_left_off; /* beyond LIMIT_PROVIDERS */
    const struct auth_spf_tree *spf;
    const struct auth_spf_sets *spf_sets; /* NULL: no record */
    const struct auth_dmarc_policy *dmarc;
    struct auth_dmarc_report *reports;
    /* TXT at the names of subject.accepts_reports, in their order */
    struct text_facts *accepted_reports;
    size_t accepted_report_count;
    struct selector_facts *selectors;
    const struct provider_set *known; /* as in struct facts */
    struct provider_seen *providers;  /* by MX, then by SPF; each once */
    struct mta_sts_facts mta_sts;
    struct tls_rpt_facts tls_rpt;
    struct bimi_facts bimi;
    struct dnssec_facts dnssec;
    /* TXT at a label that cannot exist below _dmarc's parent; NULL */
    const struct dns_answer *wildcard_dmarc;
    /* the same below _domainkey; NULL */
    const struct dns_answer *wildcard_dkim;
    const struct dns_answer *dmarc_answer; /* TXT at _dmarc.<domain>; NULL: not asked */
    /* NS at _dmarc and at _domainkey, asked where a record there is missing; NULL */
    const struct dns_answer *dmarc_cut;
    const struct dns_answer *dkim_cut;
};

/* the message, if there is one */
struct message_facts {
    const struct mail_message *message;
    const struct mail_trace *trace;
    const struct mail_address_list *from; /* of the first From field; NULL: no From field */
    size_t from_fields;                   /* how many From fields */
    const struct dns_name *author;        /* the one author domain; NULL: none or several */
    const char *author_fault;             /* why author is NULL */
    const char *message_id;               /* escaped; NULL */
    uint64_t wire_size;                   /* as SIZE gives it; 0: not asked */
    const struct auth_dkim_prepared *dkim_prepared;
    const struct auth_dkim_verdict *dkim; /* dkim_count */
    size_t dkim_count;
    /* what broke each signature, dkim_count; NULL until the last pass */
    const struct auth_damage *const *damage;
    const struct auth_damage_hosts *damage_hosts; /* the same */
    /* both NULL where only one verdict is asked for: the chain carries no weight in any */
    const struct auth_arc_prepared *arc_prepared;
    const struct auth_arc_verdict *arc;
    const struct auth_dmarc_verdict *dmarc;
};

/* what live sessions showed at the mail hosts of the domain */
struct probe_facts {
    const struct smtp_facts *addresses; /* the addresses of all hosts */
    size_t count;
    bool is_complete; /* there were no more than a probe asks */
};

struct facts {
    const struct subject *subject;
    const struct ledger *ledger;
    const struct dns_answers *answers; /* all that the ledger holds; NULL: an assumed world */
    const char *not_internet;        /* the top-level domain that live DNS denies; NULL: none */
    const char *not_internet_source; /* who denies it */
    const struct provider_set *providers; /* who can be recognised; NULL: nobody */
    /* whose servers the envelope and the signatures of the message name, each once */
    const struct provider **senders;
    size_t sender_count;
    struct domain_facts domain;
    /* where the envelope goes: name, mx, mx_hosts, mta_sts; NULL: not known, or not asked */
    const struct domain_facts *recipient;
    struct message_facts message;          /* all zero without a message */
    const struct auth_spf_verdict *spf[2]; /* mailfrom, then helo; spf_count of them */
    size_t spf_count;
    const struct dns_answer *client_ptr;         /* PTR of --ip; NULL without an address */
    bool client_ptr_confirmed;                   /* a PTR name leads back to the address */
    const struct dns_answer *client_ptr_unknown; /* addresses of one had no answer; NULL */
    const struct engine_verdict *engines;
    size_t engine_count;
    struct record_reader *reader;    /* the libraries, for what is proposed; NULL: not asked */
    const char *engine_trouble;      /* the child could not be started; NULL */
    bool is_engine_demanded;         /* by the user: nothing less will do */
    const struct probe_facts *probe; /* NULL: nobody connected */
    bool has_envelope;               /* queried for the SMTP session */
    unsigned rounds;
    size_t questions;
};

#endif
