/*
 * NAME
 *     auth_dkim - DKIM verification, by the standard
 * DESCRIPTION
 *     Two steps. auth_dkim_prepare() parses every signature and hashes the
 *     message: one streaming pass over the body whatever the number of
 *     signatures, one header hash for each. It needs no DNS and is done once.
 *     auth_dkim_judge() gets the keys from the ledger and verifies; it is
 *     repeated while answers are pending and costs no second pass over the
 *     message, nor a second verification with the same answer. Body hash and
 *     header signature are judged apart.
 *
 *     Where the standards leave the word open: a key under 1024 bits is
 *     permerror (RFC 8301, 3.2: never valid), a key over 8192 bits and a
 *     signature beyond LIMIT_SIGNATURES are neutral ("not able to be
 *     processed", RFC 8601, 2.7.1), an expired signature is fail. With several
 *     key records at one name (undefined by RFC 6376, 3.6.2.2) each is tried
 *     in order until one verifies, and the reason says so.
 * OWNERSHIP
 *     Everything lives in the arena; keys that were decoded are cached for
 *     the life of the process. Verdicts look into the ledger's answers, which
 *     must live as long as the prepared message.
 * ERRORS
 *     A key that could not be asked for is temperror. A body that could not
 *     be read to its end is temperror for every signature.
 * STANDARDS
 *     RFC 6376; RFC 8301; RFC 8463; RFC 8616
 */
#ifndef AUTH_DKIM_H
#define AUTH_DKIM_H

#include "ledger/ledger.h"
#include "mail/mail_message.h"
#include "model/result.h"
#include "record/rec_dkim.h"

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

struct auth_dkim_prepared *auth_dkim_prepare(struct arena *arena, struct mail_message *message);

/* one verdict per signature, same order; the array has prepared->count elements.
 * `now` judges x= and t= */
const struct auth_dkim_verdict *auth_dkim_judge(struct arena *arena, struct ledger *ledger,
                                                const struct auth_dkim_prepared *prepared,
                                                int64_t now);

/* free the keys that are kept; what uses one afterwards decodes it again */
void auth_dkim_forget_keys(void);

/* length of the key in bits, 0 if it cannot be decoded; for the audit of selectors */
unsigned auth_dkim_key_bits(const struct rec_dkim_key *key);

#endif
