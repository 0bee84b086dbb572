/* The handshake and the bytes; certificates are judged in smtp_certificate.c. */
#include <errno.h>
#include <openssl/err.h>

#include "base/escape.h"
#include "base/limits.h"
#include "smtp/smtp_certificate.h"

/* tls_remember - why OpenSSL failed */
static void tls_remember(struct smtp_tls *tls)
{
    unsigned long code = ERR_peek_last_error();
    const char *text = code != 0 ? ERR_reason_error_string(code) : NULL;

    tls->met_plain_text = ERR_GET_LIB(code) == ERR_LIB_SSL &&
                          (ERR_GET_REASON(code) == SSL_R_WRONG_VERSION_NUMBER ||
                           ERR_GET_REASON(code) == SSL_R_HTTP_REQUEST);
    tls->met_alert =
        ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) >= SSL_AD_REASON_OFFSET;
    if (text == NULL)
        text = errno != 0 ? strerror(errno) : "the connection was closed";
    tls->trouble = escape_to_text(tls->arena, span_of(text), LIMIT_SHOWN_BYTES);
}

/* tls_status_of - what a call of OpenSSL means for us */
static enum smtp_tls_status tls_status_of(struct smtp_tls *tls, int result)
{
    int error = SSL_get_error(tls->ssl, result);

    if (result > 0)
        return TLS_DONE;
    if (error == SSL_ERROR_WANT_READ)
        return TLS_WANTS_READ;
    if (error == SSL_ERROR_WANT_WRITE)
        return TLS_WANTS_WRITE;
    tls_remember(tls);
    /* many servers close without close_notify */
    return error == SSL_ERROR_ZERO_RETURN ||
                   (error == SSL_ERROR_SSL &&
                    ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
               ? TLS_CLOSED
               : TLS_FAILED;
}

static const int version_numbers[SMTP_TLS_VERSIONS] = {
    [SMTP_TLS_1_0] = TLS1_VERSION,
    [SMTP_TLS_1_1] = TLS1_1_VERSION,
    [SMTP_TLS_1_2] = TLS1_2_VERSION,
    [SMTP_TLS_1_3] = TLS1_3_VERSION,
};

/* open_context - old protocols included */
static bool open_context(struct smtp_tls *tls, const struct smtp_tls_wish *wish,
                         struct err *why)
{
    tls->context = SSL_CTX_new(TLS_client_method());
    if (tls->context == NULL) {
        err_set_kind(why, ERR_INTERNAL, "OpenSSL cannot create a TLS context");
        return false;
    }
    SSL_CTX_set_min_proto_version(
        tls->context, wish->only != SMTP_TLS_ANY ? version_numbers[wish->only] : TLS1_VERSION);
    SSL_CTX_set_max_proto_version(tls->context, version_numbers[wish->only]);
    SSL_CTX_set_security_level(tls->context, 0);
    SSL_CTX_set_verify(tls->context, SSL_VERIFY_NONE, NULL);
    SSL_CTX_set_mode(tls->context,
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    if (wish->ca_file == NULL) {
        SSL_CTX_set_default_verify_paths(tls->context);
        return true;
    }
    if (SSL_CTX_load_verify_file(tls->context, wish->ca_file) == 1)
        return true;
    err_set(why, "%s: contains no readable certificates in PEM format",
            escape_to_text(tls->arena, span_of(wish->ca_file), LIMIT_SHOWN_BYTES));
    return false;
}

/* tls_add_tlsa - usages 0 and 1 are not for SMTP (RFC 7672, 3.1.3) */
static void tls_add_tlsa(struct smtp_tls *tls, const struct smtp_tls_wish *wish)
{
    if (wish->tlsa_count == 0 || wish->host_is_address)
        return;
    tls->has_tlsa = true;
    SSL_CTX_dane_enable(tls->context);
    SSL_CTX_dane_set_flags(tls->context, DANE_FLAG_NO_DANE_EE_NAMECHECKS); /* RFC 7672, 3.1.1 */
    if (SSL_dane_enable(tls->ssl, wish->host) <= 0)
        return;
    if (wish->domain != NULL)
        SSL_add1_host(tls->ssl, wish->domain); /* usage 2: RFC 7672, 3.2.2 */
    for (size_t i = 0; i < wish->tlsa_count; i++) {
        const struct smtp_tlsa *tlsa = &wish->tlsa[i];

        if ((tlsa->usage == 2 || tlsa->usage == 3) &&
            SSL_dane_tlsa_add(tls->ssl, (uint8_t)tlsa->usage, (uint8_t)tlsa->selector,
                              (uint8_t)tlsa->matching, (const uint8_t *)tlsa->bytes.at,
                              tlsa->bytes.len) > 0)
            tls->usable_tlsa++;
    }
}

/* note_first - keep the first octets received, which show other protocols */
static void note_first(int is_sent, int version, int type, const void *bytes, size_t len,
                       SSL *ssl, void *ctx)
{
    struct smtp_tls *tls = ctx;

    (void)version;
    (void)ssl;
    if (is_sent || type != SSL3_RT_HEADER || tls->first_len > 0 || len > sizeof(tls->first))
        return;
    memcpy(tls->first, bytes, len);
    tls->first_len = len;
}

struct smtp_tls *smtp_tls_open(struct arena *arena, const struct smtp_tls_wish *wish,
                               struct err *why)
{
    struct smtp_tls *tls = arena_new_of(arena, struct smtp_tls);

    *tls = (struct smtp_tls){.arena = arena,
                             .host = wish->host,
                             .host_is_address = wish->host_is_address,
                             .without_tlsa = wish->without_tlsa,
                             .now = wish->now};
    if (!open_context(tls, wish, why)) {
        smtp_tls_close(tls);
        return NULL;
    }
    /* before SSL_new(), which copies what is enabled */
    if (wish->tlsa_count > 0)
        SSL_CTX_dane_enable(tls->context);
    tls->ssl = SSL_new(tls->context);
    if (tls->ssl == NULL || SSL_set_fd(tls->ssl, wish->fd) != 1) {
        err_set_kind(why, ERR_INTERNAL, "OpenSSL cannot create a TLS connection");
        smtp_tls_close(tls);
        return NULL;
    }
    SSL_set_msg_callback(tls->ssl, note_first);
    SSL_set_msg_callback_arg(tls->ssl, tls);
    SSL_set_connect_state(tls->ssl);
    if (!wish->host_is_address)
        SSL_set_tlsext_host_name(tls->ssl, wish->host);
    tls_add_tlsa(tls, wish);
    return tls;
}

enum smtp_tls_status smtp_tls_handshake(struct smtp_tls *tls)
{
    ERR_clear_error();
    errno = 0;
    return tls_status_of(tls, SSL_do_handshake(tls->ssl));
}

enum smtp_tls_status smtp_tls_read(struct smtp_tls *tls, char *bytes, size_t size,
                                   size_t *len_out)
{
    ERR_clear_error();
    errno = 0;
    *len_out = 0;
    return tls_status_of(tls, SSL_read_ex(tls->ssl, bytes, size, len_out));
}

enum smtp_tls_status smtp_tls_write(struct smtp_tls *tls, struct span bytes, size_t *len_out)
{
    ERR_clear_error();
    errno = 0;
    *len_out = 0;
    return tls_status_of(tls, SSL_write_ex(tls->ssl, bytes.at, bytes.len, len_out));
}

const char *smtp_tls_trouble(const struct smtp_tls *tls)
{
    return tls->trouble != NULL ? tls->trouble : "no reason was given";
}

bool smtp_tls_met_plain_text(const struct smtp_tls *tls)
{
    return tls->met_plain_text;
}

struct span smtp_tls_plain_text(const struct smtp_tls *tls)
{
    return span_make(tls->first, tls->first_len);
}

bool smtp_tls_met_alert(const struct smtp_tls *tls)
{
    return tls->met_alert;
}

void smtp_tls_close(struct smtp_tls *tls)
{
    if (tls == NULL)
        return;
    SSL_free(tls->ssl);
    SSL_CTX_free(tls->context);
    tls->ssl = NULL;
    tls->context = NULL;
}
