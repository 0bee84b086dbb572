/*
 * The table is made of small groups: a key can only be in the group that its
 * fingerprint names, and the oldest of the group makes room for a new one.
 */
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <string.h>

#include "auth/auth_dkim.h"
#include "auth/auth_dkim_key.h"
#include "auth/auth_dkim_sink.h"

#define GROUPS             64
#define KEYS_PER_GROUP     4
#define FINGERPRINT_OCTETS 32
#define RSA_OCTETS_MAX     (AUTH_DKIM_RSA_BITS_MAX / 8)

struct auth_dkim_decoded {
    unsigned char fingerprint[FINGERPRINT_OCTETS]; /* SHA-256 of the octets of the record */
    enum rec_dkim_key_type type;
    EVP_PKEY *key;           /* NULL: the place is free */
    EVP_PKEY_CTX *verifying; /* RSA: set up once */
};

static struct group {
    struct auth_dkim_decoded keys[KEYS_PER_GROUP];
    unsigned oldest;
} groups[GROUPS];

/* dkim_key_forget - free one place; accepts a free one */
static void dkim_key_forget(struct auth_dkim_decoded *key)
{
    EVP_PKEY_CTX_free(key->verifying);
    EVP_PKEY_free(key->key);
    *key = (struct auth_dkim_decoded){0};
}

void auth_dkim_forget_keys(void)
{
    for (size_t i = 0; i < GROUPS; i++)
        for (size_t j = 0; j < KEYS_PER_GROUP; j++)
            dkim_key_forget(&groups[i].keys[j]);
}

/* to_native - a number as OpenSSL's parameters want it: least significant octet first */
static void to_native(unsigned char *dst, struct span number)
{
    for (size_t i = 0; i < number.len; i++)
        dst[i] = (unsigned char)number.at[number.len - 1 - i];
}

/* rsa_open - a key from its two numbers; NULL if they are beyond the bounds */
static EVP_PKEY *rsa_open(struct span octets)
{
    unsigned char modulus[RSA_OCTETS_MAX];
    unsigned char exponent[RSA_OCTETS_MAX];
    struct auth_dkim_rsa rsa = {0};
    EVP_PKEY_CTX *ctx = NULL;
    EVP_PKEY *key = NULL;

    if (!auth_dkim_rsa_parse(octets, &rsa) || rsa.bits > AUTH_DKIM_RSA_BITS_MAX ||
        rsa.exponent.len > rsa.modulus.len)
        return NULL;
    to_native(modulus, rsa.modulus);
    to_native(exponent, rsa.exponent);
    OSSL_PARAM numbers[] = {
        OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_N, modulus, rsa.modulus.len),
        OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_E, exponent, rsa.exponent.len),
        OSSL_PARAM_construct_end(),
    };

    ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    if (ctx != NULL && EVP_PKEY_fromdata_init(ctx) == 1 &&
        EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, numbers) != 1)
        key = NULL;
    EVP_PKEY_CTX_free(ctx);
    return key;
}

/* rsa_prepare - PKCS #1 v1.5 with SHA-256 (RFC 6376, 3.3.2) */
static EVP_PKEY_CTX *rsa_prepare(EVP_PKEY *key)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);

    if (ctx != NULL && EVP_PKEY_verify_init(ctx) == 1 &&
        EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1 &&
        EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) == 1)
        return ctx;
    EVP_PKEY_CTX_free(ctx);
    return NULL;
}

/* dkim_key_decode - fill a free place; it stays free if the octets are no key */
static void dkim_key_decode(struct auth_dkim_decoded *place, const struct rec_dkim_key *key)
{
    place->type = key->type;
    switch (key->type) {
    case REC_DKIM_KEY_RSA:
        place->key = rsa_open(key->octets);
        place->verifying = place->key == NULL ? NULL : rsa_prepare(place->key);
        if (place->verifying == NULL)
            dkim_key_forget(place);
        break;
    case REC_DKIM_KEY_ED25519:
        place->key = EVP_PKEY_new_raw_public_key_ex(
            NULL, "ED25519", NULL, (const unsigned char *)key->octets.at, key->octets.len);
        break;
    case REC_DKIM_KEY_UNKNOWN:
        break;
    }
    ERR_clear_error();
}

struct auth_dkim_decoded *auth_dkim_key_get(const struct rec_dkim_key *key)
{
    unsigned char fingerprint[FINGERPRINT_OCTETS];
    struct auth_dkim_decoded *place = NULL;
    struct group *group = NULL;

    auth_dkim_fingerprint(key->octets, fingerprint);
    group = &groups[fingerprint[0] % GROUPS];
    for (size_t i = 0; i < KEYS_PER_GROUP; i++) {
        place = &group->keys[i];
        if (place->key != NULL && place->type == key->type &&
            memcmp(place->fingerprint, fingerprint, sizeof(fingerprint)) == 0)
            return place;
    }
    place = &group->keys[group->oldest++ % KEYS_PER_GROUP];
    dkim_key_forget(place);
    dkim_key_decode(place, key);
    memcpy(place->fingerprint, fingerprint, sizeof(fingerprint));
    return place->key == NULL ? NULL : place;
}

/* ed25519_verifies - the digest itself is the message that was signed (RFC 8463, 3) */
static bool ed25519_verifies(EVP_PKEY *key, struct span signature, struct span digest)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool verifies = ctx != NULL && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) == 1 &&
                    EVP_DigestVerify(ctx, (const unsigned char *)signature.at, signature.len,
                                     (const unsigned char *)digest.at, digest.len) == 1;

    EVP_MD_CTX_free(ctx);
    return verifies;
}

bool auth_dkim_key_verifies(struct auth_dkim_decoded *key, struct span signature,
                            struct span digest)
{
    bool verifies = false;

    if (key->type == REC_DKIM_KEY_ED25519)
        verifies = ed25519_verifies(key->key, signature, digest);
    else
        verifies =
            EVP_PKEY_verify(key->verifying, (const unsigned char *)signature.at, signature.len,
                            (const unsigned char *)digest.at, digest.len) == 1;
    if (!verifies)
        ERR_clear_error();
    return verifies;
}

struct span auth_dkim_key_raise(struct arena *arena, struct auth_dkim_decoded *key,
                                struct span signature)
{
    unsigned char *block = arena_alloc(arena, RSA_OCTETS_MAX);
    size_t len = RSA_OCTETS_MAX;
    EVP_PKEY_CTX *ctx = NULL;
    bool is_raised = false;

    if (key->type != REC_DKIM_KEY_RSA)
        return (struct span){NULL, 0};
    ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key->key, NULL);
    is_raised = ctx != NULL && EVP_PKEY_verify_recover_init(ctx) == 1 &&
                EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING) == 1 &&
                EVP_PKEY_verify_recover(ctx, block, &len, (const unsigned char *)signature.at,
                                        signature.len) == 1;
    EVP_PKEY_CTX_free(ctx);
    if (!is_raised)
        ERR_clear_error();
    return is_raised ? span_make((const char *)block, len) : (struct span){NULL, 0};
}

/* in front of a SHA-1 digest: its DigestInfo (RFC 8017, 9.2, note 1) */
static const unsigned char sha1_info[] = {0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e,
                                          0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14};

bool auth_dkim_key_verifies_sha1(struct arena *arena, struct auth_dkim_decoded *key,
                                 struct span signature, struct span digest)
{
    static const size_t frame = 3; /* 00 01 in front of the padding, 00 behind it */
    struct span block = auth_dkim_key_raise(arena, key, signature);
    size_t tail = sizeof(sha1_info) + digest.len;
    unsigned char *wanted = NULL;

    if (digest.len == 0 || block.len < frame + tail)
        return false;
    wanted = arena_alloc(arena, block.len);
    memset(wanted, 0xff, block.len);
    wanted[0] = 0;
    wanted[1] = 1;
    wanted[block.len - tail - 1] = 0;
    memcpy(wanted + block.len - tail, sha1_info, sizeof(sha1_info));
    memcpy(wanted + block.len - digest.len, digest.at, digest.len);
    return memcmp(wanted, block.at, block.len) == 0;
}
