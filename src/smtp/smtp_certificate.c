/* Who a certificate is for, until when, and whether it is trusted. */
#include "smtp/smtp_certificate.h"

#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <time.h>

#include "base/clock.h"
#include "base/escape.h"
#include "base/ip.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "base/span.h"

/* what OpenSSL 3.2, and Debian and others before, require: 112 bits, no SHA-1 */
#define SECURITY_LEVEL 2
#define NAMES_SHOWN    50 /* of one certificate, in a line of text */

/* certificate_name_text - "CN=mx.example.com,O=Example", escaped */
static const char *certificate_name_text(struct arena *arena, const X509_NAME *name)
{
    BIO *bio = BIO_new(BIO_s_mem());
    const char *text = "";
    char *bytes = NULL;
    long len = 0;

    if (bio == NULL)
        return text;
    if (X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) >= 0) {
        len = BIO_get_mem_data(bio, &bytes);
        text = escape_to_text(arena, span_make(bytes, len > 0 ? (size_t)len : 0),
                              LIMIT_SHOWN_BYTES);
    }
    BIO_free(bio);
    return text;
}

/* certificate_time_of - seconds since 1970, 0 if it makes no sense */
static int64_t certificate_time_of(const ASN1_TIME *time)
{
    struct tm tm = {0};

    if (time == NULL || ASN1_TIME_to_tm(time, &tm) != 1)
        return 0;
    return clock_days(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday) * 86400 +
           tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec;
}

/* certificate_add_name - one DNS name or address to the list */
static void certificate_add_name(struct sbuf *list, const GENERAL_NAME *name)
{
    const ASN1_STRING *value = NULL;
    struct ip_address address = {0};
    const char *text = NULL;
    int len = 0;

    if (name->type != GEN_DNS && name->type != GEN_IPADD)
        return;
    value = name->type == GEN_DNS ? name->d.dNSName : name->d.iPAddress;
    len = ASN1_STRING_length(value);
    if (name->type == GEN_DNS) {
        text = escape_to_text(
            list->arena, span_make((const char *)ASN1_STRING_get0_data(value), (size_t)len),
            LIMIT_SHOWN_BYTES);
    } else if (len == IP_V4_OCTETS || len == IP_V6_OCTETS) {
        address =
            ip_from_octets(len == IP_V4_OCTETS ? IP_V4 : IP_V6, ASN1_STRING_get0_data(value));
        text = ip_to_text(list->arena, &address);
    }
    if (text != NULL)
        sbuf_add_item(list, ", ", text);
}

/* certificate_add_names - all names, and as many as a line of text shows */
static void certificate_add_names(struct arena *arena, X509 *certificate,
                                  struct smtp_certificate *out)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    struct sbuf list = sbuf_start(arena);
    int count = names != NULL ? sk_GENERAL_NAME_num(names) : 0;

    for (int i = 0; i < count; i++) {
        if (i == NAMES_SHOWN)
            out->names_shown =
                arena_printf(arena, "%s and %d more", sbuf_text(&list), count - NAMES_SHOWN);
        certificate_add_name(&list, sk_GENERAL_NAME_value(names, i));
    }
    GENERAL_NAMES_free(names);
    out->names = sbuf_text(&list);
    if (out->names_shown == NULL)
        out->names_shown = out->names;
}

/* certificate_key_text - "RSA 2048" */
static const char *certificate_key_text(struct arena *arena, X509 *certificate)
{
    EVP_PKEY *key = X509_get0_pubkey(certificate);
    const char *type = key != NULL ? EVP_PKEY_get0_type_name(key) : NULL;

    if (key == NULL)
        return "";
    return arena_printf(arena, "%s %d", type != NULL ? type : "key", EVP_PKEY_get_bits(key));
}

/* certificate_signature_text - the hash under the signature: "SHA256" */
static const char *certificate_signature_text(X509 *certificate)
{
    int hash = NID_undef;

    if (X509_get_signature_info(certificate, &hash, NULL, NULL, NULL) != 1 || hash == NID_undef)
        return "";
    return OBJ_nid2sn(hash);
}

struct smtp_certificate smtp_certificate_describe(struct arena *arena, X509 *certificate)
{
    int64_t from = certificate_time_of(X509_get0_notBefore(certificate));
    int64_t until = certificate_time_of(X509_get0_notAfter(certificate));

    struct smtp_certificate described = {
        .subject = certificate_name_text(arena, X509_get_subject_name(certificate)),
        .issuer = certificate_name_text(arena, X509_get_issuer_name(certificate)),
        .key = certificate_key_text(arena, certificate),
        .signature = certificate_signature_text(certificate),
        .not_before = clock_to_text(arena, from),
        .not_after = clock_to_text(arena, until),
        .expires = until,
    };

    certificate_add_names(arena, certificate, &described);
    return described;
}

/* describe_chain - as the server sent it: OpenSSL takes no more than 100 KB of certificates */
static void describe_chain(struct smtp_tls *tls, struct smtp_tls_facts *facts)
{
    STACK_OF(X509) *chain = SSL_get_peer_cert_chain(tls->ssl);
    int count = chain != NULL ? sk_X509_num(chain) : 0;
    struct smtp_certificate *shown =
        arena_array_of(tls->arena, struct smtp_certificate, (size_t)count + 1);

    for (int i = 0; i < count; i++)
        shown[facts->chain_count++] =
            smtp_certificate_describe(tls->arena, sk_X509_value(chain, i));
    facts->chain = shown;
}

/* trust_of - what has to be repaired, by the verification result */
static enum smtp_trust trust_of(int code)
{
    static const struct {
        int code;
        enum smtp_trust trust;
    } table[] = {
        {X509_V_OK, TRUST_FINE},
        {X509_V_ERR_CERT_HAS_EXPIRED, TRUST_EXPIRED},
        {X509_V_ERR_CERT_NOT_YET_VALID, TRUST_NOT_YET},
        {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, TRUST_SELF_SIGNED},
        {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, TRUST_UNKNOWN_ISSUER},
        {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, TRUST_UNKNOWN_ISSUER},
        {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, TRUST_UNKNOWN_ISSUER},
        {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, TRUST_UNKNOWN_ISSUER},
        {X509_V_ERR_EE_KEY_TOO_SMALL, TRUST_WEAK},
        {X509_V_ERR_CA_KEY_TOO_SMALL, TRUST_WEAK},
        {X509_V_ERR_CA_MD_TOO_WEAK, TRUST_WEAK},
    };

    for (size_t i = 0; i < COUNT_OF(table); i++)
        if (table[i].code == code)
            return table[i].trust;
    return TRUST_OTHER;
}

/* certificate_verify - the chain, against the trusted roots, at the time of the report */
static void certificate_verify(struct smtp_tls *tls, X509 *certificate,
                               struct smtp_tls_facts *facts)
{
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    int code = X509_V_ERR_UNSPECIFIED;

    if (context != NULL &&
        X509_STORE_CTX_init(context, SSL_CTX_get_cert_store(tls->context), certificate,
                            SSL_get_peer_cert_chain(tls->ssl)) == 1) {
        X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(context), (time_t)tls->now);
        X509_STORE_CTX_set_purpose(context, X509_PURPOSE_SSL_SERVER);
        X509_VERIFY_PARAM_set_auth_level(X509_STORE_CTX_get0_param(context), SECURITY_LEVEL);
        code = X509_verify_cert(context) == 1 ? X509_V_OK : X509_STORE_CTX_get_error(context);
    }
    X509_STORE_CTX_free(context);
    facts->trust = trust_of(code);
    facts->trust_text = X509_verify_cert_error_string(code);
    if (facts->trust == TRUST_WEAK)
        facts->trust_text =
            arena_printf(tls->arena, "%s: %s, signed with %s", facts->trust_text,
                         facts->chain[0].key, facts->chain[0].signature);
}

/* matches_name - RFC 6125; the common name counts only where there are no names */
static bool matches_name(const struct smtp_tls *tls, X509 *certificate)
{
    return tls->host_is_address ? X509_check_ip_asc(certificate, tls->host, 0) == 1
                                : X509_check_host(certificate, tls->host, 0, 0, NULL) == 1;
}

/* certificate_dane_of - the handshake has compared the records already */
static enum smtp_dane certificate_dane_of(const struct smtp_tls *tls)
{
    if (!tls->has_tlsa)
        return tls->without_tlsa;
    if (tls->usable_tlsa == 0)
        return DANE_UNUSABLE;
    return SSL_get_verify_result(tls->ssl) == X509_V_OK &&
                   SSL_get0_dane_authority(tls->ssl, NULL, NULL) >= 0
               ? DANE_MATCHES
               : DANE_DIFFERS;
}

const struct smtp_tls_facts *smtp_tls_facts(struct smtp_tls *tls)
{
    struct smtp_tls_facts *facts = arena_new_of(tls->arena, struct smtp_tls_facts);
    X509 *certificate = SSL_get0_peer_certificate(tls->ssl);

    facts->version = arena_strdup(tls->arena, SSL_get_version(tls->ssl));
    facts->cipher = arena_strdup(tls->arena, SSL_get_cipher_name(tls->ssl));
    facts->is_old = SSL_version(tls->ssl) < TLS1_2_VERSION;
    facts->trust = TRUST_OTHER;
    facts->trust_text = "the server sent no certificate";
    if (certificate == NULL)
        return facts;
    describe_chain(tls, facts);
    certificate_verify(tls, certificate, facts);
    facts->is_for_name = matches_name(tls, certificate);
    facts->dane = certificate_dane_of(tls);
    return facts;
}
