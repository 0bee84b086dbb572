/*
 * NAME
 *     fetch - bodies over HTTPS, from addresses that the ledger knows
 * DESCRIPTION
 *     fetch_all() is a ledger_https_fetch_fn: it fetches what is wanted, all at once, and
 *     fills in the facts. Names are never resolved here: connections go to the addresses in
 *     the ledger, so that a proposed zone decides, and only to public ones. Only https: on
 *     port 443; no redirect is followed, no proxy, cookie, password or environment is used.
 * OWNERSHIP
 *     In the arena of the ledger.
 * ERRORS
 *     None: failures are the status of a fact; that of a missing libcurl is HTTPS_CONNECT.
 *     If the subject has no time left, a fact stays HTTPS_PENDING.
 * STANDARDS
 *     RFC 8461, 3.3; RFC 9110; RFC 6125
 * BUGS
 *     libcurl is loaded at the first fetch, because it needs some thirty libraries, which
 *     would double the time of a run without one.
 */
#ifndef FETCH_H
#define FETCH_H

#include "base/arena.h"
#include "ledger/ledger.h"
#include "ledger/ledger_https.h"
#include "model/https_fact.h"

struct fetch_options {
    /* "ADDR:PORT" for all connections, an IPv6 address in brackets; NULL: the addresses in
     * the ledger */
    const char *connect;
    const char *ca_file; /* roots to trust, PEM; NULL: those of the system */
    unsigned timeout_ms; /* for one URL; 0: LIMIT_FETCH_MS and LIMIT_FETCH_CONNECT_MS */
};

struct fetch_pool;
struct fetch_batch;

/* without waiting: a pool has the transfers of many ledgers. fetch_begin() starts those of one,
 * in its arena; fetch_pool_go_on() moves all; after fetch_is_over(), or when the ledger is
 * abandoned, fetch_end() releases them. */
struct fetch_pool *fetch_pool_open(struct arena *arena, const struct fetch_options *options);
void fetch_pool_close(struct fetch_pool *pool);
bool fetch_pool_is_busy(const struct fetch_pool *pool);
void fetch_pool_go_on(struct fetch_pool *pool);

/* until a transfer can continue, or one of two descriptors is readable (-1: none), or the
 * timeout; busy pools only */
void fetch_pool_wait(struct fetch_pool *pool, const int fds[2], int timeout_ms);

struct fetch_batch *fetch_begin(struct fetch_pool *pool, struct ledger *ledger,
                                struct https_fact *const *wanted, size_t count);
bool fetch_is_over(const struct fetch_batch *batch);
void fetch_end(struct fetch_batch *batch); /* twice does no harm */

/* `ctx` is a struct fetch_options */
void fetch_all(void *ctx, struct ledger *ledger, struct https_fact *const *wanted,
               size_t count);

#endif
