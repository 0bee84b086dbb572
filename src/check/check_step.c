/* A row a finding: which step, and how the provider is recognised. */
#include <string.h>

#include "check/check_step.h"
#include "base/arena.h"
#include "base/span.h"
#include "model/damage.h"
#include "model/dns_answer.h"
#include "model/finding_id.h"
#include "model/mail_message.h"
#include "model/provider.h"
#include "model/result.h"

struct steps {
    struct arena *arena;
    const struct facts *facts;
    const struct finding *finding;
    enum provider_step step;
    struct finding_step *first;
    struct finding_step **tail;
};

/* step_add - the step of a provider, once; NULL: nobody */
static void step_add(struct steps *steps, const struct provider *provider)
{
    struct finding_step *step = NULL;

    if (provider == NULL || provider->steps[steps->step] == NULL)
        return;
    for (step = steps->first; step != NULL; step = step->next)
        if (strcmp(step->name, provider->name) == 0)
            return;
    step = arena_new_of(steps->arena, struct finding_step);
    *step = (struct finding_step){provider->name, provider->title,
                                  provider_step_to_text(steps->step),
                                  provider->steps[steps->step], NULL};
    *steps->tail = step;
    steps->tail = &step->next;
}

/* add_domain - whoever signs, returns or connects by the name */
static void add_domain(struct steps *steps, const char *name)
{
    step_add(steps, provider_of(steps->facts->providers, PROVIDER_BY_DOMAIN, name));
}

/* by_bounce - MAIL FROM, as the client said it */
static void by_bounce(struct steps *steps)
{
    const char *mail_from = steps->facts->subject->mail_from;
    const char *at = mail_from != NULL ? strrchr(mail_from, '@') : NULL;

    if (at != NULL)
        add_domain(steps, at + 1);
}

/* by_signer - d= of the signatures */
static void by_signer(struct steps *steps)
{
    const struct message_facts *message = &steps->facts->message;

    for (size_t i = 0; i < message->dkim_count; i++)
        if (message->dkim[i].signature->parsed.domain != NULL)
            add_domain(steps, message->dkim[i].signature->parsed.domain->text);
}

/* by_client - HELO, a confirmed host name, the included record that let it in */
static void by_client(struct steps *steps)
{
    const struct facts *facts = steps->facts;
    const struct dns_answer *ptr = facts->client_ptr;
    const struct dns_rr *rr = facts->client_ptr_confirmed ? dns_answer_first(ptr) : NULL;

    add_domain(steps, facts->subject->helo);
    for (; rr != NULL; rr = dns_answer_next(ptr, rr))
        if (rr->target != NULL)
            add_domain(steps, rr->target->text);
    for (size_t i = 0; facts->spf_count > 0 && i < facts->spf[0]->path_len; i++)
        step_add(steps, provider_of_spf_include(facts->providers, facts->spf[0]->path[i]));
}

/* by_sender - everything the message and its envelope show */
static void by_sender(struct steps *steps)
{
    by_bounce(steps);
    by_client(steps);
    by_signer(steps);
}

/* by_list - header fields that software adds which changes messages */
static void by_list(struct steps *steps)
{
    const struct provider_set *set = steps->facts->providers;
    const struct mail_message *message = steps->facts->message.message;

    for (size_t i = 0; set != NULL && message != NULL && i < set->count; i++)
        for (size_t k = 0; k < message->header_count; k++)
            if (provider_has_header(&set->list[i], message->headers[k].name,
                                    message->headers[k].value))
                step_add(steps, &set->list[i]);
}

/* is_made_at_signer - does what broke each signature that fails lie with its signer */
static bool is_made_at_signer(const struct message_facts *message)
{
    bool is_any = false;

    for (size_t i = 0; i < message->dkim_count; i++) {
        const struct auth_damage *damage = message->damage == NULL ? NULL : message->damage[i];
        enum auth_damage_mover mover = AUTH_DAMAGE_BY_NOBODY;

        if (message->dkim[i].result != DKIM_FAIL)
            continue;
        if (damage != NULL)
            mover = auth_damage_mover(damage->kind);
        if (mover != AUTH_DAMAGE_BY_SIGNER && mover != AUTH_DAMAGE_BY_DNS)
            return false;
        is_any = true;
    }
    return is_any;
}

/* by_hosts - who passed the message on behind a signer whose signature fails */
static void by_hosts(struct steps *steps)
{
    const struct message_facts *message = &steps->facts->message;

    for (size_t i = 0; i < message->dkim_count; i++) {
        const struct auth_damage_hosts *hosts = &message->damage_hosts[i];

        if (message->dkim[i].result != DKIM_FAIL)
            continue;
        for (size_t k = 0; k < hosts->count; k++)
            add_domain(steps, arena_strdup_span(steps->arena, hosts->at[k]));
    }
}

/* by_damage - the signer where it signed wrongly, else who changes what passes through */
static void by_damage(struct steps *steps)
{
    if (is_made_at_signer(&steps->facts->message)) {
        steps->step = PROVIDER_TO_SIGN;
        by_signer(steps);
        return;
    }
    by_list(steps);
    by_hosts(steps);
}

/* by_key - the provider that the finding distinguishes by its name */
static void by_key(struct steps *steps)
{
    step_add(steps, provider_find(steps->facts->providers, steps->finding->key));
}

/* by_alias - where the name of the key leads */
static void by_alias(struct steps *steps)
{
    const char *name = steps->finding->where.name;

    for (const struct selector_facts *selector = steps->facts->domain.selectors;
         selector != NULL; selector = selector->next)
        if (name != NULL && strcmp(selector->key_name->text, name) == 0)
            step_add(steps, selector->host);
}

static const struct row {
    enum finding_id row;
    enum provider_step step;
    void (*recognise)(struct steps *steps);
} rows[] = {
    {ID_spf_result_fail, PROVIDER_TO_AUTHORISE, by_sender},
    {ID_spf_result_softfail, PROVIDER_TO_AUTHORISE, by_sender},
    {ID_dkim_provider_unsigned, PROVIDER_TO_SIGN, by_key},
    {ID_dkim_key_missing, PROVIDER_TO_SIGN, by_alias},
    {ID_dkim_key_cname_dangling, PROVIDER_TO_SIGN, by_alias},
    {ID_dkim_unsigned, PROVIDER_TO_SIGN, by_sender},
    {ID_dkim_body_changed, PROVIDER_TO_LIST, by_damage},
    {ID_dkim_header_changed, PROVIDER_TO_LIST, by_damage},
    {ID_dmarc_dkim_unaligned, PROVIDER_TO_SIGN, by_signer},
    {ID_dmarc_spf_unaligned, PROVIDER_TO_ALIGN, by_bounce},
};

const struct finding_step *check_steps(struct arena *arena, const struct facts *facts,
                                       const struct finding *finding)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (finding->status == FINDING_FIRES && rows[i].row == finding->row) {
            struct steps steps = {
                .arena = arena, .facts = facts, .finding = finding, .step = rows[i].step};

            steps.tail = &steps.first;
            rows[i].recognise(&steps);
            return steps.first;
        }
    return NULL;
}
