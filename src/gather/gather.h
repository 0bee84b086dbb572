/*
 * NAME
 *     gather - from a subject and a ledger to facts, or to queries
 * DESCRIPTION
 *     A pass is pure and cheap: it computes all facts from what the ledger
 *     holds, and whatever the ledger does not hold becomes wanted there.
 *     gather_run() repeats passes, and sends all wanted queries between them,
 *     until no more are wanted. What needs no DNS (parsing the message,
 *     hashing it) is prepared once.
 * OWNERSHIP
 *     Facts live in the arena. The message and the engine stay the caller's.
 * ERRORS
 *     None: the facts say what is unknown.
 */
#ifndef GATHER_H
#define GATHER_H

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/ip.h"
#include "base/span.h"
#include "engine/engine.h"
#include "ledger/ledger_https.h"
#include "model/dns_answer.h"
#include "model/facts.h"
#include "model/provider.h"
#include "model/subject.h"
#include "source/source.h"

struct gathering;

struct gather_work { /* the outside a run may use */
    struct arena *arena;
    struct ledger *ledger;
    struct source *source;
    ledger_https_fetch_fn *fetch; /* NULL: nothing is fetched over HTTPS */
    void *fetch_ctx;
    struct engine *engine;      /* NULL: --no-engines */
    const char *engine_trouble; /* why there is none although asked for */
    bool is_engine_demanded;    /* by --engines */
    /* spf, dkim, dmarc commands and loops: no audit of the domain */
    bool is_verdict_only;
    /* also ask what a receiving server asks about the envelope, for the SMTP session */
    bool has_envelope;
    const struct provider_set *providers; /* to recognise; NULL: none */
};

/* completes the subject (domain and envelope from the message's trace fields where options
 * gave none), then runs passes until nothing is wanted; never NULL */
const struct facts *gather_run(const struct gather_work *work, struct subject *subject);

/* The same in steps, for who has many subjects at hand: gather_go_on() makes a pass and returns
 * the facts, or NULL if the ledger wants answers first. `work` must live as long. */
struct gathering *gather_start(const struct gather_work *work, struct subject *subject);
const struct facts *gather_go_on(struct gathering *gathering);

/* the same subject in a world that is only assumed (ledger_over()): one pass, without the
 * libraries; what `facts` knows of the message itself is taken over */
const struct facts *gather_assumed(struct arena *arena, const struct facts *facts,
                                   struct ledger *ledger);

/* PTR of an address, and whether one of the names leads back (RFC 8601, 2.7.3); asked as
 * `ask` says */
typedef const struct dns_answer *gather_ask_fn(struct ledger *ledger,
                                               const struct dns_name *name, enum dns_type type);
struct ptr_facts gather_names_of(struct arena *arena, struct ledger *ledger,
                                 const struct ip_address *ip, gather_ask_fn *ask);

/* names below a domain that a return path may have: asked for where the SPF record is over the
 * limit, so that a part of it can move there; NULL: no more */
const char *gather_return_path(size_t index);

/* what --selector may say: a selector ("s1"), with the label below which keys are
 * ("s1._domainkey"), or the whole name of a key; views of the text */
struct gather_selector {
    struct span selector; /* empty: none in front of _domainkey */
    struct span domain;   /* of a whole name; empty: that of the subject */
};

struct gather_selector gather_selector_split(const char *text);

#endif
