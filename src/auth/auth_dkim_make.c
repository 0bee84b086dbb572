/* Keys are made by OpenSSL and its random numbers; here they only get their form. */
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "auth/auth_dkim_make.h"
#include "base/base64.h"
#include "base/span.h"

/* public_of - NULL if OpenSSL does not give it */
static const char *public_of(struct arena *arena, EVP_PKEY *key, bool is_rsa)
{
    const char *text = NULL;
    unsigned char *octets = NULL;
    size_t len = 0;
    int der_len = 0;

    if (!is_rsa) {
        if (EVP_PKEY_get_raw_public_key(key, NULL, &len) != 1)
            return NULL;
        octets = arena_alloc(arena, len);
        if (EVP_PKEY_get_raw_public_key(key, octets, &len) != 1)
            return NULL;
        return base64_encode(arena, span_make((const char *)octets, len)).at;
    }
    der_len = i2d_PUBKEY(key, &octets);
    if (der_len > 0)
        text = base64_encode(arena, span_make((const char *)octets, (size_t)der_len)).at;
    OPENSSL_free(octets);
    return text;
}

/* private_of - PEM; NULL if OpenSSL does not give it */
static const char *private_of(struct arena *arena, EVP_PKEY *key)
{
    BIO *bio = BIO_new(BIO_s_mem());
    const char *text = NULL;
    char *bytes = NULL;
    long len = 0;

    if (bio != NULL && PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1 &&
        (len = BIO_get_mem_data(bio, &bytes)) > 0)
        text = arena_strdup_span(arena, span_make(bytes, (size_t)len));
    BIO_free(bio);
    return text;
}

bool auth_dkim_make(struct arena *arena, unsigned bits, struct auth_dkim_pair *pair_out,
                    struct err *why)
{
    EVP_PKEY *key = bits > 0 ? EVP_RSA_gen(bits) : EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");

    *pair_out = (struct auth_dkim_pair){.type = bits > 0 ? "rsa" : "ed25519"};
    if (key != NULL) {
        pair_out->public_base64 = public_of(arena, key, bits > 0);
        pair_out->private_pem = private_of(arena, key);
    }
    EVP_PKEY_free(key);
    if (pair_out->public_base64 != NULL && pair_out->private_pem != NULL)
        return true;
    err_set_kind(why, ERR_INTERNAL, "OpenSSL cannot make a key");
    ERR_clear_error();
    return false;
}
