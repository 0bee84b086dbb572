/*
 * Passes over the ledger until nothing is wanted. A pass starts from facts that hold only what
 * was prepared and the verdicts that are final: the ledger only grows, so what has all its
 * answers is not judged again, and the last pass is a pure function of the ledger.
 */
#include "auth/auth_damage.h"
#include "base/must.h"
#include "gather/gather_private.h"
#include "gather/gather_reader.h"
#include "ledger/ledger.h"
#include "ledger/ledger_https.h"

/* gather_pass - all facts, as far as the ledger goes */
static void gather_pass(const struct gather_work *work, const struct facts *prepared,
                        struct facts *facts_out)
{
    *facts_out = *prepared;
    if (!work->is_verdict_only && facts_out->subject->domain != NULL) {
        gather_domain(work, facts_out);
        gather_reach(work, facts_out);
        gather_providers(work, facts_out);
        gather_selectors(work, facts_out);
        gather_meant(work, facts_out);
        gather_cuts(work, &facts_out->domain);
        gather_dnssec(work, &facts_out->domain);
        gather_client(work, facts_out);
        gather_envelope(work, facts_out);
    }
    gather_verdicts(work, facts_out);
    gather_engines(work, facts_out);
}

struct gathering {
    const struct gather_work *work;
    struct facts first;    /* prepared, before any pass */
    struct facts prepared; /* and the verdicts that are final */
    struct facts *facts;
    bool is_begun; /* a pass was made */
};

struct gathering *gather_start(const struct gather_work *work, struct subject *subject)
{
    struct gathering *gathering = arena_new_of(work->arena, struct gathering);
    struct facts *prepared = &gathering->prepared;

    must(work->ledger != NULL && work->source != NULL);
    gathering->work = work;
    gathering->facts = arena_new_of(work->arena, struct facts);
    *prepared = (struct facts){.subject = subject,
                               .ledger = work->ledger,
                               .providers = work->providers,
                               .answers = ledger_answers(work->ledger)};
    if (subject->message != NULL)
        gather_prepare(work, subject, &prepared->message);
    gather_complete(work->arena, &prepared->message, subject);
    if (work->engine != NULL)
        prepared->reader = gather_reader_open(work->arena, work->engine, subject->now);
    prepared->engine_trouble = work->engine_trouble;
    prepared->is_engine_demanded = work->is_engine_demanded;
    prepared->has_envelope = work->has_envelope && !work->is_verdict_only;
    gathering->first = *prepared;
    return gathering;
}

const struct facts *gather_go_on(struct gathering *gathering)
{
    const struct gather_work *work = gathering->work;
    struct facts *facts = gathering->facts;

    if (gathering->is_begun)
        gather_keep_verdicts(facts, &gathering->prepared);
    gathering->is_begun = true;
    gather_pass(work, &gathering->prepared, facts);
    if (ledger_wanted(work->ledger) == 0 &&
        gather_reject_denials(work, facts, &gathering->first)) {
        gathering->prepared = gathering->first; /* without the verdicts of before */
        gather_pass(work, &gathering->prepared, facts);
    }
    if (ledger_wanted(work->ledger) > 0 || ledger_https_wanted(work->ledger) > 0)
        return NULL; /* the ledger's ceilings answer what would go on for ever */
    if (facts->message.message != NULL) {
        facts->message.damage =
            auth_damage_find(work->arena, facts->subject->message, facts->message.dkim_prepared,
                             facts->message.dkim);
        facts->message.damage_hosts = auth_damage_hosts_find(
            work->arena, facts->message.dkim_prepared, facts->message.dkim);
    }
    facts->rounds = ledger_rounds(work->ledger);
    facts->questions = ledger_count(work->ledger);
    return facts;
}

const struct facts *gather_run(const struct gather_work *work, struct subject *subject)
{
    struct gathering *gathering = gather_start(work, subject);
    const struct facts *facts = NULL;

    while ((facts = gather_go_on(gathering)) == NULL) {
        ledger_fill(work->ledger, work->source);
        ledger_https_fill(work->ledger, work->source, work->fetch, work->fetch_ctx);
    }
    return facts;
}
