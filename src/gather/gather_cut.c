/*
 * A record that was entered into the zone of the domain has no effect where its name belongs to
 * a zone of its own. Asked only where a record is missing, and as evidence.
 */
#include "gather/gather_private.h"
#include "ledger/ledger.h"

/* cut_ask - the name servers of a name below the domain */
static const struct dns_answer *cut_ask(const struct gather_work *work, const char *label,
                                        const struct dns_name *domain)
{
    const struct dns_name *name = dns_name_prepend(work->arena, label, domain);

    return name != NULL ? ledger_ask_aside(work->ledger, name, DNS_NS) : NULL;
}

/* may_be_elsewhere - absent, or what the resolver gets from a zone that nobody serves */
static bool may_be_elsewhere(const struct dns_answer *answer)
{
    return dns_status_is_absent(answer->status) || answer->status == DNS_UNKNOWN ||
           answer->status == DNS_SERVFAIL;
}

/* lacks_key - a selector that somebody named has none */
static bool lacks_key(const struct domain_facts *domain)
{
    for (const struct selector_facts *one = domain->selectors; one != NULL; one = one->next)
        if ((one->origin == SELECTOR_OPTION || one->origin == SELECTOR_SIGNATURE) &&
            one->rr == NULL && may_be_elsewhere(one->answer) &&
            dns_name_equal(one->domain, domain->name))
            return true;
    return false;
}

void gather_cuts(const struct gather_work *work, struct domain_facts *domain)
{
    const struct dns_name *name = dns_name_prepend(work->arena, "_dmarc", domain->name);

    if (name != NULL)
        domain->dmarc_answer = ledger_find(work->ledger, name, DNS_TXT);
    if (domain->dmarc_answer != NULL && may_be_elsewhere(domain->dmarc_answer))
        domain->dmarc_cut = cut_ask(work, "_dmarc", domain->name);
    if (lacks_key(domain))
        domain->dkim_cut = cut_ask(work, "_domainkey", domain->name);
}
