/*
 * NAME
 *     auth_dkim_rsa - what RSA does with a signature
 * DESCRIPTION
 *     Private to the room. A signature is raised to the public exponent and compared with the
 *     whole block that it must be; nothing in the block is parsed, because its author may be
 *     hostile. The arithmetic is OpenSSL's, but not through EVP: the first use of EVP reads a
 *     configuration and names every algorithm, a quarter of the work of a whole check.
 * OWNERSHIP
 *     auth_dkim_rsa_open() fills a key whose numbers auth_dkim_rsa_close() frees.
 * ERRORS
 *     auth_dkim_rsa_open() returns false if the octets are not an RSA key, or one beyond the
 *     bounds. A key that can verify nothing, as one with an even modulus, is a key.
 * STANDARDS
 *     RFC 8017, 5.2.2, 8.2.2 and 9.2; RFC 6376, 3.3
 */
#ifndef AUTH_DKIM_RSA_H
#define AUTH_DKIM_RSA_H

#include <openssl/bn.h>
#include <stdbool.h>
#include <stddef.h>

#include "auth/auth_dkim_key.h"
#include "base/span.h"

#define AUTH_DKIM_RSA_OCTETS_MAX (AUTH_DKIM_RSA_BITS_MAX / 8) /* of a modulus */

struct auth_dkim_rsa_key {
    BIGNUM *modulus; /* NULL: there is no key */
    BIGNUM *exponent;
    BN_MONT_CTX *prepared; /* NULL: nothing can be verified */
    size_t len;            /* octets of the modulus */
};

bool auth_dkim_rsa_open(struct auth_dkim_rsa_key *key, struct span octets);
void auth_dkim_rsa_close(struct auth_dkim_rsa_key *key); /* accepts an empty one */

/* the signature raised with the public exponent, as long as the modulus, into
 * AUTH_DKIM_RSA_OCTETS_MAX octets; returns how many, 0 if such a key cannot have made it */
size_t auth_dkim_rsa_raise(const struct auth_dkim_rsa_key *key, struct span signature,
                           unsigned char *block_out);

/* does `signature` sign the digest of the hash: SHA-256, or SHA-1 for rsa-sha1 */
bool auth_dkim_rsa_verifies(const struct auth_dkim_rsa_key *key,
                            enum rec_dkim_algorithm algorithm, struct span signature,
                            struct span digest);

#endif
