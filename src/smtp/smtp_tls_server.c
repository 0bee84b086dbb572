/* Two keys on a curve, which are made quickly, and their certificates. */
#include "smtp/smtp_tls_server.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "base/ip.h"
#include "base/sbuf.h"
#include "smtp/smtp_certificate.h"

#define CURVE          "P-256"
#define SERIAL_BITS    127
#define DAYS           397 /* what browsers accept */
#define SECONDS_OF_DAY 86400

struct smtp_tls_server {
    struct arena *arena;
    SSL_CTX *context;
    EVP_PKEY *ca_key;
    EVP_PKEY *key;
    X509 *ca;
    X509 *certificate;
    struct span pem; /* of the authority */
};

/* add_extension - by its text */
static bool add_extension(X509 *certificate, X509 *issuer, int nid, const char *text)
{
    X509V3_CTX context;
    X509_EXTENSION *extension = NULL;
    bool is_added = false;

    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    extension = X509V3_EXT_conf_nid(NULL, &context, nid, text);
    is_added = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return is_added;
}

/* set_serial - random, positive (RFC 5280, 4.1.2.2) */
static bool set_serial(X509 *certificate)
{
    BIGNUM *number = BN_new();
    bool is_set = number != NULL && BN_rand(number, SERIAL_BITS, BN_RAND_TOP_ONE, 0) == 1 &&
                  BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL;

    BN_free(number);
    return is_set;
}

/* new_certificate - for the key, without extensions; valid since yesterday */
static X509 *new_certificate(EVP_PKEY *key, const char *name)
{
    X509 *certificate = X509_new();

    if (certificate != NULL && X509_set_version(certificate, X509_VERSION_3) == 1 &&
        set_serial(certificate) &&
        X509_gmtime_adj(X509_getm_notBefore(certificate), -SECONDS_OF_DAY) != NULL &&
        X509_gmtime_adj(X509_getm_notAfter(certificate), (long)DAYS * SECONDS_OF_DAY) != NULL &&
        X509_set_pubkey(certificate, key) == 1 &&
        X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                                   (const unsigned char *)name, -1, -1, 0) == 1)
        return certificate;
    X509_free(certificate);
    return NULL;
}

/* make_authority - self-signed */
static bool make_authority(struct smtp_tls_server *server)
{
    server->ca_key = EVP_EC_gen(CURVE);
    server->ca = server->ca_key == NULL
                     ? NULL
                     : new_certificate(server->ca_key, "mailassay sandbox, made for one run");
    return server->ca != NULL &&
           X509_set_issuer_name(server->ca, X509_get_subject_name(server->ca)) == 1 &&
           add_extension(server->ca, server->ca, NID_basic_constraints,
                         "critical,CA:TRUE,pathlen:0") &&
           add_extension(server->ca, server->ca, NID_key_usage,
                         "critical,keyCertSign,cRLSign") &&
           add_extension(server->ca, server->ca, NID_subject_key_identifier, "hash") &&
           X509_sign(server->ca, server->ca_key, EVP_sha256()) > 0;
}

/* alternative_names - "DNS:localhost,IP:127.0.0.1" */
static const char *alternative_names(struct arena *arena, const char *const *names,
                                     size_t count)
{
    struct sbuf text = sbuf_start(arena);

    for (size_t i = 0; i < count; i++) {
        struct ip_address address = {.family = IP_NONE};

        sbuf_addf(&text, "%s%s:%s", i > 0 ? "," : "",
                  ip_parse(span_of(names[i]), &address) ? "IP" : "DNS", names[i]);
    }
    return sbuf_text(&text);
}

/* make_certificate - signed by the authority */
static bool make_certificate(struct smtp_tls_server *server, const char *const *names,
                             size_t count)
{
    server->key = EVP_EC_gen(CURVE);
    server->certificate = server->key == NULL ? NULL : new_certificate(server->key, names[0]);
    return server->certificate != NULL &&
           X509_set_issuer_name(server->certificate, X509_get_subject_name(server->ca)) == 1 &&
           add_extension(server->certificate, server->ca, NID_basic_constraints,
                         "critical,CA:FALSE") &&
           add_extension(server->certificate, server->ca, NID_ext_key_usage, "serverAuth") &&
           add_extension(server->certificate, server->ca, NID_authority_key_identifier,
                         "keyid") &&
           add_extension(server->certificate, server->ca, NID_subject_alt_name,
                         alternative_names(server->arena, names, count)) &&
           X509_sign(server->certificate, server->ca_key, EVP_sha256()) > 0;
}

/* write_pem - the authority's certificate as text */
static bool write_pem(struct smtp_tls_server *server)
{
    BIO *memory = BIO_new(BIO_s_mem());
    char *bytes = NULL;
    long len = 0;
    bool is_written = memory != NULL && PEM_write_bio_X509(memory, server->ca) == 1 &&
                      (len = BIO_get_mem_data(memory, &bytes)) > 0;

    if (is_written)
        server->pem = arena_span(server->arena, span_make(bytes, (size_t)len));
    BIO_free(memory);
    return is_written;
}

/* open_server_context - what all connections share */
static bool open_server_context(struct smtp_tls_server *server)
{
    static const unsigned char session_name[] = "mailassay";

    server->context = SSL_CTX_new(TLS_server_method());
    if (server->context == NULL)
        return false;
    SSL_CTX_set_min_proto_version(server->context, TLS1_2_VERSION);
    SSL_CTX_set_options(server->context, SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_mode(server->context, SSL_MODE_ENABLE_PARTIAL_WRITE |
                                          SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                          SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_id_context(server->context, session_name, sizeof(session_name) - 1);
    return SSL_CTX_use_certificate(server->context, server->certificate) == 1 &&
           SSL_CTX_use_PrivateKey(server->context, server->key) == 1;
}

struct smtp_tls_server *smtp_tls_server_open(struct arena *arena, const char *const *names,
                                             size_t count, struct err *why)
{
    struct smtp_tls_server *server = arena_new_of(arena, struct smtp_tls_server);

    server->arena = arena;
    if (make_authority(server) && make_certificate(server, names, count) && write_pem(server) &&
        open_server_context(server))
        return server;
    err_set_kind(why, ERR_INTERNAL, "OpenSSL cannot make a certificate for %s", names[0]);
    smtp_tls_server_close(server);
    return NULL;
}

void smtp_tls_server_close(struct smtp_tls_server *server)
{
    if (server == NULL)
        return;
    SSL_CTX_free(server->context);
    X509_free(server->certificate);
    X509_free(server->ca);
    EVP_PKEY_free(server->key);
    EVP_PKEY_free(server->ca_key);
}

struct span smtp_tls_server_ca(const struct smtp_tls_server *server)
{
    return server->pem;
}

struct smtp_tls *smtp_tls_server_accept(const struct smtp_tls_server *server,
                                        struct arena *arena, int fd)
{
    struct smtp_tls *tls = arena_new_of(arena, struct smtp_tls);

    tls->arena = arena;
    tls->ssl = SSL_new(server->context);
    if (tls->ssl == NULL || SSL_set_fd(tls->ssl, fd) != 1) {
        smtp_tls_close(tls);
        return NULL;
    }
    SSL_set_accept_state(tls->ssl);
    return tls;
}

const char *smtp_tls_server_text(const struct smtp_tls *tls)
{
    return arena_printf(tls->arena, "%s %s", SSL_get_version(tls->ssl),
                        SSL_get_cipher_name(tls->ssl));
}

void smtp_tls_server_finish(struct smtp_tls *tls)
{
    if (tls != NULL && SSL_is_init_finished(tls->ssl))
        (void)SSL_shutdown(tls->ssl);
    ERR_clear_error();
}
