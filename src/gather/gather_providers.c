/*
 * Who takes and who sends mail for the domain: its mail hosts and the records that its SPF
 * record includes, looked up among the known providers. Each is taken once, by the first name
 * that leads to it, so that it can be said how it was recognised.
 */
#include "base/limits.h"
#include "gather/gather_private.h"
#include "model/provider.h"
#include "model/spf_verdict.h"

struct seen_list {
    struct arena *arena;
    struct provider_seen *first;
    struct provider_seen **tail;
    size_t count;
    size_t left_off;
};

/* providers_has - the provider is in the list */
static bool providers_has(const struct seen_list *list, const struct provider *provider)
{
    for (const struct provider_seen *seen = list->first; seen != NULL; seen = seen->next)
        if (seen->provider == provider)
            return true;
    return false;
}

/* providers_add - whose name it is, if anybody's and not there yet */
static void providers_add(struct seen_list *list, const struct provider_set *set,
                          enum provider_list by, const struct dns_name *name)
{
    const struct provider *provider = provider_of(set, by, name->text);
    struct provider_seen *seen = NULL;

    if (provider == NULL || providers_has(list, provider))
        return;
    if (list->count >= LIMIT_PROVIDERS) {
        list->left_off++;
        return;
    }
    seen = arena_new_of(list->arena, struct provider_seen);
    *seen = (struct provider_seen){provider, by, name, NULL};
    *list->tail = seen;
    list->tail = &seen->next;
    list->count++;
}

void gather_providers(const struct gather_work *work, struct facts *facts)
{
    struct domain_facts *domain = &facts->domain;
    struct seen_list list = {.arena = work->arena};

    domain->known = facts->providers;
    list.tail = &list.first;
    for (const struct mx_host *mx = domain->mx_hosts; mx != NULL; mx = mx->next)
        providers_add(&list, facts->providers, PROVIDER_BY_MX, mx->host);
    /* what an included record includes is the business of its owner */
    for (const struct auth_spf_node *node = domain->spf->root; node != NULL; node = node->next)
        if (node->depth == 1)
            providers_add(&list, facts->providers, PROVIDER_BY_SPF, node->name);
    domain->providers = list.first;
    domain->providers_left_off = list.left_off;
}
