/* The two numbers of an RSA key, and how long the first is. */
#include "auth/auth_dkim.h"
#include "auth/auth_dkim_key.h"
#include "record/rec_der.h"

/* rsaEncryption, 1.2.840.113549.1.1.1, with its tag and length (RFC 8017, A.1) */
static const char rsa_encryption[] = "\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x01\x01";

/* cut_number - a positive INTEGER without its leading zeros */
static bool cut_number(struct span *rest, struct span *number_out)
{
    if (!rec_der_take(rest, DER_INTEGER, number_out) || number_out->len == 0 ||
        (uint8_t)number_out->at[0] > 127)
        return false;
    while (number_out->len > 0 && number_out->at[0] == 0)
        *number_out = span_from(*number_out, 1);
    return number_out->len > 0;
}

/* dkim_der_unwrap - the RSAPublicKey inside a SubjectPublicKeyInfo */
static bool dkim_der_unwrap(struct span inside, struct span *key_out)
{
    struct span algorithm = {NULL, 0};
    struct span bits = {NULL, 0};

    if (!rec_der_take(&inside, DER_SEQUENCE, &algorithm) ||
        !span_starts_with(algorithm, rsa_encryption) ||
        !rec_der_take(&inside, DER_BIT_STRING, &bits) || bits.len == 0 || bits.at[0] != 0)
        return false;
    bits = span_from(bits, 1); /* after the count of unused bits */
    return rec_der_take(&bits, DER_SEQUENCE, key_out);
}

/* bit_length - of a number without leading zeros */
static unsigned bit_length(struct span number)
{
    unsigned bits = (unsigned)number.len * 8;

    for (unsigned top = (uint8_t)number.at[0]; top < 128; top *= 2)
        bits--;
    return bits;
}

bool auth_dkim_rsa_parse(struct span octets, struct auth_dkim_rsa *rsa_out)
{
    struct span inside = {NULL, 0};

    if (!rec_der_take(&octets, DER_SEQUENCE, &inside))
        return false;
    if (inside.len > 0 && (uint8_t)inside.at[0] == DER_SEQUENCE &&
        !dkim_der_unwrap(inside, &inside))
        return false;
    if (!cut_number(&inside, &rsa_out->modulus) || !cut_number(&inside, &rsa_out->exponent))
        return false;
    rsa_out->bits = bit_length(rsa_out->modulus);
    return true;
}

unsigned auth_dkim_key_bits(const struct rec_dkim_key *key)
{
    struct auth_dkim_rsa rsa = {0};

    switch (key->type) {
    case REC_DKIM_KEY_RSA:
        return auth_dkim_rsa_parse(key->octets, &rsa) ? rsa.bits : 0;
    case REC_DKIM_KEY_ED25519:
        return key->octets.len * 8 == AUTH_DKIM_ED25519_BITS ? AUTH_DKIM_ED25519_BITS : 0;
    case REC_DKIM_KEY_UNKNOWN:
        return 0;
    }
    return 0;
}
