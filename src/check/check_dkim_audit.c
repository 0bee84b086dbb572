/*
 * What keys say about each other and about those who host them: providers that leave their
 * usual selectors empty, keys that are used twice, aliases that lead nowhere, keys cut in two.
 */
#include <string.h>

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/span.h"
#include "check/check_emit.h"
#include "check/check_facts.h"
#include "model/dkim_verdict.h"
#include "model/dns_answer.h"
#include "model/facts.h"
#include "model/provider.h"
#include "model/rec_dkim.h"

#define SELECTORS_SHOWN 8
#define STRING_MAX      255 /* octets of a character-string: RFC 1035, 3.3 */
#define REMAINDER_MIN   20  /* signs of base64 that are not just a note */

/* ---- providers ---- */

/* what is at the usual selectors of a provider */
struct usual {
    bool has_key;
    const struct selector_facts *unknown; /* the first that could not be queried */
    struct check_list absent;
};

/* is_usual - the selector is one of the provider's, whyever it was queried */
static bool is_usual(const struct provider *provider, const struct selector_facts *selector,
                     const struct dns_name *domain)
{
    const struct provider_names *names = &provider->lists[PROVIDER_BY_SELECTOR];

    if (selector->host == provider)
        return true;
    for (size_t i = 0; dns_name_equal(selector->domain, domain) && i < names->count; i++)
        if (strcmp(names->names[i], selector->selector->text) == 0)
            return true;
    return false;
}

/* dkim_audit_look - at all selectors that are the provider's */
static struct usual dkim_audit_look(const struct facts *facts, struct emitter *out,
                                    const struct provider *provider)
{
    struct usual usual = {.absent = check_list_start(out->arena, SELECTORS_SHOWN)};

    for (const struct selector_facts *selector = facts->domain.selectors; selector != NULL;
         selector = selector->next) {
        if (!is_usual(provider, selector, facts->domain.name))
            continue;
        usual.has_key |= selector->rr != NULL;
        if (selector->rr == NULL && dns_status_is_answer(selector->answer->status))
            check_list_add(&usual.absent, selector->selector->text);
        else if (selector->rr == NULL && usual.unknown == NULL)
            usual.unknown = selector;
    }
    return usual;
}

/* check_dkim_provider_unsigned - the records name a provider, and none of its keys is there */
void check_dkim_provider_unsigned(const struct facts *facts, struct emitter *out)
{
    const struct domain_facts *domain = &facts->domain;

    for (const struct provider_seen *seen = domain->providers; seen; seen = seen->next) {
        struct usual usual = dkim_audit_look(facts, out, seen->provider);
        struct found *found = NULL;

        if (usual.has_key || domain->sends_no_mail || domain->domainkey == NULL ||
            seen->provider->lists[PROVIDER_BY_SELECTOR].count == 0)
            continue;
        if (usual.unknown != NULL) {
            emit_undetermined(out, where_name(out, usual.unknown->key_name, DNS_TXT),
                              dns_answer_reason(out->arena, usual.unknown->answer));
            continue;
        }
        if (usual.absent.count == 0)
            continue; /* LIMIT_SELECTORS: not asked */
        found = emit(out, where_name(out, domain->domainkey->question.name, DNS_TXT));
        found_text(found, "provider", seen->provider->title);
        found_text(found, "by", seen->by == PROVIDER_BY_MX ? "MX" : "SPF record");
        found_name(found, "domain", domain->name);
        found_text(found, "selectors", check_list_text(&usual.absent));
        found_text(found, "below", check_dkim_below_text(domain->domainkey));
        found_key(found, seen->provider->name);
    }
}

/* ---- shared keys ---- */

/* dkim_audit_is_same_key - both can be used, and are one */
static bool dkim_audit_is_same_key(const struct rec_dkim_key *a, const struct rec_dkim_key *b)
{
    return a != NULL && b != NULL && a->octets.len > 0 && span_equal(a->octets, b->octets);
}

/* emit_shared - a key, and where else it is */
static void emit_shared(struct emitter *out, const struct selector_facts *selector,
                        const char *other)
{
    struct found *found = emit(out, where_rr(out, selector->answer, selector->rr));

    found_name(found, "selector", selector->selector);
    found_text(found, "other", other);
    found_key(found, arena_printf(out->arena, "%s %s", selector->key_name->text, other));
}

/* emit_foreign - signatures of other domains in the message that verify with the key */
static void emit_foreign(const struct facts *facts, struct emitter *out,
                         const struct selector_facts *selector)
{
    for (size_t i = 0; i < facts->message.dkim_count; i++) {
        const struct auth_dkim_verdict *verdict = &facts->message.dkim[i];
        const struct rec_dkim_signature *parsed = &verdict->signature->parsed;

        if (parsed->domain != NULL && parsed->key_name != NULL &&
            !dns_name_is_below(parsed->domain, facts->domain.name) &&
            dkim_audit_is_same_key(selector->key, verdict->key))
            emit_shared(out, selector, parsed->key_name->text);
    }
}

/* check_dkim_key_shared - one key under two names: whoever gets one has both */
void check_dkim_key_shared(const struct facts *facts, struct emitter *out)
{
    for (const struct selector_facts *a = facts->domain.selectors; a != NULL; a = a->next) {
        for (const struct selector_facts *b = facts->domain.selectors; b != a; b = b->next)
            if (dkim_audit_is_same_key(a->key, b->key)) {
                emit_shared(out, a, b->key_name->text);
                break;
            }
        emit_foreign(facts, out, a);
    }
}

/* ---- aliases ---- */

/* check_dkim_key_cname_dangling - an alias for a name where there is no key; of a selector that
 * the user named this is an error, dkim_key_missing */
void check_dkim_key_cname_dangling(const struct facts *facts, struct emitter *out)
{
    for (const struct selector_facts *selector = facts->domain.selectors; selector != NULL;
         selector = selector->next) {
        struct found *found = NULL;

        if (selector->origin == SELECTOR_OPTION || !check_dkim_is_dangling(facts, selector))
            continue;
        found = emit(out, where_name(out, selector->key_name, DNS_TXT));
        found_name(found, "selector", selector->selector);
        found_name(found, "target", selector->target);
        found_meant_alias(found, selector->key_name, selector->alias_meant);
    }
}

/* ---- keys in two ---- */

/* is_remainder - base64 and nothing else: the rest of a key */
static bool is_remainder(struct span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!ascii_is_alnum(text.at[i]) && text.at[i] != '+' && text.at[i] != '/' &&
            text.at[i] != '=')
            return false;
    return text.len >= REMAINDER_MIN;
}

/* cut_cause - how the record came to end too early; NULL: it did not, as far as one can see */
static const char *cut_cause(const struct selector_facts *selector)
{
    for (const struct dns_rr *rr = dns_answer_first(selector->answer); rr != NULL;
         rr = dns_answer_next(selector->answer, rr))
        if (rr != selector->rr && is_remainder(rr->joined))
            return "it goes on in another TXT record, and verifiers join the strings of one "
                   "record only";
    if (selector->rr->string_count == 1 && selector->rr->joined.len == STRING_MAX)
        return "it ends after 255 octets, all that one string holds";
    return NULL;
}

bool check_dkim_is_split(const struct selector_facts *selector)
{
    const struct rec_dkim_key *key = selector->key;

    return key != NULL && !key->is_revoked && (selector->key_bits == 0 || key->is_fatal) &&
           cut_cause(selector) != NULL;
}

/* check_dkim_key_split - a key that was cut where a string of TXT ends */
void check_dkim_key_split(const struct facts *facts, struct emitter *out)
{
    for (const struct selector_facts *selector = facts->domain.selectors; selector != NULL;
         selector = selector->next) {
        struct found *found = NULL;

        if (!check_dkim_is_split(selector))
            continue;
        found = emit(out, where_rr(out, selector->answer, selector->rr));
        found_name(found, "selector", selector->selector);
        found_text(found, "cause", cut_cause(selector));
    }
}
