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

const struct facts *gather_supposed(struct arena *arena, const struct facts *facts,
                                    struct ledger *ledger)
{
    const struct gather_work work = {
        .arena = arena, .ledger = ledger, .providers = facts->providers};
    struct facts *supposed = arena_new_of(arena, struct facts);

    supposed->subject = facts->subject;
    supposed->ledger = ledger;
    supposed->providers = facts->providers;
    supposed->message = message_of(facts);
    if (facts->subject->domain != NULL) {
        if (facts->domain.dnssec.chain != NULL)
            supposed->domain.dnssec.chain =
                dnssec_chain_suppose(arena, facts->domain.dnssec.chain, ledger);
        gather_domain(&work, supposed);
        gather_providers(&work, supposed);
        gather_selectors(&work, supposed);
        gather_meant(&work, supposed);
        gather_dnssec(&work, &supposed->domain);
        gather_client(&work, supposed);
    }
    gather_verdicts(&work, supposed);
    must(ledger_wanted(ledger) == 0);
    supposed->rounds = facts->rounds;
    supposed->questions = ledger_count(ledger);
    return supposed;
}
