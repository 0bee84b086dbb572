/*
 * NAME
 *     auth_dkim_key - decoded public keys, kept for the life of the process
 * DESCRIPTION
 *     Private to the room. Decoding a key costs more than one verification,
 *     and many messages share few keys: a table of fixed size keeps the last
 *     ones, ready to verify. RSA keys are taken in both forms that are in
 *     use: SubjectPublicKeyInfo and the RSAPublicKey of PKCS #1.
 * OWNERSHIP
 *     Keys belong to the table; auth_dkim_forget_keys() (auth_dkim.h) frees
 *     them. A key is valid until the next auth_dkim_key_get().
 * ERRORS
 *     auth_dkim_key_get() returns NULL if the octets are not a key, or one beyond
 *     the bounds below.
 * STANDARDS
 *     RFC 6376, 3.6.1 with erratum 3017; RFC 8017, A.1.1; RFC 8301; RFC 8463
 */
#ifndef AUTH_DKIM_KEY_H
#define AUTH_DKIM_KEY_H

#include "base/arena.h"
#include "base/span.h"
#include "model/rec_dkim.h"

#define AUTH_DKIM_RSA_BITS_MAX 8192 /* verifiers need not accept over 4096: RFC 8301, 3.2 */
#define AUTH_DKIM_ED25519_BITS 256

struct auth_dkim_decoded;

/* the numbers of an RSA key, most significant octet first, without leading zeros */
struct auth_dkim_rsa {
    struct span modulus;
    struct span exponent;
    unsigned bits;
};

/* total: false if the octets are not an RSA key in DER */
bool auth_dkim_rsa_parse(struct span octets, struct auth_dkim_rsa *rsa_out);

struct auth_dkim_decoded *auth_dkim_key_get(const struct rec_dkim_key *key);

/* does `signature` sign the SHA-256 `digest` */
bool auth_dkim_key_verifies(struct auth_dkim_decoded *key, struct span signature,
                            struct span digest);

/* does `signature` sign the SHA-1 `digest` with an RSA key: shown only, for such signatures are
 * never valid (RFC 8301, 3.1) */
bool auth_dkim_key_verifies_sha1(struct auth_dkim_decoded *key, struct span signature,
                                 struct span digest);

/* RSA: the signature raised with the public exponent, as long as the modulus (RFC 8017, 8.2.2,
 * step 2); the empty span for other keys, and for a signature of another length */
struct span auth_dkim_key_raise(struct arena *arena, struct auth_dkim_decoded *key,
                                struct span signature);

#endif
