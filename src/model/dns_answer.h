/*
 * NAME
 *     dns_answer - what is known about one question
 * DESCRIPTION
 *     A question is a name and a type; its answer has a status that never
 *     mixes "absent" with "could not ask", and records. `records` holds the
 *     CNAME chain in order, then the records of the type asked for.
 * OWNERSHIP
 *     In the arena of the ledger.
 * ERRORS
 *     None: what went wrong is the status. dns_status_parse() and dns_type_parse() return
 *     false for an unknown word.
 * STANDARDS
 *     RFC 1035; RFC 2308 (negative answers); RFC 4034 (DNSSEC records); RFC 6604 (status after
 *     a CNAME); RFC 8020 (NXDOMAIN)
 */
#ifndef MODEL_DNS_ANSWER_H
#define MODEL_DNS_ANSWER_H

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/ip.h"
#include "base/span.h"

enum dns_type {
#define TYPE(word, code, ...) DNS_##word = (code),
#include "model/dns_type.def"
};

/* Stronger first: merging two answers keeps the stronger status. From DNS_PENDING to
 * DNS_MALFORMED the question could not be (or was not) answered; OK, NODATA and NXDOMAIN
 * are answers. */
enum dns_status {
    DNS_PENDING,   /* wanted, not asked yet: only inside a run */
    DNS_UNKNOWN,   /* no source speaks for it; not in the snapshot */
    DNS_BUDGET,    /* a ceiling of base/limits.h was reached */
    DNS_TIMEOUT,   /* no server answered */
    DNS_SERVFAIL,  /* SERVFAIL, REFUSED, FORMERR, NOTIMP: see detail */
    DNS_BOGUS,     /* DNSSEC validation failed (RFC 8914 error or CD retry) */
    DNS_MALFORMED, /* the packet or zone record makes no sense */
    DNS_OK,        /* at least one record of the type */
    DNS_NODATA,    /* the name exists, the type does not */
    DNS_NXDOMAIN   /* the name does not exist */
};

/* One record. Only what its type has is set. */
struct dns_rr {
    const struct dns_name *owner;
    enum dns_type type; /* may be a code outside the enum */
    uint32_t ttl;
    const char *text; /* presentation form: "owner.\tttl\tIN\tTYPE\trdata" */

    struct ip_address *address;    /* A, AAAA */
    const struct dns_name *target; /* CNAME, DNAME, NS, PTR, MX exchange */
    uint16_t preference;           /* MX */
    const struct span *strings;    /* TXT, SPF: character-strings */
    size_t string_count;
    struct span joined; /* TXT, SPF: the strings without anything between */

    const char *file; /* zone file, NULL elsewhere */
    int line;
    struct dns_rr *next;
};

struct dns_question {
    const struct dns_name *name;
    enum dns_type type;
};

/* The DNSSEC records of an answer, in the order of their texts. Both empty: the source was
 * asked for them and has none. */
struct dns_proofs {
    struct dns_rr *signatures; /* RRSIG over the records and over the denial */
    struct dns_rr *denial;     /* NSEC and NSEC3 */
    bool is_cut;               /* more came than are kept; no answer has such ones */
};

struct dns_answer {
    struct dns_question question;
    enum dns_status status;
    bool has_ttl;
    uint32_t ttl;       /* least TTL of the records; negative: RFC 2308 minimum */
    bool ad;            /* authenticated data, from a trusted resolver only */
    const char *source; /* "live:192.0.2.53", "zone:FILE", as in snapshots */
    /* failures: "REFUSED by 192.0.2.53"; else NULL; safe to show */
    const char *detail;
    struct dns_rr *records;
    size_t record_count;             /* all, the chain included */
    bool wants_proofs;               /* DNS_PENDING: it is to be queried with its proofs */
    bool is_rejected;                /* NXDOMAIN, said by who does not know the Internet */
    bool is_aside;                   /* no verdict rests on it: ledger_ask_aside() */
    const struct dns_proofs *proofs; /* NULL: not queried, or too many came */
    /* DNS_BOGUS: what the resolver holds back, asked for without its checks (RFC 4035, 3.2.2);
     * NULL elsewhere */
    const struct dns_answer *unchecked;
};

/* answers in the order in which they were asked for */
struct dns_answers {
    struct dns_answer **list;
    size_t count;
};

const char *dns_status_to_text(enum dns_status status);
bool dns_status_parse(struct span text, enum dns_status *status_out);

/* the query was answered: OK, NODATA or NXDOMAIN */
bool dns_status_is_answer(enum dns_status status);
/* NODATA or NXDOMAIN: certainly absent */
bool dns_status_is_absent(enum dns_status status);
/* SERVFAIL, bogus or malformed: others would meet the same failure */
bool dns_status_is_failure(enum dns_status status);
enum dns_status dns_status_stronger(enum dns_status a, enum dns_status b);

/* "MX"; a type without a name is "TYPE65280" (RFC 3597, 5) */
const char *dns_type_to_text(struct arena *arena, enum dns_type type);
bool dns_type_parse(struct span text, enum dns_type *type_out);

/* the first / next record of the type that was queried, past the CNAME chain; NULL: none */
const struct dns_rr *dns_answer_first(const struct dns_answer *answer);
const struct dns_rr *dns_answer_next(const struct dns_answer *answer, const struct dns_rr *rr);

/* certainly no name below the one asked for exists (RFC 8020, 2); an alias says nothing of
 * that, for its status is that of its target */
bool dns_answer_is_empty_below(const struct dns_answer *answer);

/* its CNAME chain leads back into itself: whoever answers, no record is ever found there */
bool dns_answer_is_circle(const struct dns_answer *answer);

/* how many those are */
size_t dns_answer_count(const struct dns_answer *answer);

/* the record whose target is the name: the MX of a host; NULL: none */
const struct dns_rr *dns_answer_find_target(const struct dns_answer *answer,
                                            const struct dns_name *target);

/* one of the records is this address, or this TXT text; NULL answer: none */
bool dns_answer_has_address(const struct dns_answer *answer, const struct ip_address *address);
bool dns_answer_has_text(const struct dns_answer *answer, struct span text);

/* "TXT of example.com: SERVFAIL (REFUSED by 192.0.2.53)" */
const char *dns_answer_reason(struct arena *arena, const struct dns_answer *answer);

/* the last target of the CNAME chain, or the name asked for */
const struct dns_name *dns_answer_final_name(const struct dns_answer *answer);

/* "SERVFAIL (REFUSED by 192.0.2.53)", or the status alone */
const char *dns_answer_trouble(struct arena *arena, const struct dns_answer *answer);

/* append to the records of the answer, which counts them */
void dns_answer_append(struct dns_answer *answer, struct dns_rr *rr);

#endif
