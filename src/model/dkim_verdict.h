/*
 * NAME
 *     dkim_verdict - the DKIM signatures of a message, and what they are worth
 * DESCRIPTION
 *     Filled in by auth/auth_dkim.h.
 * OWNERSHIP
 *     In the arena of who fills them in.
 * STANDARDS
 *     RFC 6376; RFC 8301
 */
#ifndef DKIM_VERDICT_H
#define DKIM_VERDICT_H

#include "base/arena.h"
#include "base/span.h"
#include "model/mail_message.h"
#include "model/rec_dkim.h"
#include "model/result.h"

struct dns_answer;

struct auth_dkim_signature { /* after prepare */
    const struct mail_header *header;
    struct rec_dkim_signature parsed;
    struct span body_digest;   /* SHA-256 (or SHA-1, shown only) as computed */
    struct span header_digest; /* what the signature must sign */
    /* canonicalised octets in all; l= below it leaves a tail unsigned */
    uint64_t body_length;
    bool is_over_limit; /* beyond LIMIT_SIGNATURES: not verified */
    /* ARC-Seal: the fields it signs, in order, and no body (RFC 8617, 5.1.1). NULL: what h=
     * names, and the body */
    const struct mail_header *const *sealed;
    size_t sealed_count;
};

struct auth_dkim_memo;

struct auth_dkim_prepared {
    const struct mail_message *message;
    struct auth_dkim_signature *signatures; /* in message order */
    size_t count;
    const char *body_trouble; /* reading broke off: why; else NULL */
    /* the file ends with the header: a body hash that differs says nothing */
    bool is_header_only;
    struct arena *arena;          /* private: where the message was prepared */
    struct auth_dkim_memo *memos; /* private: verdicts that are final, one per signature */
};

struct auth_dkim_verdict {
    const struct auth_dkim_signature *signature;
    bool is_pending;
    enum dkim_result result;
    enum hash_result body_hash;
    enum hash_result header_hash;    /* does the signature verify over the header hash */
    const char *reason;              /* one clause, safe to show; never NULL */
    const struct dns_answer *answer; /* of the key question; NULL if none was needed */
    const struct rec_dkim_key *key;  /* the record that was used, or the first; NULL */
    size_t key_count;                /* key records found */
    unsigned key_bits;               /* 0: not known; Ed25519: 256 */
};

#define AUTH_DKIM_RSA_BITS_MIN  1024 /* RFC 8301, 3.2: verifiers MUST NOT accept less */
#define AUTH_DKIM_RSA_BITS_WEAK 2048 /* RFC 8301, 3.2: signers SHOULD use at least */

#endif
