/*
 * NAME
 *     smtp_link - a connection to one server, in clear or under TLS
 * DESCRIPTION
 *     Private to smtp/. Nothing here waits longer than a deadline, which is
 *     a moment of the monotonic clock: a server that sends an octet a
 *     second gains nothing. Octets that were read and not yet taken are in
 *     `bytes`.
 * OWNERSHIP
 *     smtp_link_close() gives back descriptor and TLS. The rest is in the arena.
 * ERRORS
 *     Each call returns how it went; `trouble` says more.
 */
#ifndef SMTP_LINK_H
#define SMTP_LINK_H

#include "base/arena.h"
#include "base/ip.h"
#include "base/limits_bounce.h"
#include "base/span.h"
#include "smtp/smtp_tls.h"

enum smtp_link_status {
    LINK_FINE,
    LINK_REFUSED,     /* a reset in answer to the connection */
    LINK_UNREACHABLE, /* the network said no */
    LINK_NO_ROUTE,    /* this machine did, before anything was sent */
    LINK_TIMEOUT,
    LINK_CLOSED,
    LINK_TROUBLE /* TLS, or the machine */
};

struct smtp_link {
    struct arena *arena;
    int fd; /* -1: none */
    struct smtp_tls *tls;
    const char *trouble;
    size_t len;
    char bytes[LIMIT_REPLY_BYTES + LIMIT_REPLY_LINE_BYTES];
};

struct smtp_link *smtp_link_open(struct arena *arena);
enum smtp_link_status smtp_link_connect(struct smtp_link *link,
                                        const struct ip_address *address, unsigned port,
                                        int64_t deadline);
/* our own address on the connection, as text; NULL: it is not known */
const char *smtp_link_own_address(const struct smtp_link *link);
enum smtp_link_status smtp_link_start_tls(struct smtp_link *link, struct smtp_tls *tls,
                                          int64_t deadline);
enum smtp_link_status smtp_link_write(struct smtp_link *link, struct span bytes,
                                      int64_t deadline);
/* wait for more octets; LINK_TIMEOUT at once if the deadline is over and nothing is there */
enum smtp_link_status smtp_link_read(struct smtp_link *link, int64_t deadline);
/* forget the first octets */
void smtp_link_take(struct smtp_link *link, size_t len);
void smtp_link_close(struct smtp_link *link);

#endif
