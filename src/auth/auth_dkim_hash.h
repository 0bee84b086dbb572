/*
 * NAME
 *     auth_dkim_hash - the digests of every signature of a message
 * DESCRIPTION
 *     Private to the room. The body is read once for all signatures, those of
 *     ARC included: the ones that agree in canonicalization, hash and l= share
 *     one digest. Header fields are found
 *     by name through an index made once for the message, so that many
 *     signatures with long h= lists cost no more than their length.
 * OWNERSHIP
 *     Digests live in the arena.
 * ERRORS
 *     A body that cannot be read to its end gives no body digests and a
 *     sentence in body_trouble.
 * STANDARDS
 *     RFC 6376, 3.7 and 5.4.2
 */
#ifndef AUTH_DKIM_HASH_H
#define AUTH_DKIM_HASH_H

#include "auth/auth_dkim.h"
#include "base/arena.h"
#include "base/span.h"
#include "model/dkim_verdict.h"
#include "model/mail_message.h"
#include "model/rec_dkim.h"

/* all DKIM-Signature fields, parsed and not yet hashed */
struct auth_dkim_prepared *auth_dkim_collect(struct arena *arena, struct mail_message *message);

/* all digests of the sets, which belong to the same message */
void auth_dkim_hash(struct arena *arena, struct mail_message *message,
                    struct auth_dkim_prepared *const *sets, size_t count);

/* what auth_dkim_hash() is made of */
struct auth_dkim_list {
    struct auth_dkim_signature **at;
    size_t count;
};

/* NULL, or why the body cannot be read */
const char *auth_dkim_hash_body(struct arena *arena, struct mail_message *message,
                                const struct auth_dkim_list *list);
void auth_dkim_hash_headers(struct arena *arena, const struct mail_message *message,
                            const struct auth_dkim_list *list);

/* what is removed from a signature field to hash it: the value of b= with the blanks around
 * it (RFC 6376, 3.7); false if there is no b= */
bool auth_dkim_signature_place(const struct rec_dkim_signature *parsed, struct span *place_out);

#endif
