/* OpenSSL's arithmetic, and the encoding of RFC 8017, 9.2. */
#include <string.h>

#include "auth/auth_dkim_key.h"
#include "auth/auth_dkim_rsa.h"
#include "base/must.h"

#define PADDING_MIN       8    /* octets of FF (RFC 8017, 9.2, step 3) */
#define FRAME             3    /* 00 01 in front of the padding, 00 behind it */
#define LARGE_MODULUS     3072 /* bits: from here on a long exponent takes seconds, and */
#define EXPONENT_BITS_MAX 64   /* OpenSSL refuses it as well */

/* in front of a digest: its DigestInfo (RFC 8017, 9.2, note 1) */
static const unsigned char sha1_info[] = {0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e,
                                          0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14};
static const unsigned char sha256_info[] = {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60,
                                            0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
                                            0x01, 0x05, 0x00, 0x04, 0x20};

/* scratch_numbers - for what lies between; one for the process */
static BN_CTX *scratch_numbers(void)
{
    static BN_CTX *numbers;

    if (numbers == NULL)
        numbers = BN_CTX_new();
    must(numbers != NULL);
    return numbers;
}

/* rsa_number - most significant octet first */
static BIGNUM *rsa_number(struct span octets)
{
    BIGNUM *number = BN_bin2bn((const unsigned char *)octets.at, (int)octets.len, NULL);

    must(number != NULL);
    return number;
}

/* rsa_can_verify - the numbers are those of a key that computes in reasonable time */
static bool rsa_can_verify(const struct auth_dkim_rsa_key *key)
{
    return BN_is_odd(key->modulus) && BN_cmp(key->exponent, key->modulus) < 0 &&
           (BN_num_bits(key->modulus) <= LARGE_MODULUS ||
            BN_num_bits(key->exponent) <= EXPONENT_BITS_MAX);
}

/* rsa_prepare - what each verification needs */
static BN_MONT_CTX *rsa_prepare(const BIGNUM *modulus)
{
    BN_MONT_CTX *prepared = BN_MONT_CTX_new();

    must(prepared != NULL);
    if (BN_MONT_CTX_set(prepared, modulus, scratch_numbers()) == 1)
        return prepared;
    BN_MONT_CTX_free(prepared);
    return NULL;
}

bool auth_dkim_rsa_open(struct auth_dkim_rsa_key *key, struct span octets)
{
    struct auth_dkim_rsa rsa = {0};

    if (!auth_dkim_rsa_parse(octets, &rsa) || rsa.bits > AUTH_DKIM_RSA_BITS_MAX ||
        rsa.exponent.len > rsa.modulus.len)
        return false;
    key->modulus = rsa_number(rsa.modulus);
    key->exponent = rsa_number(rsa.exponent);
    key->len = rsa.modulus.len;
    key->prepared = rsa_can_verify(key) ? rsa_prepare(key->modulus) : NULL;
    return true;
}

void auth_dkim_rsa_close(struct auth_dkim_rsa_key *key)
{
    BN_MONT_CTX_free(key->prepared);
    BN_free(key->exponent);
    BN_free(key->modulus);
    *key = (struct auth_dkim_rsa_key){0};
}

size_t auth_dkim_rsa_raise(const struct auth_dkim_rsa_key *key, struct span signature,
                           unsigned char *block_out)
{
    BN_CTX *numbers = scratch_numbers();
    BIGNUM *number = NULL;
    size_t len = 0;

    if (key->prepared == NULL || signature.len != key->len)
        return 0;
    BN_CTX_start(numbers);
    number = BN_CTX_get(numbers);
    must(number != NULL);
    if (BN_bin2bn((const unsigned char *)signature.at, (int)signature.len, number) != NULL &&
        BN_cmp(number, key->modulus) < 0 &&
        BN_mod_exp_mont(number, number, key->exponent, key->modulus, numbers, key->prepared) ==
            1 &&
        BN_bn2binpad(number, block_out, (int)key->len) == (int)key->len)
        len = key->len;
    BN_CTX_end(numbers);
    return len;
}

bool auth_dkim_rsa_verifies(const struct auth_dkim_rsa_key *key,
                            enum rec_dkim_algorithm algorithm, struct span signature,
                            struct span digest)
{
    bool is_sha1 = algorithm == REC_DKIM_RSA_SHA1;
    const unsigned char *info = is_sha1 ? sha1_info : sha256_info;
    size_t info_len = is_sha1 ? sizeof(sha1_info) : sizeof(sha256_info);
    size_t tail = info_len + digest.len;
    unsigned char block[AUTH_DKIM_RSA_OCTETS_MAX];
    unsigned char wanted[AUTH_DKIM_RSA_OCTETS_MAX];
    size_t len = 0;

    /* the last octet of a DigestInfo is the length of the digest */
    if (digest.len != info[info_len - 1] || key->len < FRAME + PADDING_MIN + tail)
        return false;
    len = auth_dkim_rsa_raise(key, signature, block);
    if (len == 0)
        return false;
    memset(wanted, 0xff, len);
    wanted[0] = 0;
    wanted[1] = 1;
    wanted[len - tail - 1] = 0;
    memcpy(wanted + len - tail, info, info_len);
    memcpy(wanted + len - digest.len, digest.at, digest.len);
    return memcmp(wanted, block, len) == 0;
}
