/*
 * NAME
 *     smtp_certificate - TLS connections and certificates
 * DESCRIPTION
 *     Private to smtp/: shared by smtp_tls.c, smtp_tls_server.c, smtp_certificate.c and
 *     smtp_mark.c.
 * OWNERSHIP
 *     See smtp_tls.h.
 * ERRORS
 *     None: what cannot be read of a certificate is empty or 0.
 */
#ifndef SMTP_CERTIFICATE_H
#define SMTP_CERTIFICATE_H

#include <openssl/ssl.h>

#include "base/arena.h"
#include "model/certificate.h"
#include "model/smtp_probe.h"
#include "smtp/smtp_tls.h"

struct smtp_tls {
    struct arena *arena;
    SSL_CTX *context;
    SSL *ssl;
    const char *host;
    bool host_is_address;
    int64_t now;
    bool has_tlsa;
    enum smtp_dane without_tlsa;
    size_t usable_tlsa;
    bool met_plain_text;
    char first[SSL3_RT_HEADER_LENGTH]; /* octets received: a record's header, or plain text */
    size_t first_len;
    bool met_alert;
    const char *trouble;
};

/* what is shown of one certificate */
struct smtp_certificate smtp_certificate_describe(struct arena *arena, X509 *certificate);

#endif
