/*
 * Names of addresses, and whether they lead back (RFC 8601, 2.7.3): of the client, on which
 * receivers judge, and of the mail hosts, which may send too. The latter is evidence: receivers
 * ask only when such a host comes as a client.
 */
#include "base/ip.h"
#include "base/limits.h"
#include "gather/gather_private.h"
#include "ledger/ledger.h"
#include "model/spf_verdict.h"

struct ptr_facts gather_names_of(struct arena *arena, struct ledger *ledger,
                                 const struct ip_address *ip, gather_ask_fn *ask)
{
    const struct dns_name *reverse = dns_name_from_text(arena, ip_to_reverse_name(arena, ip));
    enum dns_type type = ip->family == IP_V4 ? DNS_A : DNS_AAAA;
    struct ptr_facts names = {.ip = *ip, .ptr = ask(ledger, reverse, DNS_PTR)};
    unsigned count = 0;

    for (const struct dns_rr *rr = dns_answer_first(names.ptr);
         rr != NULL && count++ < AUTH_SPF_PTR_MAX; rr = dns_answer_next(names.ptr, rr)) {
        const struct dns_answer *back =
            rr->target != NULL ? ask(ledger, rr->target, type) : NULL;

        if (back != NULL && !dns_status_is_answer(back->status))
            names.unknown = back;
        if (back != NULL && dns_answer_has_address(back, ip))
            names.is_confirmed = true;
    }
    return names;
}

void gather_client(const struct gather_work *work, struct facts *facts)
{
    struct ptr_facts names;

    if (facts->subject->ip.family == IP_NONE)
        return;
    names = gather_names_of(work->arena, work->ledger, &facts->subject->ip, ledger_ask);
    facts->client_ptr = names.ptr;
    facts->client_ptr_confirmed = names.is_confirmed;
    facts->client_ptr_unknown = names.unknown;
}

/* reverse_is_new - no mail host has been seen with the address */
static bool reverse_is_new(const struct mx_host *hosts, const struct ip_address *ip)
{
    for (; hosts != NULL; hosts = hosts->next)
        for (const struct ptr_facts *names = hosts->names; names != NULL; names = names->next)
            if (ip_equal(&names->ip, ip))
                return false;
    return true;
}

/* the list of one host being made */
struct naming {
    const struct gather_work *work;
    struct domain_facts *domain;
    size_t count; /* of all hosts */
    struct ptr_facts **tail;
};

/* reverse_add_names - for the addresses of one answer about a host. Private addresses have
 * no names that outsiders could see */
static void reverse_add_names(struct naming *naming, const struct dns_answer *answer)
{
    for (const struct dns_rr *rr = dns_answer_first(answer); rr != NULL;
         rr = dns_answer_next(answer, rr)) {
        if (rr->address == NULL || ip_is_private(rr->address) ||
            !reverse_is_new(naming->domain->mx_hosts, rr->address))
            continue;
        if (naming->count >= LIMIT_PTR_ADDRESSES) {
            naming->domain->unnamed_addresses++;
            continue;
        }
        naming->count++;
        *naming->tail = arena_new_of(naming->work->arena, struct ptr_facts);
        **naming->tail = gather_names_of(naming->work->arena, naming->work->ledger, rr->address,
                                         ledger_ask_aside);
        naming->tail = &(*naming->tail)->next;
    }
}

void gather_mx_names(const struct gather_work *work, struct domain_facts *domain)
{
    struct naming naming = {.work = work, .domain = domain};

    for (struct mx_host *mx = domain->mx_hosts; mx != NULL; mx = mx->next) {
        naming.tail = &mx->names;
        reverse_add_names(&naming, mx->a);
        reverse_add_names(&naming, mx->aaaa);
    }
}
