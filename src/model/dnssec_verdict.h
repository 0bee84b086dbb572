/*
 * NAME
 *     dnssec_verdict - what DNSSEC says about an answer, and the zones it rests on
 * DESCRIPTION
 *     Filled in by dnssec/dnssec_chain.h.
 * OWNERSHIP
 *     In the arena of who fills them in.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 4033, 5; the IANA registry "DNS Security Algorithm Numbers"
 */
#ifndef DNSSEC_VERDICT_H
#define DNSSEC_VERDICT_H

#include "base/dns_name.h"
#include "model/dns_answer.h"

/* the worse first: of the parts of an answer the worst counts */
enum dnssec_chain_state {
    DNSSEC_PENDING,       /* DS or DNSKEY records are wanted: inside a run only */
    DNSSEC_BOGUS,         /* it should be signed, and is not rightly */
    DNSSEC_INDETERMINATE, /* could not be, or was not, asked */
    DNSSEC_INSECURE,      /* proved to be unsigned */
    DNSSEC_ISLAND,        /* rightly signed by its own keys; who vouches was not asked */
    DNSSEC_SECURE
};

struct dnssec_chain_key {
    const struct dns_rr *rr;
    uint16_t flags;
    uint16_t tag;
    uint8_t algorithm;
    unsigned bits;
    bool is_named; /* by a DS record or an anchor */
};

struct dnssec_chain_ds {
    const struct dns_rr *rr;
    uint16_t tag;
    uint8_t algorithm;
    uint8_t digest;
    bool is_matched; /* by a key of the zone */
};

/* a name on the way from an anchor down */
struct dnssec_chain_zone {
    const struct dns_name *name;
    bool is_cut;    /* a zone begins here; false: it belongs to the one above */
    bool is_island; /* and nobody above it could be asked */
    enum dnssec_chain_state state;
    const char *reason;          /* NULL: secure; safe to show */
    const struct dns_answer *ds; /* NULL: anchored, or the beginning of an island */
    const struct dns_answer *dnskey;
    struct dnssec_chain_ds *ds_list; /* at most LIMIT_ZONE_KEYS */
    size_t ds_count;
    struct dnssec_chain_key *keys; /* at most LIMIT_ZONE_KEYS */
    size_t key_count;
    int64_t inception; /* of the signature over the keys; both 0: none */
    int64_t expires;
    unsigned iterations; /* of the NSEC3 records that were seen */
    struct dnssec_chain_zone *next;
};

/* about one answer */
struct dnssec_chain_verdict {
    enum dnssec_chain_state state;
    const char *reason;          /* NULL: secure; safe to show */
    const struct dns_name *zone; /* whose state it is; NULL: not known */
    int64_t inception;           /* of the signature that expires first; both 0: none */
    int64_t expires;
};

const char *dnssec_chain_state_to_text(enum dnssec_chain_state state);

/* signatures hold: secure, or an island */
bool dnssec_chain_state_is_signed(enum dnssec_chain_state state);

/* "ECDSAP256SHA256"; NULL: not registered. May it still be used (RFC 9904, RFC 9905)? */
const char *dnssec_chain_algorithm_to_text(unsigned algorithm);
bool dnssec_chain_algorithm_is_sound(unsigned algorithm);

/* signatures of the algorithm can be verified by this program */
bool dnssec_chain_algorithm_is_verified(unsigned algorithm);

#endif
