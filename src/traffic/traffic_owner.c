/* Whose a flow is: rules in order, the first that speaks decides, and says why. */
#include <string.h>

#include "auth/auth_spf_set.h"
#include "base/ip.h"
#include "base/ip_ranges.h"
#include "base/span.h"
#include "feedback/feedback.h"
#include "model/dns_answer.h"
#include "model/rec_spf.h"
#include "model/result.h"
#include "model/spf_verdict.h"
#include "traffic/traffic_private.h"

/* add_include - a term of the record that names a provider */
static void add_include(struct traffic_claims *claims, const struct rec_spf_term *term,
                        const struct auth_spf_node *node)
{
    const struct auth_spf_node *child =
        auth_spf_tree_child(claims->facts->domain.spf, node, term);
    const struct provider *provider =
        child != NULL
            ? provider_of(claims->facts->providers, PROVIDER_BY_SPF, child->name->text)
            : NULL;
    struct traffic_include *include = NULL;

    if (provider == NULL)
        return;
    include = arena_new_of(claims->traffic->arena, struct traffic_include);
    include->provider = provider;
    include->set = auth_spf_set_of_term_both(claims->traffic->arena, claims->facts->ledger,
                                             claims->facts->domain.spf, term);
    include->next = claims->includes;
    claims->includes = include;
}

struct traffic_claims traffic_claims_open(struct traffic *traffic, const struct facts *facts)
{
    struct traffic_claims claims = {.traffic = traffic, .facts = facts, .top = traffic->domain};
    const struct auth_spf_node *root =
        facts->domain.spf != NULL ? facts->domain.spf->root : NULL;
    const struct auth_dmarc_policy *policy = facts->domain.dmarc;

    if (policy != NULL && policy->walk != NULL && policy->walk->organizational_domain != NULL)
        claims.top = policy->walk->organizational_domain;
    for (size_t i = 0; root != NULL && root->record != NULL && i < root->record->term_count;
         i++)
        if (root->record->terms[i].kind == REC_SPF_INCLUDE)
            add_include(&claims, &root->record->terms[i], root);
    return claims;
}

/* ---- what is known of a flow ---- */

/* provider_by_name - who connects, returns or signs with such a name */
static const struct provider *provider_by_name(const struct traffic_claims *claims,
                                               const char *name)
{
    static const enum provider_list lists[] = {PROVIDER_BY_DOMAIN, PROVIDER_BY_HOST,
                                               PROVIDER_BY_MX, PROVIDER_BY_SPF};
    const struct provider *provider = NULL;

    for (size_t i = 0; i < COUNT_OF(lists) && provider == NULL; i++)
        provider = provider_of(claims->facts->providers, lists[i], name);
    return provider;
}

/* claim_provider - by the include that lists the address, its name, envelope or signature */
static const struct provider *claim_provider(const struct traffic_claims *claims,
                                             const struct traffic_flow *flow)
{
    const struct dns_name *host = traffic_host(flow->address);
    const struct provider *provider = NULL;
    size_t family = flow->ip->family == IP_V4 ? 0 : 1;

    for (const struct traffic_include *one = claims->includes; one != NULL; one = one->next)
        if (ip_ranges_hold(&one->set.of[family], flow->ip))
            return one->provider;
    if (host != NULL)
        provider = provider_by_name(claims, host->text);
    if (provider == NULL && flow->envelope_name != NULL && flow->spf == NULL)
        provider = provider_by_name(claims, flow->envelope_name->text);
    for (size_t i = 0; i < flow->identity->dkim_count && provider == NULL; i++)
        if (flow->identity->dkim[i].result == DKIM_PASS)
            provider = provider_by_name(claims, flow->identity->dkim[i].domain);
    return provider;
}

/* claim_is_named - the records of the domain name the provider */
static const struct provider_seen *claim_is_named(const struct traffic_claims *claims,
                                                  const struct provider *provider)
{
    const struct provider_seen *seen = claims->facts->domain.providers;

    while (seen != NULL && seen->provider != provider)
        seen = seen->next;
    return seen;
}

/* claim_is_mail_host - the address is one of a mail host, or of the domain itself */
static bool claim_is_mail_host(const struct traffic_claims *claims, const struct ip_address *ip)
{
    const struct domain_facts *domain = &claims->facts->domain;

    for (const struct mx_host *mx = domain->mx_hosts; mx != NULL; mx = mx->next)
        if (dns_answer_has_address(mx->a, ip) || dns_answer_has_address(mx->aaaa, ip))
            return true;
    return dns_answer_has_address(domain->a, ip) || dns_answer_has_address(domain->aaaa, ip);
}

/* ---- the rules ---- */

/* claim_forwarded - why the flow looks forwarded; NULL: it does not */
static const char *claim_forwarded(const struct traffic_claims *claims,
                                   const struct traffic_flow *flow,
                                   const struct provider *provider)
{
    static const unsigned reported =
        FEEDBACK_FORWARDED | FEEDBACK_TRUSTED_FORWARDER | FEEDBACK_MAILING_LIST | FEEDBACK_ARC;

    for (unsigned bit = 1; bit <= FEEDBACK_ARC; bit <<= 1)
        if ((flow->reasons & reported & bit) != 0)
            return arena_printf(claims->traffic->arena, "the reporter says so (%s)",
                                feedback_reason_to_text((enum feedback_reason)bit));
    if (provider != NULL &&
        (provider->kind == PROVIDER_FORWARDING || provider->kind == PROVIDER_MAILING_LIST))
        return arena_printf(claims->traffic->arena, "%s is a known %s", provider->title,
                            provider->kind == PROVIDER_FORWARDING ? "forwarder"
                                                                  : "mailing list");
    if (flow->spf != NULL && flow->has_signature &&
        (flow->now.spf == SPF_FAIL || flow->now.spf == SPF_SOFTFAIL))
        return "SPF fails from there, while the signature of the domain passes";
    if (flow->spf == NULL && flow->has_broken)
        return "a signature of the domain arrives broken, under another envelope";
    return NULL;
}

/* claim_own - why the flow is the domain's own; NULL: nothing says so */
static const char *claim_own(const struct traffic_claims *claims,
                             const struct traffic_flow *flow, const struct provider *provider)
{
    struct arena *arena = claims->traffic->arena;
    const struct auth_spf_sets *sets = claims->facts->domain.spf_sets;
    const struct dns_name *host = traffic_host(flow->address);
    const struct provider_seen *seen =
        provider != NULL ? claim_is_named(claims, provider) : NULL;
    size_t family = flow->ip->family == IP_V4 ? 0 : 1;

    if (host != NULL && dns_name_is_below(host, claims->top))
        return "its name is below the domain";
    if (flow->now.spf_aligned)
        return "the SPF record lists it";
    if (sets != NULL && !ip_ranges_are_all(&sets->of[AUTH_SPF_SET_PASS][family]) &&
        ip_ranges_hold(&sets->of[AUTH_SPF_SET_PASS][family], flow->ip))
        return "the SPF record lists it";
    if (claim_is_mail_host(claims, flow->ip))
        return "it is a mail host of the domain";
    if (seen != NULL)
        return arena_printf(arena, "the %s records of the domain name %s",
                            seen->by == PROVIDER_BY_MX ? "MX" : "SPF", provider->title);
    return NULL;
}

/* claim_is_service - sends for customers with their names in From */
static bool claim_is_service(const struct provider *provider)
{
    return provider != NULL &&
           (provider->kind == PROVIDER_MARKETING || provider->kind == PROVIDER_TRANSACTIONAL ||
            provider->kind == PROVIDER_CUSTOMERS || provider->kind == PROVIDER_SHOP ||
            provider->kind == PROVIDER_HOSTING);
}

struct traffic_claim traffic_claim_of(const struct traffic_claims *claims,
                                      const struct traffic_flow *flow)
{
    struct arena *arena = claims->traffic->arena;
    const struct provider *provider = claim_provider(claims, flow);
    const char *own = claim_own(claims, flow, provider);
    const char *forwarded = own == NULL ? claim_forwarded(claims, flow, provider) : NULL;

    if (own != NULL)
        return (struct traffic_claim){TRAFFIC_OWN, own, provider};
    if (forwarded != NULL)
        return (struct traffic_claim){TRAFFIC_FORWARDED, forwarded, provider};
    if (flow->has_signature)
        return (struct traffic_claim){TRAFFIC_OWN, "it signs as the domain", provider};
    if (flow->address->passing > 0)
        return (struct traffic_claim){TRAFFIC_OWN, "other mail from there passes", provider};
    if (claim_is_service(provider))
        return (struct traffic_claim){
            TRAFFIC_PERHAPS,
            arena_printf(arena, "%s sends for customers; no record of the domain names it",
                         provider->title),
            provider};
    return (struct traffic_claim){TRAFFIC_FOREIGN, "nothing says that it is yours", provider};
}
