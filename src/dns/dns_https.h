/*
 * NAME
 *     dns_https - what stands behind a URL, as facts of the ledger
 * DESCRIPTION
 *     The ledger's other half: dns_https_ask() returns the fact that is held for a URL, or
 *     notes the URL as wanted and returns a fact that is HTTPS_PENDING.
 *     dns_https_fill() takes what the source holds (a snapshot) and has the rest fetched
 *     by the function it is given, all at once; without one the rest is HTTPS_UNKNOWN.
 *     Facts keep the order in which they were asked for, and are lines of a snapshot.
 *
 *     A redirect is an answer and not followed here: whoever wants to go on asks for its
 *     location, so that every step is a fact of its own.
 * OWNERSHIP
 *     In the arena of the ledger.
 * ERRORS
 *     None: failures are statuses.
 * STANDARDS
 *     RFC 8461, 3.3; RFC 9110
 */
#ifndef DNS_HTTPS_H
#define DNS_HTTPS_H

#include "dns/dns_ledger.h"

enum https_status {
    HTTPS_PENDING,    /* wanted: only inside a run */
    HTTPS_UNKNOWN,    /* not asked, and in no snapshot */
    HTTPS_UNRESOLVED, /* the addresses of the host could not be asked */
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

struct dns_https {
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
    struct dns_https *next;
};

/* Calls dns_https_wait() while it waits. What it leaves HTTPS_PENDING becomes HTTPS_BUDGET. */
typedef void dns_https_fetch_fn(void *ctx, struct dns_ledger *ledger,
                                struct dns_https *const *wanted, size_t count);

/* never NULL; `host` is that of the URL */
const struct dns_https *dns_https_ask(struct dns_ledger *ledger, const char *url,
                                      const struct dns_name *host, size_t max_bytes);

size_t dns_https_wanted(const struct dns_ledger *ledger);

/* `fetch` NULL: nothing is fetched */
void dns_https_fill(struct dns_ledger *ledger, struct dns_source *source,
                    dns_https_fetch_fn *fetch, void *ctx);

/* for a function that fetches, several times a second: the milliseconds that are left to the
 * subject, which DNS and HTTPS share; none: give up. Whoever looks on is told. */
int64_t dns_https_wait(struct dns_ledger *ledger);

/* all that were asked for, in order; NULL: none */
const struct dns_https *dns_https_first(const struct dns_ledger *ledger);

const char *dns_https_status_to_text(enum https_status status);
bool dns_https_status_parse(struct span text, enum https_status *status_out);

/* somebody was asked and nothing came that proves a fault of theirs, or nobody could be: a
 * handshake that fails may be the work of whoever is between, a certificate shows itself */
bool dns_https_is_failure(enum https_status status);

#endif
