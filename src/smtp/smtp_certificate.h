/*
 * NAME
 *     smtp_certificate - the parts of a TLS connection
 * DESCRIPTION
 *     Private to smtp/: shared by smtp_tls.c, which moves bytes, and
 *     smtp_certificate.c, which judges the certificates, and smtp_mark.c.
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
    char first
        [SSL3_RT_HEADER_LENGTH]; /* what came first: the header of a record, or plain text */
    size_t first_len;
    bool met_alert;
    const char *trouble;
};

/* what is shown of one certificate */
struct smtp_certificate smtp_certificate_describe(struct arena *arena, X509 *certificate);

#endif
