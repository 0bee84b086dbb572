/* Accessors over facts. Each returns NULL where the audit or the message is missing. */
#include <string.h>

#include "check/check_facts.h"
#include "base/span.h"
#include "model/mail_trace.h"
#include "model/subject.h"

#define HUGE_PREFIX4 8  /* a /8 holds 16 million addresses; no sender has that many */
#define HUGE_PREFIX6 16 /* registries return /19 to the largest networks at most */

/* facts_denies - the name that was queried does not exist; with a CNAME it does (RFC
 * 6604, 3) */
static bool facts_denies(const struct dns_answer *answer)
{
    return answer->status == DNS_NXDOMAIN && answer->record_count == 0;
}

bool check_domain_is_missing(const struct facts *facts)
{
    const struct domain_facts *domain = &facts->domain;

    return domain->name != NULL &&
           (facts_denies(domain->txt) || facts_denies(domain->mx) || facts_denies(domain->a));
}

const struct auth_spf_node *check_spf_root(const struct facts *facts)
{
    const struct domain_facts *domain = &facts->domain;

    return domain->name != NULL && domain->spf != NULL ? domain->spf->root : NULL;
}

/* redirected_from - the node that the redirect of `from` leads to; NULL: none */
static const struct auth_spf_node *redirected_from(const struct auth_spf_node *root,
                                                   const struct auth_spf_node *from)
{
    for (const struct auth_spf_node *node = root; node != NULL; node = node->next)
        if (node->parent == from && node->via != NULL && node->via->kind == REC_SPF_REDIRECT)
            return node;
    return NULL;
}

const struct auth_spf_node *check_spf_effective_of(const struct facts *facts,
                                                   const struct auth_spf_node *node)
{
    const struct auth_spf_node *root = check_spf_root(facts);

    while (node != NULL && node->record != NULL && node->record->all == NULL &&
           node->record->redirect != NULL)
        node = redirected_from(root, node);
    return node != NULL && node->record != NULL && !node->record->is_fatal ? node : NULL;
}

const struct auth_spf_node *check_spf_effective(const struct facts *facts)
{
    return check_spf_effective_of(facts, check_spf_root(facts));
}

const struct auth_spf_verdict *check_spf_verdict(const struct facts *facts,
                                                 enum auth_spf_identity identity)
{
    for (size_t i = 0; i < facts->spf_count; i++)
        if (facts->spf[i]->identity == identity)
            return facts->spf[i];
    return NULL;
}

const struct dns_rr *check_apex_txt(const struct facts *facts)
{
    const struct domain_facts *domain = &facts->domain;

    return domain->name != NULL && domain->txt->status == DNS_OK ? dns_answer_first(domain->txt)
                                                                 : NULL;
}

const struct auth_dmarc_step *check_dmarc_own_step(const struct facts *facts)
{
    return auth_dmarc_own_step(facts->domain.dmarc, facts->domain.name);
}

const struct auth_dmarc_step *check_dmarc_own_record(const struct facts *facts)
{
    const struct auth_dmarc_step *step = check_dmarc_own_step(facts);

    return step != NULL && step->record != NULL ? step : NULL;
}

bool check_dkim_is_dangling(const struct facts *facts, const struct selector_facts *selector)
{
    const struct dns_answer *below = facts->domain.domainkey;

    return selector->target != NULL && dns_status_is_absent(selector->answer->status) &&
           (below == NULL || !dns_name_equal(dns_answer_final_name(below), selector->target));
}

const char *check_dkim_below_text(const struct dns_answer *below)
{
    if (!dns_status_is_answer(below->status))
        return "whether there is one could not be looked up";
    return dns_answer_is_empty_below(below)
               ? "the name server says that no selector exists at all"
               : "other selectors may exist";
}

const struct dns_name *check_alias_target(const struct dns_answer *a,
                                          const struct dns_answer *aaaa)
{
    const struct dns_name *target = dns_answer_final_name(a);

    if (dns_name_equal(target, a->question.name))
        target = dns_answer_final_name(aaaa);
    return dns_name_equal(target, a->question.name) ? NULL : target;
}

/* has_failed - a source speaks for it and could not answer */
static bool has_failed(const struct dns_answer *answer)
{
    return !dns_status_is_answer(answer->status) && answer->status != DNS_UNKNOWN;
}

const struct dns_answer *check_addresses_failed(const struct dns_answer *a,
                                                const struct dns_answer *aaaa)
{
    if (a->status == DNS_OK || aaaa->status == DNS_OK)
        return NULL;
    if (has_failed(a))
        return a;
    return has_failed(aaaa) ? aaaa : NULL;
}

bool check_client_is_known(const struct facts *facts)
{
    const struct subject *subject = facts->subject;
    const struct mail_trace *trace = facts->message.trace;

    if (trace == NULL || subject->ip.family == IP_NONE ||
        !ip_equal(&subject->ip, &trace->envelope.client) ||
        subject->ip_origin != trace->envelope.client_origin)
        return subject->ip.family != IP_NONE;
    return !trace->envelope.hop.is_guessed && trace->envelope.hop.relay == NULL;
}

/* is_private_network - all of it */
static bool is_private_network(const struct ip_address *address, unsigned bits)
{
    static const struct network {
        struct ip_address base;
        unsigned prefix;
    } networks[] = {
        {{IP_V4, {10}}, 8},          {{IP_V4, {172, 16}}, 12},   {{IP_V4, {192, 168}}, 16},
        {{IP_V4, {127}}, 8},         {{IP_V4, {169, 254}}, 16},  {{IP_V6, {0xfc}}, 7},
        {{IP_V6, {0xfe, 0x80}}, 10}, {{IP_V6, {[15] = 1}}, 128},
    };

    for (size_t i = 0; i < COUNT_OF(networks); i++)
        if (bits >= networks[i].prefix &&
            ip_matches(address, &networks[i].base, networks[i].prefix))
            return true;
    return false;
}

bool check_is_private(const struct ip_address *address)
{
    return is_private_network(address, 8 * IP_V6_OCTETS);
}

bool check_spf_is_private(const struct rec_spf_term *term)
{
    return (term->kind == REC_SPF_IP4 || term->kind == REC_SPF_IP6) && term->qualifier == '+' &&
           is_private_network(&term->address,
                              term->kind == REC_SPF_IP4 ? term->prefix4 : term->prefix6);
}

bool check_spf_is_huge(const struct rec_spf_term *term)
{
    if (term->qualifier != '+' || term->is_after_all || check_spf_is_private(term))
        return false;
    if (term->kind == REC_SPF_IP4)
        return term->prefix4 <= HUGE_PREFIX4;
    if (term->kind == REC_SPF_IP6)
        return term->prefix6 <= HUGE_PREFIX6;
    if (term->kind == REC_SPF_A || term->kind == REC_SPF_MX)
        return term->prefix4 <= HUGE_PREFIX4 || term->prefix6 <= HUGE_PREFIX6;
    return false;
}

bool check_holds(struct span bytes, const char *text)
{
    return span_find_nocase(bytes, text) >= 0;
}

bool check_is_quoted(struct span text)
{
    return span_find(text, '"') >= 0 || span_find(text, '\\') >= 0;
}
