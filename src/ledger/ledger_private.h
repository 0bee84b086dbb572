/*
 * NAME
 *     ledger_private - what a ledger is
 * DESCRIPTION
 *     Private to ledger/. Shared by ledger.c, the table of queries, and
 *     ledger_round.c, which sends them.
 * OWNERSHIP
 *     In the arena of the ledger.
 * ERRORS
 *     None.
 */
#ifndef LEDGER_PRIVATE_H
#define LEDGER_PRIVATE_H

#include "base/arena.h"
#include "ledger/ledger.h"
#include "model/dns_answer.h"

#define LEDGER_PARSED_LISTS 64 /* a power of two; few records of a subject are ever parsed */

struct https_fact;
struct dns_parsed;

struct ledger {
    struct arena *arena;
    struct dns_answer **slots; /* open addressing; NULL: free */
    size_t slot_count;
    size_t used;
    struct dns_answers held;
    size_t pending;
    size_t first_pending;                           /* no answer before this index is pending */
    struct dns_parsed *parsed[LEDGER_PARSED_LISTS]; /* by the address of the record */
    unsigned rounds;
    size_t bytes;         /* of all records */
    int64_t spent_ms;     /* in ledger_fill() and ledger_https_fill() */
    struct ledger *below; /* what is known of the world that this one assumes; or NULL */
    const struct dns_answer *const *changed; /* what differs from it */
    size_t changed_count;
    struct https_fact *https; /* in asking order: ledger_https.c */
    size_t https_count;
    size_t https_asked;     /* URLs that are being fetched */
    int64_t https_since;    /* when spent_ms would have been 0 */
    ledger_watch_fn *watch; /* NULL: nobody looks on */
    void *watch_ctx;
};

/* fill in the fields of an answer that the ledger holds */
void ledger_settle(struct ledger *ledger, struct dns_answer *held,
                   const struct dns_answer *found);

#endif
