/*
 * NAME
 *     dns_ledger - everything asked and answered, once
 * DESCRIPTION
 *     Cache, evidence, counter and snapshot in one. Judges ask it and nothing
 *     else: dns_ledger_ask() returns the answer it holds; for a question it
 *     does not hold it notes the question as wanted and returns an answer
 *     whose status is DNS_PENDING. dns_ledger_fill() then asks a source for
 *     all that is wanted, at once. Questions and answers keep the order in
 *     which they were first asked.
 * OWNERSHIP
 *     The ledger and its answers live in the arena given to dns_ledger_open().
 * ERRORS
 *     None: failures are statuses. Above the ceilings of base/limits.h a new
 *     question is answered DNS_BUDGET.
 */
#ifndef DNS_LEDGER_H
#define DNS_LEDGER_H

#include "dns/dns_answer.h"

struct dns_ledger;
struct dns_source;

struct dns_ledger *dns_ledger_open(struct arena *arena);

/* a ledger of a world that is only supposed: it answers at once from `changed`, else from what
 * `below` holds, else DNS_UNKNOWN; nothing is ever wanted. Both must live as long. */
struct dns_ledger *dns_ledger_over(struct arena *arena, struct dns_ledger *below,
                                   const struct dns_answer *const *changed, size_t count);

/* never NULL; status may be DNS_PENDING. Asked again it returns the same answer. */
const struct dns_answer *dns_ledger_ask(struct dns_ledger *ledger, const struct dns_name *name,
                                        enum dns_type type);

/* the same, and what DNSSEC says about it with it. A question that was asked before without
 * keeps its answer. */
const struct dns_answer *dns_ledger_ask_proved(struct dns_ledger *ledger,
                                               const struct dns_name *name, enum dns_type type);

/* the same for evidence on which nothing else rests: that no source speaks for it says nothing
 * about the domain, so nobody need be told. Asked for otherwise too, it is an answer like all
 * others. */
const struct dns_answer *dns_ledger_ask_aside(struct dns_ledger *ledger,
                                              const struct dns_name *name, enum dns_type type);

/* the answer if it is held and not pending, else NULL; notes nothing */
const struct dns_answer *dns_ledger_find(const struct dns_ledger *ledger,
                                         const struct dns_name *name, enum dns_type type);

/* hold an answer; an answer already held for the question is replaced */
void dns_ledger_add(struct dns_ledger *ledger, const struct dns_answer *answer);

size_t dns_ledger_wanted(const struct dns_ledger *ledger); /* how many are pending */

/* one round: ask `source` for all that is wanted, follow CNAME chains, wait for all answers.
 * Every pending question has an answer afterwards. Does nothing when nothing is wanted. */
void dns_ledger_fill(struct dns_ledger *ledger, struct dns_source *source);

/* how it goes while a round waits: told several times a second */
struct dns_waiting {
    size_t asked;                     /* questions of the round, or URLs */
    size_t open;                      /* of these without an answer */
    int64_t spent_ms;                 /* by this and earlier rounds */
    const struct dns_question *first; /* the first that is open; NULL: none */
    const char *url;                  /* or the first that is being fetched; NULL: none */
};
typedef void dns_watch_fn(void *ctx, const struct dns_waiting *waiting);
void dns_ledger_watch(struct dns_ledger *ledger, dns_watch_fn *watch, void *ctx);

/* what `parse` makes of a record that the ledger holds: made once, however many passes ask,
 * and kept in `arena`, the ledger's own */
typedef const void *dns_parse_fn(struct arena *arena, const struct dns_rr *rr);
const void *dns_ledger_parsed(struct dns_ledger *ledger, const struct dns_rr *rr,
                              dns_parse_fn *parse);

struct arena *dns_ledger_arena(const struct dns_ledger *ledger);
unsigned dns_ledger_rounds(const struct dns_ledger *ledger);
size_t dns_ledger_count(const struct dns_ledger *ledger); /* questions */
const struct dns_answer *dns_ledger_get(const struct dns_ledger *ledger, size_t index);

#endif
