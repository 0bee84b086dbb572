/*
 * DKIM keys to audit: the selectors the user named, those of the message's signatures for the
 * domain, those that are usual at the providers its records name, and only if there are none of
 * the first two, a short list of common ones. That one of the latter two is absent proves
 * nothing; that it is there is worth a look. Providers are known a round later than the domain;
 * what they share with the common list has then been queried.
 */
#include <string.h>

#include "auth/auth_dkim.h"
#include "base/limits.h"
#include "base/span.h"
#include "gather/gather_private.h"
#include "ledger/ledger.h"
#include "model/dkim_verdict.h"
#include "model/provider.h"
#include "model/rec_dkim.h"
#include "record/rec_dkim.h"

/* what the large senders and the documentation of the usual signers suggest */
static const char *const common_selectors[] = {
    "default", "google",     "selector1",   "selector2",   "s1",   "s2",   "k1",
    "k2",      "k3",         "dkim",        "dkim1",       "mail", "smtp", "email",
    "mx",      "mxvault",    "mandrill",    "zoho",        "sig1", "fm1",  "fm2",
    "fm3",     "protonmail", "protonmail2", "protonmail3",
};

struct selector_list {
    struct selector_facts *first;
    struct selector_facts **tail;
    size_t count;
    size_t left_off;                    /* that somebody or something named */
    const struct dns_answer *domainkey; /* of the domain; NULL: not queried */
    const struct dns_answer *txt;       /* likewise */
    const struct dns_name *domain;      /* whose key was added last */
    const struct dns_name *keys;        /* "_domainkey" in front of it; NULL: too long a name */
};

/* has_key_name - the key is in the list already */
static bool has_key_name(const struct selector_list *list, const struct dns_name *key_name)
{
    for (const struct selector_facts *entry = list->first; entry != NULL; entry = entry->next)
        if (dns_name_equal(entry->key_name, key_name))
            return true;
    return false;
}

/* read_key - pick the key record out of the answer */
static void read_key(struct arena *arena, struct selector_facts *entry)
{
    struct rec_dkim_key *key = NULL;

    for (const struct dns_rr *rr = dns_answer_first(entry->answer); rr != NULL;
         rr = dns_answer_next(entry->answer, rr)) {
        if (!rec_dkim_key_is_record(rr->joined))
            continue;
        if (entry->key_count++ == 0)
            entry->rr = rr;
    }
    if (entry->rr == NULL)
        return;
    key = arena_new_of(arena, struct rec_dkim_key);
    rec_dkim_key_parse(arena, entry->rr->joined, key);
    entry->key = key;
    entry->key_bits = auth_dkim_key_bits(key);
}

/* selectors_read_alias - where the name of the key leads, and who is there */
static void selectors_read_alias(const struct gather_work *work, struct selector_facts *entry)
{
    const struct dns_name *target = dns_answer_final_name(entry->answer);

    if (entry->is_found && entry->answer->status == DNS_UNKNOWN) {
        /* what the alias leads to nobody knows here; where it leads says the file */
        entry->alias = dns_answer_first(ledger_ask(work->ledger, entry->key_name, DNS_CNAME));
        target = entry->alias != NULL ? entry->alias->target : NULL;
    } else if (entry->answer->records != NULL && entry->answer->records->type == DNS_CNAME) {
        entry->alias = entry->answer->records;
    }
    if (target == NULL || dns_name_equal(target, entry->key_name))
        return;
    entry->target = target;
    entry->host = provider_of(work->providers, PROVIDER_BY_TARGET, target->text);
}

/* is_guess - nobody and nothing named the selector: it is only worth a look */
static bool is_guess(const struct selector_facts *entry)
{
    return !entry->is_found && entry->origin == SELECTOR_COMMON;
}

/* is_unanswered - it was queried, and there was no answer */
static bool is_unanswered(const struct dns_answer *answer)
{
    return !dns_status_is_answer(answer->status) && answer->status != DNS_PENDING &&
           answer->status != DNS_UNKNOWN;
}

/* waits_for_domainkey - no guess needs a query: it waits for _domainkey, no name below that
 * exists (RFC 8020, 2), or nobody answers anything about the domain */
static bool waits_for_domainkey(const struct selector_list *list)
{
    const struct dns_answer *above = list->domainkey;

    return above != NULL && (above->status == DNS_PENDING || dns_answer_is_empty_below(above) ||
                             (is_unanswered(above) && is_unanswered(list->txt)));
}

/* key_answer - what is known at the name of a key */
static const struct dns_answer *key_answer(const struct gather_work *work,
                                           const struct selector_list *list,
                                           struct selector_facts *entry)
{
    const struct dns_answer *known = ledger_find(work->ledger, entry->key_name, DNS_TXT);
    struct dns_answer *absent = NULL;

    if (known != NULL || !is_guess(entry) || !waits_for_domainkey(list))
        return ledger_ask(work->ledger, entry->key_name, DNS_TXT);
    entry->is_concluded = true;
    absent = arena_new_of(work->arena, struct dns_answer);
    *absent = *list->domainkey;
    absent->question = (struct dns_question){.name = entry->key_name, .type = DNS_TXT};
    return absent;
}

/* add_selector - ask for the key of a selector, once */
static void add_selector(const struct gather_work *work, struct selector_list *list,
                         const struct selector_facts *what)
{
    struct selector_facts *entry = NULL;
    const struct dns_name *key_name = NULL;

    if (list->domain != what->domain) {
        list->domain = what->domain;
        list->keys = dns_name_prepend(work->arena, "_domainkey", what->domain);
    }
    if (list->keys != NULL)
        key_name = dns_name_prepend(work->arena, what->selector->text, list->keys);
    if (key_name == NULL || has_key_name(list, key_name))
        return;
    if (list->count >= LIMIT_SELECTORS) {
        list->left_off += what->origin == SELECTOR_COMMON ? 0 : 1;
        return;
    }
    entry = arena_new_of(work->arena, struct selector_facts);
    *entry = *what;
    entry->key_name = key_name;
    entry->answer = key_answer(work, list, entry);
    selectors_read_alias(work, entry);
    if (entry->answer->status == DNS_OK)
        read_key(work->arena, entry);
    *list->tail = entry;
    list->tail = &entry->next;
    list->count++;
}

struct gather_selector gather_selector_split(const char *text)
{
    static const char mark[] = "._domainkey";
    struct gather_selector split = {span_of(text), {NULL, 0}};

    if (strchr(text, '_') == NULL)
        return split; /* without the mark, as most are */
    for (size_t at = 0; at + sizeof(mark) - 1 <= split.selector.len; at++) {
        struct span rest = span_from(span_of(text), at + sizeof(mark) - 1);

        if (!span_starts_with_nocase(span_from(span_of(text), at), mark) ||
            (rest.len > 0 && rest.at[0] != '.'))
            continue;
        split.selector.len = at;
        if (rest.len > 1)
            split.domain = span_from(rest, 1);
        return split;
    }
    if (span_starts_with_nocase(split.selector, mark + 1) &&
        (split.selector.len == sizeof(mark) - 2 || text[sizeof(mark) - 2] == '.'))
        split.selector.len = 0;
    return split;
}

/* selectors_add_named - a selector given as text, or the name of its key; `what` says which */
static void selectors_add_named(const struct gather_work *work, struct selector_list *list,
                                const char *selector, const struct selector_facts *what)
{
    const struct gather_selector split = gather_selector_split(selector);
    struct selector_facts named = *what;

    named.selector = dns_name_parse(work->arena, split.selector, NULL);
    if (split.domain.len > 0)
        named.domain = dns_name_parse(work->arena, split.domain, NULL);
    if (named.domain != NULL && named.selector != NULL)
        add_selector(work, list, &named);
}

/* add_usual - those of the providers that the records of the domain name */
static void add_usual(const struct gather_work *work, struct selector_list *list,
                      const struct domain_facts *domain)
{
    for (const struct provider_seen *seen = domain->providers; seen; seen = seen->next) {
        const struct provider_names *usual = &seen->provider->lists[PROVIDER_BY_SELECTOR];
        const struct selector_facts what = {
            .domain = domain->name, .origin = SELECTOR_PROVIDER, .usual = seen};

        for (size_t i = 0; i < usual->count; i++)
            selectors_add_named(work, list, usual->names[i], &what);
    }
}

/* add_common - the short list, where nothing better is known */
static void add_common(const struct gather_work *work, struct selector_list *list,
                       const struct dns_name *domain)
{
    const struct selector_facts what = {.domain = domain, .origin = SELECTOR_COMMON};

    for (size_t i = 0; i < COUNT_OF(common_selectors); i++)
        selectors_add_named(work, list, common_selectors[i], &what);
}

/* selectors_add_signatures - those of d= at or below the domain */
static void selectors_add_signatures(const struct gather_work *work, struct selector_list *list,
                                     const struct facts *facts)
{
    const struct auth_dkim_prepared *prepared = facts->message.dkim_prepared;

    for (size_t i = 0; prepared != NULL && i < prepared->count; i++) {
        const struct rec_dkim_signature *parsed = &prepared->signatures[i].parsed;
        const struct selector_facts what = {
            .selector = parsed->selector,
            .domain = parsed->domain,
            .origin = SELECTOR_SIGNATURE,
        };

        if (parsed->domain != NULL && parsed->selector != NULL &&
            dns_name_is_below(parsed->domain, facts->subject->domain))
            add_selector(work, list, &what);
    }
}

/* selectors_add_reported - those that receivers saw at or below the domain */
static void selectors_add_reported(const struct gather_work *work, struct selector_list *list,
                                   const struct subject *subject)
{

    for (size_t i = 0; i < subject->reported_count; i++) {
        const struct selector_facts what = {
            .domain = dns_name_parse(work->arena, span_of(subject->reported[i].domain), NULL),
            .origin = SELECTOR_REPORT};

        if (what.domain != NULL)
            selectors_add_named(work, list, subject->reported[i].selector, &what);
    }
}

/* add_wildcard - the one thing worth knowing about keys of a domain without mail */
static void add_wildcard(const struct gather_work *work, struct selector_list *list,
                         const struct facts *facts)
{
    const struct selector_facts what = {
        .selector = dns_name_parse(work->arena, span_of("_mailassay-no-such-name"), NULL),
        .domain = facts->subject->domain,
        .origin = SELECTOR_WILDCARD,
    };

    if (what.selector != NULL)
        add_selector(work, list, &what);
}

void gather_selectors(const struct gather_work *work, struct facts *facts)
{
    const struct subject *subject = facts->subject;
    const struct selector_facts asked = {.domain = subject->domain, .origin = SELECTOR_OPTION};
    const struct selector_facts found = {
        .domain = subject->domain, .origin = SELECTOR_COMMON, .is_found = true};
    struct selector_list list = {.domainkey = facts->domain.domainkey,
                                 .txt = facts->domain.txt};
    bool is_named = false;

    list.tail = &list.first;
    for (size_t i = 0; i < subject->selector_count; i++)
        selectors_add_named(work, &list, subject->selectors[i], &asked);
    selectors_add_signatures(work, &list, facts);
    selectors_add_reported(work, &list, subject);
    for (size_t i = 0; i < subject->found_selector_count; i++)
        selectors_add_named(work, &list, subject->found_selectors[i], &found);
    is_named = list.count > 0 && !subject->asks_common_selectors;
    if (facts->domain.parked != PARKED_NOT) {
        add_wildcard(work, &list, facts);
    } else {
        add_usual(work, &list, &facts->domain);
        if (!is_named)
            add_common(work, &list, subject->domain);
    }
    facts->domain.selectors = list.first;
    facts->domain.selectors_left_off = list.left_off;
}
