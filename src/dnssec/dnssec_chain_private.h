/*
 * NAME
 *     dnssec_chain_private - the parts of the chain
 * DESCRIPTION
 *     Private to dnssec/. Shared by dnssec_chain*.c only: dnssec_chain.c judges answers,
 *     dnssec_chain_zone.c walks from an anchor to a zone, dnssec_chain_verify.c holds
 *     signatures against keys, dnssec_chain_denial.c understands proofs of absence.
 * OWNERSHIP
 *     In the arena of the chain.
 * ERRORS
 *     None.
 */
#ifndef DNSSEC_CHAIN_PRIVATE_H
#define DNSSEC_CHAIN_PRIVATE_H

#include "base/arena.h"
#include "base/dns_name.h"
#include "dnssec/dnssec_anchor.h"
#include "dnssec/dnssec_chain.h"
#include "ledger/ledger.h"
#include "model/dns_answer.h"
#include "model/dnssec_verdict.h"

/* an answer that was judged finally */
struct dnssec_chain_judged {
    const struct dns_answer *answer;
    const struct dnssec_chain_verdict *verdict;
    struct dnssec_chain_judged *next;
};

struct dnssec_chain {
    struct arena *arena;
    struct ledger *ledger;
    const struct dnssec_anchor *anchors;
    int64_t now;
    struct dnssec_chain_zone *zones;
    struct dnssec_chain_judged *judged;
    unsigned tests; /* signatures verified so far */
};

/* ---- dnssec_chain_verify.c ---- */

/* an RRSIG, read (RFC 4034, 3.1) */
struct dns_signature {
    enum dns_type covered;
    uint8_t algorithm;
    uint8_t labels;
    uint32_t expires;
    uint32_t inception;
    uint16_t tag;
    const struct dns_name *signer;
};
bool dns_signature_read(struct arena *arena, const struct dns_rr *rr,
                        struct dns_signature *signature_out);

/* records of one owner and type */
struct dns_rrset {
    const struct dns_name *owner;
    enum dns_type type;
    const struct dns_rr **list;
    size_t count;
    bool needs_named; /* only keys that a DS record or an anchor names may have signed */
};
/* those of a list with the owner and type */
struct dns_rrset dns_rrset_of(struct arena *arena, const struct dns_rr *list,
                              const struct dns_name *owner, enum dns_type type);
/* those asked for, without what an alias leads to: keys and DS records of another zone */
struct dns_rrset dns_rrset_asked(struct arena *arena, const struct dns_answer *answer);

/* what came of holding signatures against keys */
struct dns_verified {
    bool is_good;
    bool is_wildcard; /* the records come from a wildcard; `labels` of its parent */
    uint8_t labels;
    int64_t inception;
    int64_t expires;
    const char *fault; /* why not; NULL: good */
};

struct dns_verified dnssec_chain_verify(struct dnssec_chain *chain,
                                        const struct dnssec_chain_zone *zone,
                                        const struct dns_rrset *rrset,
                                        const struct dns_rr *signatures);

/* fill in the keys of a zone; the flags, tags and sizes of what the answer holds */
void dnssec_chain_read_keys(struct dnssec_chain *chain, struct dnssec_chain_zone *zone);
void dnssec_chain_read_ds(struct dnssec_chain *chain, struct dnssec_chain_zone *zone);

/* mark the keys that DS records or anchors name; `has_known_out`: some DS could be used */
void dnssec_chain_match_ds(struct dnssec_chain *chain, struct dnssec_chain_zone *zone,
                           bool *has_known_out);
void dnssec_chain_match_anchors(struct dnssec_chain *chain, struct dnssec_chain_zone *zone);

/* ---- dnssec_chain_denial.c ---- */

enum dns_denial {
    DNS_DENIAL_NONE,       /* what there is proves nothing about the name */
    DNS_DENIAL_PROVED,     /* the absence is proved; of a DS: and no zone begins there */
    DNS_DENIAL_UNSIGNED,   /* unsigned zones may, or do, begin there: insecure */
    DNS_DENIAL_CONTRADICTS /* the proof says that the record exists */
};

/* one thing to be proved, by the records of `proofs` with keys of `zone` */
struct dns_denied {
    const struct dns_name *name;
    enum dns_type type;
    const struct dns_proofs *proofs;
    unsigned parent_labels; /* of the wildcard that stands for the name */
    const char *fault;      /* out: of a signature; NULL */
    int64_t inception;      /* out: of the signature that expires first */
    int64_t expires;
};

/* there is no DS at the name, and does a zone begin there */
enum dns_denial dnssec_chain_deny_ds(struct dnssec_chain *chain, struct dnssec_chain_zone *zone,
                                     struct dns_denied *denied);
enum dns_denial dnssec_chain_deny_type(struct dnssec_chain *chain,
                                       struct dnssec_chain_zone *zone,
                                       struct dns_denied *denied);
enum dns_denial dnssec_chain_deny_name(struct dnssec_chain *chain,
                                       struct dnssec_chain_zone *zone,
                                       struct dns_denied *denied);
/* the name itself is absent, so that a wildcard stands for it */
enum dns_denial dnssec_chain_deny_exact(struct dnssec_chain *chain,
                                        struct dnssec_chain_zone *zone,
                                        struct dns_denied *denied);

/* ---- dnssec_chain_zone.c ---- */

/* The zone that the name belongs to, if all on the way is secure; else what is not. NULL: no
 * anchor is above the name. What is pending is wanted in the ledger afterwards. */
struct dnssec_chain_zone *dnssec_chain_walk(struct dnssec_chain *chain,
                                            const struct dns_name *name);

#endif
