/*
 * NAME
 *     smtp_tls - TLS on a connection
 * DESCRIPTION
 *     The handshake never fails because of a certificate: the chain is judged
 *     afterwards, so that a report can name all its faults: whether it leads to a
 *     trusted root, is for the name, and matches TLSA. Old protocols and weak
 *     ciphers are accepted, so that they can be reported.
 * OWNERSHIP
 *     smtp_tls_open() gives a handle to be closed. Facts live in the arena. The
 *     descriptor stays the caller's, and does not block.
 * ERRORS
 *     smtp_tls_open() returns NULL and fills `why` (the file of roots cannot be
 *     read). The others return a status; smtp_tls_trouble() has the reason.
 * STANDARDS
 *     RFC 5280; RFC 6125; RFC 6698; RFC 7671; RFC 7672, 3 (usages 2 and 3 only)
 */
#ifndef SMTP_TLS_H
#define SMTP_TLS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "model/smtp_probe.h"

struct smtp_tls;

enum smtp_tls_status { TLS_DONE, TLS_WANTS_READ, TLS_WANTS_WRITE, TLS_CLOSED, TLS_FAILED };

struct smtp_tls_wish {
    int fd;
    const char *host; /* a name, or an address as text */
    bool host_is_address;
    const char *domain;  /* whose mail the host takes; NULL: not known */
    const char *ca_file; /* NULL: the system's roots */
    const struct smtp_tlsa *tlsa;
    size_t tlsa_count;
    enum smtp_dane without_tlsa; /* why no records are known */
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
/* safe to show */
const char *smtp_tls_trouble(const struct smtp_tls *tls);
/* the handshake met plain text instead of TLS */
bool smtp_tls_met_plain_text(const struct smtp_tls *tls);
/* its first octets */
struct span smtp_tls_plain_text(const struct smtp_tls *tls);
/* it failed by an alert: the server speaks TLS */
bool smtp_tls_met_alert(const struct smtp_tls *tls);
/* after the handshake */
const struct smtp_tls_facts *smtp_tls_facts(struct smtp_tls *tls);
void smtp_tls_close(struct smtp_tls *tls); /* accepts NULL */

#endif
