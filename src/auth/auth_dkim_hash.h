/*
 * NAME
 *     auth_dkim_hash - the digests of every signature of a message
 * DESCRIPTION
 *     Private to the room. The body is read once: signatures that agree in
 *     canonicalization, hash and l= share one digest. Header fields are found
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

void auth_dkim_hash_body(struct arena *arena, struct mail_message *message,
                         struct auth_dkim_prepared *prepared);
void auth_dkim_hash_headers(struct arena *arena, const struct mail_message *message,
                            struct auth_dkim_prepared *prepared);

#endif
