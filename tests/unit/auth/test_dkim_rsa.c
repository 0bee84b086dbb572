/* RSA against OpenSSL's own verification: whatever is done to a signature, both say the same. */
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

#include "unit.h"

#include "auth/auth_dkim_rsa.h"

#define OCTETS 128 /* of the modulus of the test */
#define DIGEST 32
#define SHA1   20

struct fixture {
    EVP_PKEY *key;
    struct auth_dkim_rsa_key rsa;
    unsigned char digest[DIGEST];
};

static struct span bytes(const unsigned char *at, size_t len)
{
    return span_make((const char *)at, len);
}

static int setup(void **state)
{
    struct fixture *f = test_calloc(1, sizeof(*f));
    unsigned char *der = NULL;
    int len = 0;

    f->key = EVP_RSA_gen(OCTETS * 8);
    assert_non_null(f->key);
    len = i2d_PUBKEY(f->key, &der);
    assert_true(len > 0);
    assert_true(auth_dkim_rsa_open(&f->rsa, bytes(der, (size_t)len)));
    OPENSSL_free(der);
    for (int i = 0; i < DIGEST; i++)
        f->digest[i] = (unsigned char)(i * 7);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    auth_dkim_rsa_close(&f->rsa);
    EVP_PKEY_free(f->key);
    test_free(f);
    return 0;
}

/* sign - with PKCS #1 v1.5 by the hash; NULL: the block as it is */
static void sign(struct fixture *f, const EVP_MD *hash, const unsigned char *what, size_t len,
                 unsigned char signature[OCTETS])
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(f->key, NULL);
    size_t size = OCTETS;

    assert_int_equal(EVP_PKEY_sign_init(ctx), 1);
    if (hash == NULL)
        assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING), 1);
    else
        assert_int_equal(EVP_PKEY_CTX_set_signature_md(ctx, hash), 1);
    assert_int_equal(EVP_PKEY_sign(ctx, signature, &size, what, len), 1);
    assert_int_equal(size, OCTETS);
    EVP_PKEY_CTX_free(ctx);
}

/* openssl_verifies - what EVP says of a signature with SHA-256 */
static bool openssl_verifies(struct fixture *f, struct span signature)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(f->key, NULL);
    bool verifies = false;

    assert_int_equal(EVP_PKEY_verify_init(ctx), 1);
    assert_int_equal(EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()), 1);
    verifies = EVP_PKEY_verify(ctx, (const unsigned char *)signature.at, signature.len,
                               f->digest, DIGEST) == 1;
    EVP_PKEY_CTX_free(ctx);
    return verifies;
}

/* ours_verifies - what the room says, which must be what OpenSSL says */
static bool ours_verifies(struct fixture *f, struct span signature)
{
    bool verifies = auth_dkim_rsa_verifies(&f->rsa, REC_DKIM_RSA_SHA256, signature,
                                           bytes(f->digest, DIGEST));

    assert_int_equal(verifies, openssl_verifies(f, signature));
    return verifies;
}

static void signatures_verify_as_openssl_says(void **state)
{
    struct fixture *f = *state;
    unsigned char signature[OCTETS + 1] = {0};

    sign(f, EVP_sha256(), f->digest, DIGEST, signature);
    assert_true(ours_verifies(f, bytes(signature, OCTETS)));
    for (size_t i = 0; i < OCTETS; i++) {
        signature[i] ^= 0x10;
        assert_false(ours_verifies(f, bytes(signature, OCTETS)));
        signature[i] ^= 0x10;
    }
    for (size_t len = 0; len <= OCTETS + 1; len++)
        if (len != OCTETS)
            assert_false(ours_verifies(f, bytes(signature, len)));
    f->digest[5] ^= 1;
    assert_false(ours_verifies(f, bytes(signature, OCTETS)));
}

static void a_signature_is_less_than_the_modulus(void **state)
{
    struct fixture *f = *state;
    unsigned char signature[OCTETS];

    memset(signature, 0xff, sizeof(signature));
    assert_false(ours_verifies(f, bytes(signature, OCTETS)));
    assert_int_equal(BN_bn2binpad(f->rsa.modulus, signature, OCTETS), OCTETS);
    assert_false(ours_verifies(f, bytes(signature, OCTETS)));
    memset(signature, 0, sizeof(signature));
    assert_false(ours_verifies(f, bytes(signature, OCTETS)));
}

/* what a block may not be, whoever signed it: octets are put at a place of a good one */
static const struct {
    const char *what;
    size_t at;
    size_t len;
    const char *octets;
} forged[] = {
    {"block type 2", 1, 1, "\x02"},
    {"padding that is not FF", 40, 1, "\xfe"},
    {"padding that ends early", 10, 1, "\x00"},
    {"the OID of SHA-512", OCTETS - DIGEST - 5, 1, "\x03"},
    {"without NULL", OCTETS - DIGEST - 4, 1, "\x04"},
    {"another digest", OCTETS - 1, 1, "\x55"},
};

static void blocks_are_compared_as_a_whole(void **state)
{
    struct fixture *f = *state;
    unsigned char good[OCTETS];
    unsigned char signature[OCTETS];

    sign(f, EVP_sha256(), f->digest, DIGEST, signature);
    assert_int_equal(auth_dkim_rsa_raise(&f->rsa, bytes(signature, OCTETS), good), OCTETS);
    sign(f, NULL, good, OCTETS, signature);
    assert_true(ours_verifies(f, bytes(signature, OCTETS)));
    for (size_t i = 0; i < sizeof(forged) / sizeof(forged[0]); i++) {
        unsigned char block[OCTETS];

        memcpy(block, good, OCTETS);
        memcpy(block + forged[i].at, forged[i].octets, forged[i].len);
        sign(f, NULL, block, OCTETS, signature);
        if (ours_verifies(f, bytes(signature, OCTETS)))
            fail_msg("%s", forged[i].what);
    }
    /* Bleichenbacher's: short padding, the digest, and room for the forger behind it */
    memset(signature, 0x5a, OCTETS);
    memcpy(signature, "\x00\x01\xff\xff\xff\xff\xff\xff\xff\xff\x00", 11);
    memcpy(signature + 11, good + OCTETS - DIGEST - 19, DIGEST + 19);
    memcpy(good, signature, OCTETS);
    sign(f, NULL, good, OCTETS, signature);
    assert_false(ours_verifies(f, bytes(signature, OCTETS)));
}

static void sha1_is_another_hash(void **state)
{
    struct fixture *f = *state;
    unsigned char signature[OCTETS];

    sign(f, EVP_sha1(), f->digest, SHA1, signature);
    assert_true(auth_dkim_rsa_verifies(&f->rsa, REC_DKIM_RSA_SHA1, bytes(signature, OCTETS),
                                       bytes(f->digest, SHA1)));
    assert_false(auth_dkim_rsa_verifies(&f->rsa, REC_DKIM_RSA_SHA256, bytes(signature, OCTETS),
                                        bytes(f->digest, SHA1)));
    assert_false(ours_verifies(f, bytes(signature, OCTETS)));
    assert_false(auth_dkim_rsa_verifies(&f->rsa, REC_DKIM_RSA_SHA1, bytes(signature, OCTETS),
                                        bytes(f->digest, 0)));
}

static void a_key_that_cannot_verify_is_a_key(void **state)
{
    struct fixture *f = *state;
    unsigned char *der = NULL;
    unsigned char signature[OCTETS];
    struct auth_dkim_rsa_key even = {0};
    int len = i2d_PublicKey(f->key, &der);
    int last = len - 6; /* of the modulus: the exponent 65537 takes five octets */

    assert_true(len > last && last > 0);
    sign(f, EVP_sha256(), f->digest, DIGEST, signature);
    der[last] &= 0xfe;
    assert_true(auth_dkim_rsa_open(&even, bytes(der, (size_t)len)));
    assert_false(auth_dkim_rsa_verifies(&even, REC_DKIM_RSA_SHA256, bytes(signature, OCTETS),
                                        bytes(f->digest, DIGEST)));
    auth_dkim_rsa_close(&even);
    der[0] = 0;
    assert_false(auth_dkim_rsa_open(&even, bytes(der, (size_t)len)));
    auth_dkim_rsa_close(&even);
    OPENSSL_free(der);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(signatures_verify_as_openssl_says), TEST(a_signature_is_less_than_the_modulus),
        TEST(blocks_are_compared_as_a_whole),    TEST(sha1_is_another_hash),
        TEST(a_key_that_cannot_verify_is_a_key),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
