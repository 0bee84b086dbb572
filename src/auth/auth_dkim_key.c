/*
 * The table is made of small groups: a key can only be in the group that the hash of its
 * octets names, and the oldest of the group makes room for a new one.
 */
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <string.h>

#include "auth/auth_dkim.h"
#include "auth/auth_dkim_key.h"
#include "auth/auth_dkim_rsa.h"
#include "base/must.h"

#define GROUPS         64
#define KEYS_PER_GROUP 4

struct auth_dkim_decoded {
    struct span octets; /* of the record, a copy */
    enum rec_dkim_key_type type;
    struct auth_dkim_rsa_key rsa; /* the place is free if there is neither */
    EVP_PKEY *ed25519;
};

static struct group {
    struct auth_dkim_decoded keys[KEYS_PER_GROUP];
    unsigned oldest;
} groups[GROUPS];

/* dkim_key_forget - free one place; accepts a free one */
static void dkim_key_forget(struct auth_dkim_decoded *key)
{
    auth_dkim_rsa_close(&key->rsa);
    EVP_PKEY_free(key->ed25519);
    OPENSSL_free((char *)(uintptr_t)key->octets.at);
    *key = (struct auth_dkim_decoded){0};
}

void auth_dkim_forget_keys(void)
{
    for (size_t i = 0; i < GROUPS; i++)
        for (size_t j = 0; j < KEYS_PER_GROUP; j++)
            dkim_key_forget(&groups[i].keys[j]);
}

/* is_filled - there is a key */
static bool is_filled(const struct auth_dkim_decoded *place)
{
    return place->rsa.modulus != NULL || place->ed25519 != NULL;
}

/* dkim_key_decode - fill a free place; it stays free if the octets are not a key */
static void dkim_key_decode(struct auth_dkim_decoded *place, const struct rec_dkim_key *key)
{
    place->type = key->type;
    switch (key->type) {
    case REC_DKIM_KEY_RSA:
        (void)auth_dkim_rsa_open(&place->rsa, key->octets);
        break;
    case REC_DKIM_KEY_ED25519:
        place->ed25519 = EVP_PKEY_new_raw_public_key_ex(
            NULL, "ED25519", NULL, (const unsigned char *)key->octets.at, key->octets.len);
        ERR_clear_error();
        break;
    case REC_DKIM_KEY_UNKNOWN:
        break;
    }
}

struct auth_dkim_decoded *auth_dkim_key_get(const struct rec_dkim_key *key)
{
    struct group *group = &groups[span_hash(key->octets) % GROUPS];
    struct auth_dkim_decoded *place = NULL;
    char *copy = NULL;

    for (size_t i = 0; i < KEYS_PER_GROUP; i++) {
        place = &group->keys[i];
        if (is_filled(place) && place->type == key->type &&
            span_equal(place->octets, key->octets))
            return place;
    }
    place = &group->keys[group->oldest++ % KEYS_PER_GROUP];
    dkim_key_forget(place);
    dkim_key_decode(place, key);
    if (!is_filled(place))
        return NULL;
    copy = OPENSSL_memdup(key->octets.at, key->octets.len);
    must(copy != NULL);
    place->octets = span_make(copy, key->octets.len);
    return place;
}

/* ed25519_verifies - the digest itself is the message that was signed (RFC 8463, 3) */
static bool ed25519_verifies(EVP_PKEY *key, struct span signature, struct span digest)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool verifies = ctx != NULL && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) == 1 &&
                    EVP_DigestVerify(ctx, (const unsigned char *)signature.at, signature.len,
                                     (const unsigned char *)digest.at, digest.len) == 1;

    EVP_MD_CTX_free(ctx);
    if (!verifies)
        ERR_clear_error();
    return verifies;
}

bool auth_dkim_key_verifies(struct auth_dkim_decoded *key, struct span signature,
                            struct span digest)
{
    if (key->type == REC_DKIM_KEY_ED25519)
        return ed25519_verifies(key->ed25519, signature, digest);
    return auth_dkim_rsa_verifies(&key->rsa, REC_DKIM_RSA_SHA256, signature, digest);
}

bool auth_dkim_key_verifies_sha1(struct auth_dkim_decoded *key, struct span signature,
                                 struct span digest)
{
    return key->type == REC_DKIM_KEY_RSA &&
           auth_dkim_rsa_verifies(&key->rsa, REC_DKIM_RSA_SHA1, signature, digest);
}

struct span auth_dkim_key_raise(struct arena *arena, struct auth_dkim_decoded *key,
                                struct span signature)
{
    unsigned char block[AUTH_DKIM_RSA_OCTETS_MAX];
    size_t len =
        key->type == REC_DKIM_KEY_RSA ? auth_dkim_rsa_raise(&key->rsa, signature, block) : 0;

    return len > 0 ? arena_span(arena, span_make((const char *)block, len))
                   : (struct span){NULL, 0};
}
