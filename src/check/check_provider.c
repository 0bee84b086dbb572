/* Providers that the records name, against what the SPF record lists. */
#include "base/arena.h"
#include "check/check_emit.h"
#include "check/check_facts.h"
#include "model/facts.h"
#include "model/provider.h"
#include "model/rec_spf.h"
#include "model/spf_verdict.h"

/* has_alias_to - a DKIM key of the domain is an alias to the provider */
static bool has_alias_to(const struct domain_facts *domain, const struct provider *provider)
{
    for (const struct selector_facts *one = domain->selectors; one != NULL; one = one->next)
        if (one->host == provider && one->target != NULL)
            return true;
    return false;
}

/* has_key_of - a key at a selector of the provider, or an alias to it, was found */
static bool has_key_of(const struct domain_facts *domain, const struct provider *provider)
{
    for (const struct selector_facts *one = domain->selectors; one != NULL; one = one->next)
        if (one->key != NULL &&
            (one->host == provider || (one->usual != NULL && one->usual->provider == provider)))
            return true;
    return has_alias_to(domain, provider);
}

/* unused_why - why nobody looks at the include; NULL: it is of use, or may be */
static const char *unused_why(struct arena *arena, const struct domain_facts *domain,
                              const struct provider *provider)
{
    switch (provider->spf_use) {
    case PROVIDER_SPF_NEVER:
        return arena_printf(
            arena, "%s sends with its own MAIL FROM, whose SPF record is evaluated instead",
            provider->title);
    case PROVIDER_SPF_UNLESS_ALIASED:
        return has_alias_to(domain, provider)
                   ? arena_printf(arena,
                                  "the keys of %s are aliases, so MAIL FROM is below one as "
                                  "well, and the SPF record there is evaluated",
                                  provider->title)
                   : NULL;
    case PROVIDER_SPF_USED:
        break;
    }
    return NULL;
}

/* check_spf_include_unused - an include that its provider never needs */
void check_spf_include_unused(const struct facts *facts, struct emitter *out)
{
    const struct domain_facts *domain = &facts->domain;
    const struct auth_spf_node *root = check_spf_root(facts);

    for (const struct auth_spf_node *node = root; node != NULL; node = node->next) {
        const struct provider *provider =
            node->depth == 1 && node->via->kind == REC_SPF_INCLUDE
                ? provider_of(domain->known, PROVIDER_BY_SPF, node->name->text)
                : NULL;
        const char *why = provider != NULL ? unused_why(out->arena, domain, provider) : NULL;
        struct found *found = NULL;

        if (why == NULL)
            continue;
        found = emit(out, where_node(out, root, node->via->text));
        found_text(found, "why", why);
        found_text(found, "provider", provider->title);
        found_number(found, "lookups", 1 + (int64_t)node->lookups);
        found_key(found, provider->name);
    }
}

/* provider_is_listed - a record of the tree is the provider's; what was not walked may be */
static bool provider_is_listed(const struct facts *facts, const struct provider *provider)
{
    const struct auth_spf_tree *tree = facts->domain.spf;

    if (tree->is_cut || tree->is_undetermined)
        return true;
    for (const struct auth_spf_node *node = tree->root; node != NULL; node = node->next)
        if (provider_of(facts->domain.known, PROVIDER_BY_SPF, node->name->text) == provider)
            return true;
    return false;
}

/* check_spf_provider_unlisted - mailboxes whose users' mail nobody can recognise */
void check_spf_provider_unlisted(const struct facts *facts, struct emitter *out)
{
    const struct domain_facts *domain = &facts->domain;
    const struct auth_spf_node *root = check_spf_root(facts);

    if (root == NULL || root->record_count != 1 || root->record == NULL ||
        root->record->is_fatal || domain->sends_no_mail)
        return;
    for (const struct provider_seen *seen = domain->providers; seen != NULL;
         seen = seen->next) {
        const struct provider *provider = seen->provider;
        struct found *found = NULL;

        if (seen->by != PROVIDER_BY_MX || provider->kind != PROVIDER_MAILBOX ||
            provider->lists[PROVIDER_BY_SPF].count == 0 ||
            provider_is_listed(facts, provider) || has_key_of(domain, provider))
            continue;
        found = emit(out, where_rr(out, root->answer, root->rr));
        found_text(found, "provider", provider->title);
        found_text(found, "include", provider->lists[PROVIDER_BY_SPF].names[0]);
        found_key(found, provider->name);
    }
}
