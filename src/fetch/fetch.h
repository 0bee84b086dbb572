/*
 * NAME
 *     fetch - bodies over HTTPS, from addresses that the ledger knows
 * DESCRIPTION
 *     fetch_all() is a ledger_https_fetch_fn: it fetches what is wanted, all at once, and
 *     fills in the facts. Names are never resolved here: a URL is connected to at the
 *     addresses that the ledger holds for its host, so that a proposed zone decides, and
 *     only at those which a host of the Internet may have. Only https: on its own port;
 *     no redirect is followed, no proxy, cookie, password or environment is used.
 * OWNERSHIP
 *     In the arena of the ledger.
 * ERRORS
 *     None: what goes wrong is the status of a fact. A libcurl that is not installed is
 *     one: HTTPS_CONNECT. If the subject has no time left, a fact stays HTTPS_PENDING.
 * STANDARDS
 *     RFC 8461, 3.3; RFC 9110; RFC 6125
 * BUGS
 *     libcurl is loaded when something is to be fetched, because it draws in some thirty
 *     libraries, and starting them would double the time of a run that fetches nothing.
 */
#ifndef FETCH_H
#define FETCH_H

#include "base/arena.h"
#include "ledger/ledger.h"
#include "ledger/ledger_https.h"
#include "dns/https_fact.h"

struct fetch_options {
    /* where all connections go, whatever the ledger says, as "ADDR:PORT" with an IPv6
     * address in brackets; NULL: to the addresses in the ledger */
    const char *connect;
    const char *ca_file; /* roots to trust, PEM; NULL: those of the system */
    /* for all that one URL takes; 0: LIMIT_FETCH_MS, and LIMIT_FETCH_CONNECT_MS for its
     * connection */
    unsigned timeout_ms;
};

struct fetch_pool;
struct fetch_batch;

/* For who does not wait: a pool carries the transfers of many ledgers. fetch_begin() starts
 * what one of them wants, in its arena; fetch_pool_go_on() moves all; when fetch_is_over(), or
 * the ledger is given up, fetch_end() releases what the transfers hold. */
struct fetch_pool *fetch_pool_open(struct arena *arena, const struct fetch_options *options);
void fetch_pool_close(struct fetch_pool *pool);
bool fetch_pool_is_busy(const struct fetch_pool *pool);
void fetch_pool_go_on(struct fetch_pool *pool);

/* until there is something to do, or one of two descriptors is readable (-1: none), at most so
 * long; busy pools only */
void fetch_pool_wait(struct fetch_pool *pool, const int fds[2], int timeout_ms);

struct fetch_batch *fetch_begin(struct fetch_pool *pool, struct ledger *ledger,
                                struct https_fact *const *wanted, size_t count);
bool fetch_is_over(const struct fetch_batch *batch);
void fetch_end(struct fetch_batch *batch); /* twice does no harm */

/* `ctx` is a struct fetch_options */
void fetch_all(void *ctx, struct ledger *ledger, struct https_fact *const *wanted,
               size_t count);

#endif
