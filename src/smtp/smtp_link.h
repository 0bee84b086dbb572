/*
 * NAME
 *     smtp_link - a connection to one server, in clear or under TLS
 * DESCRIPTION
 *     Private to smtp/. Nothing here waits longer than a deadline of the
 *     monotonic clock, even for a server that sends an octet a second.
 *     Octets that were read and not yet taken are in `bytes`.
 * OWNERSHIP
 *     smtp_link_close() releases descriptor and TLS. The rest is in the arena.
 * ERRORS
 *     Each call returns a status; `trouble` has the reason.
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
    LINK_UNREACHABLE, /* by the network */
    LINK_NO_ROUTE,    /* by this machine, before anything was sent */
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
/* our own address on the connection, as text; NULL: unknown */
const char *smtp_link_own_address(const struct smtp_link *link);
enum smtp_link_status smtp_link_start_tls(struct smtp_link *link, struct smtp_tls *tls,
                                          int64_t deadline);
enum smtp_link_status smtp_link_write(struct smtp_link *link, struct span bytes,
                                      int64_t deadline);
/* wait for more octets */
enum smtp_link_status smtp_link_read(struct smtp_link *link, int64_t deadline);
/* drop the first octets */
void smtp_link_take(struct smtp_link *link, size_t len);
void smtp_link_close(struct smtp_link *link);

#endif
