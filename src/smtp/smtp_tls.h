/*
 * NAME
 *     smtp_tls - TLS on a connection, and what its certificate is worth
 * DESCRIPTION
 *     The handshake never fails over a certificate: the chain is judged
 *     afterwards, so that a report can name everything that is wrong with it.
 *     Three questions are kept apart: does the chain lead to a trusted root, is
 *     it for the name, and does it match TLSA. Old protocols and weak ciphers are
 *     taken, because they are what is looked for.
 * OWNERSHIP
 *     smtp_tls_open() gives a handle to be closed. Facts live in the arena. The
 *     descriptor stays the caller's, and does not block.
 * ERRORS
 *     smtp_tls_open() returns NULL and fills `why` (a file of roots that cannot be
 *     read). The others return how it went; `trouble` says why.
 * STANDARDS
 *     RFC 5280; RFC 6125; RFC 6698; RFC 7671; RFC 7672, 3 (usages 2 and 3 only)
 */
#ifndef SMTP_TLS_H
#define SMTP_TLS_H

#include "base/arena.h"
#include "base/err.h"
#include "model/certificate.h"

struct smtp_tls;

enum smtp_tls_status { TLS_DONE, TLS_WANTS_READ, TLS_WANTS_WRITE, TLS_CLOSED, TLS_FAILED };

/* the protocols that a client of today can still ask for, the oldest first */
enum smtp_tls_version {
    SMTP_TLS_ANY,
    SMTP_TLS_1_0, /* out of date, as 1.1: RFC 8996 */
    SMTP_TLS_1_1,
    SMTP_TLS_1_2,
    SMTP_TLS_1_3,
    SMTP_TLS_VERSIONS
};

const char *smtp_tls_version_to_text(enum smtp_tls_version version); /* "TLSv1.2" */

struct smtp_tlsa { /* one TLSA record, from an answer that is authenticated */
    unsigned usage;
    unsigned selector;
    unsigned matching;
    struct span bytes;
};

enum smtp_dane {
    DANE_NONE,
    DANE_MATCHES,
    DANE_DIFFERS,
    DANE_UNUSABLE,
    DANE_NOT_ASKED,     /* TLSA could not be queried */
    DANE_WITHOUT_DNSSEC /* TLSA without DNSSEC counts as none: RFC 7672, 2.2 */
};

enum smtp_trust {
    TRUST_FINE,
    TRUST_SELF_SIGNED,
    TRUST_EXPIRED,
    TRUST_NOT_YET,
    TRUST_UNKNOWN_ISSUER,
    TRUST_WEAK, /* a key or hash below the security level that clients demand */
    TRUST_OTHER
};

struct smtp_tls_facts {
    const char *version; /* "TLSv1.3" */
    const char *cipher;
    bool is_old;                          /* before TLS 1.2: RFC 8996 */
    const struct smtp_certificate *chain; /* as sent, the server's own first */
    size_t chain_count;
    enum smtp_trust trust;
    const char *trust_text;
    bool is_for_name;
    enum smtp_dane dane;
};

struct smtp_tls_wish {
    int fd;
    const char *host; /* a name, or an address as text */
    bool host_is_address;
    const char *domain;  /* whose mail the host takes; NULL: not known */
    const char *ca_file; /* NULL: the system's roots */
    const struct smtp_tlsa *tlsa;
    size_t tlsa_count;
    enum smtp_dane without_tlsa; /* what it means that there are none */
    enum smtp_tls_version only;  /* this protocol and no other; SMTP_TLS_ANY: the best */
    int64_t now;
};

struct smtp_tls *smtp_tls_open(struct arena *arena, const struct smtp_tls_wish *wish,
                               struct err *why);
enum smtp_tls_status smtp_tls_handshake(struct smtp_tls *tls);
/* what came is in the first `*len_out` octets */
enum smtp_tls_status smtp_tls_read(struct smtp_tls *tls, char *bytes, size_t size,
                                   size_t *len_out);
enum smtp_tls_status smtp_tls_write(struct smtp_tls *tls, struct span bytes, size_t *len_out);
/* why it failed; safe to show */
const char *smtp_tls_trouble(const struct smtp_tls *tls);
/* the handshake met plain text instead of TLS */
bool smtp_tls_met_plain_text(const struct smtp_tls *tls);
/* its first octets */
struct span smtp_tls_plain_text(const struct smtp_tls *tls);
/* it failed, but an alert came: the other side does speak TLS */
bool smtp_tls_met_alert(const struct smtp_tls *tls);
/* after the handshake */
const struct smtp_tls_facts *smtp_tls_facts(struct smtp_tls *tls);
void smtp_tls_close(struct smtp_tls *tls); /* accepts NULL */

#endif
