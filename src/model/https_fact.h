/*
 * NAME
 *     https_fact - what a URL leads to
 * DESCRIPTION
 *     What a fetch over HTTPS gave, or why it gave nothing. A source may hold such facts
 *     (a snapshot does); the ledger asks for them, see ledger/ledger_https.h.
 * OWNERSHIP
 *     In the arena of the ledger or source that holds it.
 * ERRORS
 *     None: failures are statuses.
 * STANDARDS
 *     RFC 8461, 3.3; RFC 9110
 */
#ifndef MODEL_HTTPS_FACT_H
#define MODEL_HTTPS_FACT_H

#include "base/dns_name.h"
#include "base/span.h"
#include "model/dns_answer.h"

enum https_status {
    HTTPS_PENDING,    /* wanted: only inside a run */
    HTTPS_UNKNOWN,    /* not asked, and in no snapshot */
    HTTPS_UNRESOLVED, /* the addresses of the host could not be queried */
    HTTPS_BUDGET,     /* a ceiling of base/limits.h was reached */
    HTTPS_TIMEOUT,
    HTTPS_CONNECT,     /* no connection, or it broke */
    HTTPS_REFUSED,     /* by us: the address is not one of the Internet, or no plain URL */
    HTTPS_NO_ADDRESS,  /* the host has none */
    HTTPS_TLS,         /* no TLS session */
    HTTPS_CERTIFICATE, /* the certificate is not to be trusted: see `certificate` */
    HTTPS_MALFORMED,   /* no HTTP */
    HTTPS_TOO_LARGE,
    HTTPS_REDIRECT, /* 3xx with a location */
    HTTPS_STATUS,   /* another status than 200 */
    HTTPS_OK
};

struct https_fact {
    const char *url;
    const struct dns_name *host;
    size_t max_bytes; /* of the body */
    enum https_status status;
    unsigned http_status;     /* 0: none came */
    const char *content_type; /* escaped; NULL */
    const char *location;     /* of a redirect; NULL */
    /* "expired", "not-yet-valid", "self-signed", "unknown-issuer", "wrong-name", "other";
     * NULL: nothing wrong, or none seen */
    const char *certificate;
    const char *source; /* "live" */
    const char *detail; /* of a failure; safe to show; NULL */
    struct span body;   /* HTTPS_OK */
    struct https_fact *next;
};

const char *https_status_to_text(enum https_status status);
bool https_status_parse(struct span text, enum https_status *status_out);

/* somebody was asked and nothing came that proves a fault of theirs, or nobody could be: a
 * handshake that fails may be the work of whoever is between, a certificate shows itself */
bool https_is_failure(enum https_status status);

/* the content type, whatever its parameters; one that was not sent may be it */
bool https_is_served_as(const struct https_fact *fact, const char *wanted);

#endif
