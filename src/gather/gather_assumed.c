/* One pass over a ledger that answers at once: nothing is prepared and nothing is asked. */
#include "base/must.h"
#include "dnssec/dnssec_chain.h"
#include "gather/gather_private.h"
#include "ledger/ledger.h"

/* message_of - what does not depend on DNS */
static struct message_facts message_of(const struct facts *facts)
{
    struct message_facts message = facts->message;

    message.dkim = NULL;
    message.dkim_count = 0;
    message.arc = NULL;
    message.dmarc = NULL;
    return message;
}

const struct facts *gather_assumed(struct arena *arena, const struct facts *facts,
                                   struct ledger *ledger)
{
    const struct gather_work work = {
        .arena = arena, .ledger = ledger, .providers = facts->providers};
    struct facts *assumed = arena_new_of(arena, struct facts);

    assumed->subject = facts->subject;
    assumed->ledger = ledger;
    assumed->providers = facts->providers;
    assumed->reader = facts->reader;
    assumed->message = message_of(facts);
    if (facts->subject->domain != NULL) {
        if (facts->domain.dnssec.chain != NULL)
            assumed->domain.dnssec.chain =
                dnssec_chain_assume(arena, facts->domain.dnssec.chain, ledger);
        gather_domain(&work, assumed);
        gather_providers(&work, assumed);
        gather_selectors(&work, assumed);
        gather_meant(&work, assumed);
        gather_dnssec(&work, &assumed->domain);
        gather_client(&work, assumed);
    }
    gather_verdicts(&work, assumed);
    must(ledger_wanted(ledger) == 0);
    assumed->rounds = facts->rounds;
    assumed->questions = ledger_count(ledger);
    return assumed;
}
