/*
 * NAME
 *     ledger_https - bodies fetched over HTTPS, as facts of the ledger
 * DESCRIPTION
 *     The ledger's other half (see model/https_fact.h): ledger_https_ask() returns the fact
 *     that is held for a URL, or notes the URL as wanted and returns a fact that is
 *     HTTPS_PENDING.
 *     ledger_https_fill() takes what the source holds (a snapshot) and has the rest fetched
 *     by the function it is given, all at once; without one the rest is HTTPS_UNKNOWN.
 *     Facts keep the order in which they were queried, and are lines of a snapshot.
 *
 *     A redirect is an answer and not followed here: the caller asks for its location, so
 *     that every step is a fact of its own.
 * OWNERSHIP
 *     In the arena of the ledger.
 * ERRORS
 *     None: failures are statuses.
 * STANDARDS
 *     RFC 8461, 3.3; RFC 9110
 */
#ifndef LEDGER_HTTPS_H
#define LEDGER_HTTPS_H

#include "base/dns_name.h"
#include "base/limits.h"
#include "ledger/ledger.h"
#include "model/https_fact.h"

/* Calls ledger_https_wait() while it waits. What it leaves HTTPS_PENDING becomes
 * HTTPS_BUDGET. */
typedef void ledger_https_fetch_fn(void *ctx, struct ledger *ledger,
                                   struct https_fact *const *wanted, size_t count);

/* never NULL; `host` is that of the URL */
const struct https_fact *ledger_https_ask(struct ledger *ledger, const char *url,
                                          const struct dns_name *host, size_t max_bytes);

size_t ledger_https_wanted(const struct ledger *ledger);

/* `fetch` NULL: nothing is fetched */
void ledger_https_fill(struct ledger *ledger, struct source *source,
                       ledger_https_fetch_fn *fetch, void *ctx);

/* The same in two steps, for who does not wait between them: false where the source holds all
 * that is wanted. What is left HTTPS_PENDING at the end becomes HTTPS_BUDGET. */
struct ledger_fetching {
    struct https_fact *open[LIMIT_FETCHES];
    size_t count;
};
bool ledger_https_start(struct ledger *ledger, struct source *source,
                        struct ledger_fetching *fetching_out);
void ledger_https_end(struct ledger *ledger, const struct ledger_fetching *fetching);

/* for a function that fetches, several times a second: the milliseconds that are left to the
 * subject, which DNS and HTTPS share; none: give up. Progress is reported. */
int64_t ledger_https_wait(struct ledger *ledger);

/* a fact of another ledger, unless this one has its URL; nothing is copied */
void ledger_https_add(struct ledger *ledger, const struct https_fact *fact);

/* all that were queried, in order; NULL: none */
const struct https_fact *ledger_https_first(const struct ledger *ledger);

#endif
