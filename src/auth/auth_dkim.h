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
 *     A key that could not be queried is temperror. A body that could not
 *     be read to its end is temperror for every signature.
 * STANDARDS
 *     RFC 6376; RFC 8301; RFC 8463; RFC 8616
 */
#ifndef AUTH_DKIM_H
#define AUTH_DKIM_H

#include "base/arena.h"
#include "ledger/ledger.h"
#include "model/dkim_verdict.h"
#include "model/mail_message.h"
#include "model/rec_dkim.h"

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
