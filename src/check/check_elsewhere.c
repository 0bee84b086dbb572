/*
 * Why a name answers as it does: because a wildcard is above it, or because it belongs to a
 * zone of its own, which the zone of the domain cannot speak for.
 */
#include "base/arena.h"
#include "base/dns_name.h"
#include "base/span.h"
#include "check/check_emit.h"
#include "model/dns_answer.h"
#include "model/facts.h"
#include "model/finding.h"
#include "model/rec_dmarc.h"

#define NAMES_SHOWN 5

/* ---- zone cuts ---- */

/* emit_cut - the name has name servers of its own */
static void emit_cut(struct emitter *out, const struct dns_answer *ns, const char *what)
{
    struct check_list servers = check_list_start(out->arena, NAMES_SHOWN);
    struct found *found = NULL;

    if (ns == NULL || ns->status != DNS_OK)
        return;
    for (const struct dns_rr *rr = dns_answer_first(ns); rr != NULL;
         rr = dns_answer_next(ns, rr))
        if (rr->target != NULL)
            check_list_add(&servers, rr->target->text);
    if (servers.count == 0)
        return;
    found = emit(out, where_name(out, ns->question.name, DNS_NS));
    found_text(found, "servers", check_list_text(&servers));
    found_text(found, "what", what);
    found_name(found, "domain", out->facts->domain.name);
}

/* check_dns_zone_cut - a record is missing whose name is in another zone */
void check_dns_zone_cut(const struct facts *facts, struct emitter *out)
{
    emit_cut(out, facts->domain.dmarc_cut, "the DMARC record");
    emit_cut(out, facts->domain.dkim_cut, "the DKIM key");
}

/* ---- wildcards ---- */

/* is_answered_by - a name that nobody uses gives the same texts */
static bool is_answered_by(const struct dns_answer *answer, const struct dns_answer *wildcard)
{
    if (answer == NULL || wildcard == NULL || answer->status != DNS_OK ||
        wildcard->status != DNS_OK || dns_answer_count(answer) != dns_answer_count(wildcard))
        return false;
    for (const struct dns_rr *rr = dns_answer_first(answer); rr != NULL;
         rr = dns_answer_next(answer, rr))
        if (rr->type != DNS_TXT || !dns_answer_has_text(wildcard, rr->joined))
            return false;
    return dns_answer_first(answer) != NULL;
}

/* add_answered - a name whose answer is the wildcard's */
static void add_answered(struct check_list *list, const struct dns_answer *answer,
                         const struct dns_answer *wildcard)
{
    if (is_answered_by(answer, wildcard))
        check_list_add(list, answer->question.name->text);
}

/* add_selectors - keys of selectors that somebody named */
static void add_selectors(struct check_list *list, const struct domain_facts *domain)
{
    for (const struct selector_facts *one = domain->selectors; one != NULL; one = one->next)
        if ((one->origin == SELECTOR_OPTION || one->origin == SELECTOR_SIGNATURE) &&
            dns_name_equal(one->domain, domain->name))
            add_answered(list, one->answer, domain->wildcard_dkim);
}

/* emit_wildcard - one finding for all names that a wildcard answers for */
static void emit_wildcard(struct emitter *out, const struct dns_answer *wildcard,
                          const char *name, struct check_list *names)
{
    struct finding_where where;

    if (names->count == 0)
        return;
    where = where_rr(out, wildcard, dns_answer_first(wildcard));
    where.name = name;
    found_text(emit(out, where), "names", check_list_text(names));
}

/* check_dns_wildcard_answer - texts at names of mail that nobody published there; a wildcard
 * with a DMARC record, and keys of a domain without mail, have rows of their own */
void check_dns_wildcard_answer(const struct facts *facts, struct emitter *out)
{
    const struct domain_facts *domain = &facts->domain;
    const struct dns_answer *wildcard = domain->wildcard_dmarc;
    const struct dns_rr *rr = wildcard != NULL ? dns_answer_first(wildcard) : NULL;
    const char *name = NULL;
    struct check_list names = check_list_start(out->arena, NAMES_SHOWN);
    struct check_list keys = check_list_start(out->arena, NAMES_SHOWN);
    bool is_one = false;

    if (domain->name == NULL || domain->parked != PARKED_NOT)
        return;
    is_one = is_answered_by(domain->wildcard_dkim, wildcard);
    name = arena_printf(out->arena, "*.%s", domain->name->text);
    add_selectors(is_one ? &names : &keys, domain);
    if (rr != NULL && !rec_dmarc_is_record(rr->joined) && domain->dmarc_answer != NULL)
        add_answered(&names, domain->dmarc_answer, wildcard);
    emit_wildcard(out, wildcard, name, &names);
    emit_wildcard(out, domain->wildcard_dkim,
                  arena_printf(out->arena, "*._domainkey.%s", domain->name->text), &keys);
}
