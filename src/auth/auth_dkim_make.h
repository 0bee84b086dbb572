/*
 * NAME
 *     auth_dkim_make - a new key pair for DKIM
 * DESCRIPTION
 *     The private key as PEM (PKCS #8), for the signer; the public key as p= of the
 *     key record wants it: SubjectPublicKeyInfo for RSA, 32 octets for Ed25519.
 * OWNERSHIP
 *     In the arena. OpenSSL's own copies are freed.
 * ERRORS
 *     Returns false and fills `why` (ERR_INTERNAL).
 * STANDARDS
 *     RFC 6376, 3.6.1; RFC 8301, 3.2; RFC 8463, 4
 */
#ifndef AUTH_DKIM_MAKE_H
#define AUTH_DKIM_MAKE_H

#include "base/arena.h"
#include "base/err.h"

struct auth_dkim_pair {
    const char *private_pem;
    const char *type;          /* k= */
    const char *public_base64; /* p= */
};

/* `bits` of an RSA key; 0: Ed25519 */
bool auth_dkim_make(struct arena *arena, unsigned bits, struct auth_dkim_pair *pair_out,
                    struct err *why);

#endif
