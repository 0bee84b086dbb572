/*
 * NAME
 *     ledger - every query and its answer, once
 * DESCRIPTION
 *     Cache, evidence, counter and snapshot in one. All evaluation reads it and
 *     nothing else: ledger_ask() returns the answer it holds; a query without
 *     one is noted as wanted, and its answer has the status DNS_PENDING.
 *     ledger_fill() then sends all wanted queries to a source at once. Queries
 *     and answers keep the order in which they were first wanted.
 * OWNERSHIP
 *     The ledger and its answers live in the arena given to ledger_open().
 * ERRORS
 *     None: failures are statuses. Above the limits of base/limits.h a new
 *     query is answered with DNS_BUDGET.
 */
#ifndef LEDGER_H
#define LEDGER_H

#include "base/arena.h"
#include "base/dns_name.h"
#include "model/dns_answer.h"

struct ledger;
struct source;

struct ledger *ledger_open(struct arena *arena);

/* a ledger of a world that is only assumed: it answers at once from `changed`, else from what
 * `below` holds, else DNS_UNKNOWN; nothing is ever wanted. Both must live as long. */
struct ledger *ledger_over(struct arena *arena, struct ledger *below,
                           const struct dns_answer *const *changed, size_t count);

/* never NULL; status may be DNS_PENDING. Asked again it returns the same answer. */
const struct dns_answer *ledger_ask(struct ledger *ledger, const struct dns_name *name,
                                    enum dns_type type);

/* the same, and what DNSSEC says about it with it. A question that was asked before without
 * keeps its answer. */
const struct dns_answer *ledger_ask_proved(struct ledger *ledger, const struct dns_name *name,
                                           enum dns_type type);

/* the same for evidence on which nothing else rests: that no source speaks for it says nothing
 * about the domain, so it is not reported. If it is also queried otherwise, it is like all
 * others. */
const struct dns_answer *ledger_ask_aside(struct ledger *ledger, const struct dns_name *name,
                                          enum dns_type type);

/* what live servers deny counts as unknown from now on: they do not speak for the Internet.
 * `detail` says why; false: there was nothing of the kind */
bool ledger_reject_denials(struct ledger *ledger, const char *detail);
/* the answer came from servers that were asked, now or when a snapshot was taken */
bool ledger_is_live(const struct dns_answer *answer);

/* the answer if it is held and not pending, else NULL; notes nothing */
const struct dns_answer *ledger_find(const struct ledger *ledger, const struct dns_name *name,
                                     enum dns_type type);

/* hold an answer; an answer already held for the question is replaced */
void ledger_add(struct ledger *ledger, const struct dns_answer *answer);

/* hold all that another ledger holds and this one does not, but for what a ceiling refused */
void ledger_join(struct ledger *ledger, const struct ledger *more);

size_t ledger_wanted(const struct ledger *ledger); /* how many are pending */

/* one round: ask `source` for all that is wanted, follow CNAME chains, wait for all answers.
 * Every pending question has an answer afterwards. Does nothing when nothing is wanted. */
void ledger_fill(struct ledger *ledger, struct source *source);

/* The same without waiting, for who has more than one ledger to fill. ledger_round_start()
 * returns NULL where nothing is wanted. ledger_round_go_on() takes the answers that are there,
 * waits for more at most so long, and returns true when the round is over; the round must not
 * be used after that. */
struct ledger_round *ledger_round_start(struct ledger *ledger, struct source *source);
bool ledger_round_go_on(struct ledger_round *round, int timeout_ms);

/* progress while a round waits: called several times a second */
struct ledger_waiting {
    size_t asked;                     /* queries of the round, or URLs */
    size_t open;                      /* of these without an answer */
    int64_t spent_ms;                 /* by this and earlier rounds */
    const struct dns_question *first; /* the first that is open; NULL: none */
    const char *url;                  /* or the first that is being fetched; NULL: none */
};
typedef void ledger_watch_fn(void *ctx, const struct ledger_waiting *waiting);
void ledger_watch(struct ledger *ledger, ledger_watch_fn *watch, void *ctx);

/* what `parse` makes of a record that the ledger holds: made once, however many passes ask,
 * and kept in `arena`, the ledger's own */
typedef const void *ledger_parse_fn(struct arena *arena, const struct dns_rr *rr);
const void *ledger_parsed(struct ledger *ledger, const struct dns_rr *rr,
                          ledger_parse_fn *parse);

struct arena *ledger_arena(const struct ledger *ledger);
unsigned ledger_rounds(const struct ledger *ledger);
size_t ledger_count(const struct ledger *ledger); /* questions */
const struct dns_answer *ledger_get(const struct ledger *ledger, size_t index);
/* all of them, also those that are still to come: for who may look and not ask */
const struct dns_answers *ledger_answers(const struct ledger *ledger);

#endif
