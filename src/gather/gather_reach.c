/*
 * A resolver in a closed network denies the domain, and would deny its top-level domain as
 * well, which the public suffix list names: then it says nothing about the Internet, and what
 * it denies is unknown.
 */
#include "auth/auth_dmarc.h"
#include "gather/gather_private.h"
#include "ledger/ledger.h"

/* is_denied - by a live server */
static bool is_denied(const struct dns_answer *answer)
{
    return answer != NULL && answer->status == DNS_NXDOMAIN && ledger_is_live(answer);
}

/* reach_top - the answer about the top-level domain of a domain that was denied; NULL: there is
 * nothing to ask */
static const struct dns_answer *reach_top(const struct gather_work *work,
                                          const struct facts *facts)
{
    const struct dns_name *domain = facts->subject->domain;

    if (domain == NULL || !is_denied(facts->domain.txt) || !auth_psl_is_listed(domain))
        return NULL;
    return ledger_ask_aside(work->ledger, dns_name_suffix(work->arena, domain, 1), DNS_SOA);
}

void gather_reach(const struct gather_work *work, const struct facts *facts)
{
    reach_top(work, facts);
}

bool gather_reject_denials(const struct gather_work *work, const struct facts *facts,
                           struct facts *prepared)
{
    const struct dns_answer *top = reach_top(work, facts);

    if (prepared->not_internet != NULL || !is_denied(top))
        return false;
    prepared->not_internet = top->question.name->text;
    prepared->not_internet_source = top->source;
    ledger_reject_denials(work->ledger,
                          arena_printf(work->arena, "%s knows nothing of %s either",
                                       top->source, top->question.name->text));
    return true;
}
