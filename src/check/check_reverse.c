/*
 * Names of addresses (PTR): of the client, and of the mail hosts, which are clients when they
 * send. Where no source speaks for the reverse tree, as with the zone file of a domain, nothing
 * is said of the mail hosts.
 */
#include "base/arena.h"
#include "base/ip.h"
#include "base/ip_ranges.h"
#include "check/check_emit.h"
#include "model/dns_answer.h"
#include "model/facts.h"
#include "model/provider.h"
#include "model/spf_verdict.h"

#define NAMES_SHOWN 3 /* of one address; most have one */

/* ---- the client ---- */

/* check_dns_client_no_ptr - the sending address has no name */
void check_dns_client_no_ptr(const struct facts *facts, struct emitter *out)
{
    if (facts->client_ptr != NULL && dns_status_is_absent(facts->client_ptr->status))
        found_text(emit(out, where_name(out, facts->client_ptr->question.name, DNS_PTR)), "ip",
                   ip_to_text(out->arena, &facts->subject->ip));
}

/* check_dns_client_unconfirmed - the name of the address does not lead back to it */
void check_dns_client_unconfirmed(const struct facts *facts, struct emitter *out)
{
    const struct dns_answer *unknown = facts->client_ptr_unknown;
    const struct dns_rr *rr = NULL;
    struct found *found = NULL;

    if (facts->client_ptr == NULL || facts->client_ptr->status != DNS_OK ||
        facts->client_ptr_confirmed)
        return;
    rr = dns_answer_first(facts->client_ptr);
    if (unknown != NULL) {
        emit_undetermined(out, where_rr(out, facts->client_ptr, rr),
                          dns_answer_reason(out->arena, unknown));
        return;
    }
    found = emit(out, where_rr(out, facts->client_ptr, rr));
    found_name(found, "host", rr->target);
    found_text(found, "ip", ip_to_text(out->arena, &facts->subject->ip));
}

/* ---- the mail hosts ---- */

/* reverse_role - when a mail host is a client: receivers look at its names then */
static const char *reverse_role(struct emitter *out, const struct facts *facts,
                                const struct ip_address *ip)
{
    const struct auth_spf_sets *sets = facts->domain.spf_sets;
    const struct ip_ranges *pass =
        sets != NULL ? &sets->of[AUTH_SPF_SET_PASS][ip->family == IP_V6] : NULL;

    if (pass == NULL || !ip_ranges_hold(pass, ip))
        return "it sends at least bounces";
    return arena_printf(out->arena, "SPF lets it send mail of %s", facts->domain.name->text);
}

/* is_reported - it is the client's address, and a warning says the same of it */
static bool is_reported(const struct facts *facts, const struct ptr_facts *names)
{
    return names->ptr == facts->client_ptr;
}

/* emit_names - a finding about one address of a mail host */
static struct found *emit_names(const struct facts *facts, struct emitter *out,
                                const struct mx_host *mx, const struct ptr_facts *names)
{
    struct found *found = emit(out, where_name(out, names->ptr->question.name, DNS_PTR));

    found_text(found, "ip", ip_to_text(out->arena, &names->ip));
    found_name(found, "host", mx->host);
    found_text(found, "role", reverse_role(out, facts, &names->ip));
    return found;
}

/* emit_failed - a query about an address of a mail host that nobody answered */
static void emit_failed(struct emitter *out, const struct ptr_facts *names,
                        const struct dns_answer *answer)
{
    if (!dns_status_is_answer(answer->status) && answer->status != DNS_UNKNOWN)
        emit_undetermined(out, where_name(out, names->ptr->question.name, DNS_PTR),
                          dns_answer_reason(out->arena, answer));
}

/* is_of_provider - the host and its addresses are a provider's, and so are their names */
static bool is_of_provider(const struct facts *facts, const struct mx_host *mx)
{
    return provider_of(facts->providers, PROVIDER_BY_MX, mx->host->text) != NULL;
}

/* check_dns_mx_no_ptr - a mail host whose address has no name */
void check_dns_mx_no_ptr(const struct facts *facts, struct emitter *out)
{
    for (const struct mx_host *mx = facts->domain.mx_hosts; mx != NULL; mx = mx->next)
        for (const struct ptr_facts *names = mx->names; names != NULL; names = names->next) {
            if (is_reported(facts, names) || is_of_provider(facts, mx))
                continue;
            if (dns_status_is_absent(names->ptr->status))
                emit_names(facts, out, mx, names);
            else
                emit_failed(out, names, names->ptr);
        }
}

/* ptr_list - the names of an address */
static const char *ptr_list(struct arena *arena, const struct dns_answer *ptr)
{
    struct check_list list = check_list_start(arena, NAMES_SHOWN);

    for (const struct dns_rr *rr = dns_answer_first(ptr); rr != NULL;
         rr = dns_answer_next(ptr, rr))
        check_list_add(&list, rr->target != NULL ? rr->target->text : "");
    return check_list_text(&list);
}

/* check_dns_mx_unconfirmed - no name of the address leads back to it */
void check_dns_mx_unconfirmed(const struct facts *facts, struct emitter *out)
{
    for (const struct mx_host *mx = facts->domain.mx_hosts; mx != NULL; mx = mx->next)
        for (const struct ptr_facts *names = mx->names; names != NULL; names = names->next) {
            if (is_reported(facts, names) || names->ptr->status != DNS_OK ||
                names->is_confirmed)
                continue;
            if (names->unknown != NULL)
                emit_failed(out, names, names->unknown);
            else
                found_text(emit_names(facts, out, mx, names), "names",
                           ptr_list(out->arena, names->ptr));
        }
}
