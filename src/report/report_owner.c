/* Who acts, where it is somebody else than the domain, or the damage of a signature says it. */
#include <string.h>

#include "report/report_owner.h"
#include "base/dns_name.h"
#include "base/span.h"
#include "model/damage.h"
#include "model/dmarc_verdict.h"
#include "model/facts.h"
#include "model/finding_id.h"

const char *report_key_provider(const struct report *report, const struct finding *finding)
{
    const struct selector_facts *one = report->facts->domain.selectors;

    if (!span_starts_with(span_of(finding->id), "dkim_key_") || finding->where.name == NULL)
        return NULL;
    for (; one != NULL; one = one->next)
        if (strcmp(one->key_name->text, finding->where.name) == 0)
            return one->host != NULL    ? one->host->title
                   : one->usual != NULL ? one->usual->provider->title
                                        : NULL;
    return NULL;
}

/* key_owner - whose name the alias of a key leads to, where that is not the domain's; NULL */
static const char *key_owner(struct arena *arena, const struct report *report,
                             const struct finding *finding)
{
    const struct selector_facts *one = report->facts->domain.selectors;

    for (; one != NULL && finding->where.name != NULL; one = one->next)
        if (one->target != NULL && strcmp(one->key_name->text, finding->where.name) == 0 &&
            !dns_name_is_below(one->target, report->facts->domain.name))
            return arena_printf(arena, "the owner of %s", one->target->text);
    return NULL;
}

/* dmarc_owner - where the alias at _dmarc leads to, if that is not the domain's; NULL */
static const char *dmarc_owner(struct arena *arena, const struct report *report,
                               const struct finding *finding)
{
    const struct auth_dmarc_policy *policy = report->facts->domain.dmarc;
    const struct dns_name *owner = NULL;

    if (policy == NULL || policy->step == NULL || policy->step->rr == NULL ||
        finding->remedy != NULL || finding->where.rr != policy->step->rr ||
        !span_starts_with(span_of(finding->id), "dmarc_"))
        return NULL;
    owner = policy->step->rr->owner;
    return dns_name_is_below(owner, policy->step->domain)
               ? NULL
               : arena_printf(arena, "the owner of %s", owner->text);
}

/* spf_owner - whose SPF record was judged, where that is not the domain's; NULL */
static const char *spf_owner(struct arena *arena, const struct report *report,
                             const struct finding *finding)
{
    const char *domain = finding_text_of(finding, "domain");

    if (domain == NULL || finding->remedy != NULL ||
        !span_starts_with(span_of(finding->id), "spf_") ||
        strcmp(domain, report->facts->domain.name->text) == 0)
        return NULL;
    return arena_printf(arena, "the owner of %s", domain);
}

/* is_for_sender - the advice is about signing or writing the message, whoever changed it */
static bool is_for_sender(const struct finding *finding)
{
    static const char *const starts[] = {"sign with ", "encode text ",
                                         "have the sending program "};

    for (const struct finding_arg *arg = finding->args; arg != NULL; arg = arg->next)
        for (size_t i = 0; strcmp(arg->key, "advice") == 0 && i < COUNT_OF(starts); i++)
            if (span_starts_with(span_of(arg->text), starts[i]))
                return true;
    return false;
}

/* damage_owner - who changed the message behind its signer; NULL: nobody knows */
static const char *damage_owner(const struct report *report, const struct finding *finding)
{
    static const char *const movers[] = {
        [AUTH_DAMAGE_BY_SIGNER] = REPORT_YOU_AT_SENDER,
        [AUTH_DAMAGE_BY_DNS] = REPORT_YOU_IN_DNS,
        [AUTH_DAMAGE_BY_LIST] = "whoever runs the mailing list or gateway",
        [AUTH_DAMAGE_BY_RELAY] = "whoever runs the relay",
        [AUTH_DAMAGE_BY_GATEWAY] = "whoever runs the gateway, or saved the file",
        [AUTH_DAMAGE_BY_NOBODY] = NULL,
    };
    const struct message_facts *message = &report->facts->message;

    if (finding->row != ID_dkim_body_changed && finding->row != ID_dkim_header_changed)
        return NULL;
    if (is_for_sender(finding))
        return REPORT_YOU_AT_SENDER;
    for (size_t i = 0; message->damage != NULL && i < message->dkim_count; i++)
        if (message->damage[i] != NULL)
            return movers[auth_damage_mover(message->damage[i]->kind)];
    return NULL;
}

const char *report_owner(struct arena *arena, const struct report *report,
                         const struct finding *finding)
{
    const char *owner = report_key_provider(report, finding);

    if (owner == NULL)
        owner = key_owner(arena, report, finding);
    if (owner == NULL)
        owner = spf_owner(arena, report, finding);
    if (owner == NULL)
        owner = dmarc_owner(arena, report, finding);
    return owner != NULL ? owner : damage_owner(report, finding);
}
