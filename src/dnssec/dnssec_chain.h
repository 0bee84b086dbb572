/*
 * NAME
 *     dnssec_chain - what DNSSEC says about an answer, worked out here
 * DESCRIPTION
 *     From a trust anchor down to the zone of a name, each key is vouched for
 *     by a DS record that the zone above has signed, and each answer is
 *     signed by a key of its zone. The chain is a function of the ledger, the
 *     anchors and the time: it asks the ledger for the DS and DNSKEY records it
 *     needs, all that are known to be needed at once, and verifies with ldns.
 *     What a resolver thinks of the answers (the AD bit) plays no part.
 *
 *     Where no source speaks for what is above, as with the file of a zone alone, the
 *     zone is taken as an island (RFC 4033, 2): its own keys are held against its
 *     signatures, and what they sign is an island, never secure.
 *
 *     A chain remembers what it has concluded, so it may be asked in every
 *     pass. dnssec_chain_suppose() makes one for a world that is only supposed.
 * OWNERSHIP
 *     In the arena; ledger and anchors must live as long.
 * ERRORS
 *     None: what could not be asked, or asked without DNSSEC, is indeterminate.
 * STANDARDS
 *     RFC 4033, 5 (the four states; "insecure" and "bogus" as there); RFC 4035, 5; RFC 5155,
 *     8; RFC 6840; RFC 9276, 3.2
 * BUGS
 *     What an alias made by a DNAME rests on is not looked at: indeterminate. Where the
 *     keys of the root match no anchor the chain is indeterminate, not bogus: a private
 *     root looks the same as an attack, and needs an anchor of its own.
 */
#ifndef DNSSEC_CHAIN_H
#define DNSSEC_CHAIN_H

#include "dnssec/dnssec_anchor.h"
#include "ledger/ledger.h"

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

struct dnssec_chain;

struct dnssec_chain *dnssec_chain_open(struct arena *arena, struct ledger *ledger,
                                       const struct dnssec_anchor *anchors, int64_t now);

/* the same with another ledger that answers at once (ledger_over()) */
struct dnssec_chain *dnssec_chain_suppose(struct arena *arena, const struct dnssec_chain *chain,
                                          struct ledger *ledger);

/* ask for all that leads to the zone of the name, as far as it is not known to be unsigned */
void dnssec_chain_prepare(struct dnssec_chain *chain, const struct dns_name *name);

/* never NULL; of an answer that a resolver calls bogus, of what it holds back */
const struct dnssec_chain_verdict *dnssec_chain_judge(struct dnssec_chain *chain,
                                                      const struct dns_answer *answer);

/* names that were looked at, in the order in which that happened; some are no zones */
const struct dnssec_chain_zone *dnssec_chain_zones(const struct dnssec_chain *chain);

const char *dnssec_chain_state_to_text(enum dnssec_chain_state state);

/* signatures hold: secure, or an island */
bool dnssec_chain_state_is_signed(enum dnssec_chain_state state);

/* "ECDSAP256SHA256"; NULL: not registered. May it still be used (RFC 9904, RFC 9905)? */
const char *dnssec_chain_algorithm_to_text(unsigned algorithm);
bool dnssec_chain_algorithm_is_sound(unsigned algorithm);

#endif
