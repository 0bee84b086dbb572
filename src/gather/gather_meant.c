/*
 * What broken records were meant to say. A reading is made from what the ledger knows, and
 * what it leads to is queried as evidence only, so that it can be proved: names that it
 * repaired, the records behind them, who gets its reports. Where the right place is empty, a
 * few names are queried that consoles and people mistake for it.
 */
#include <string.h>

#include "auth/auth_spf.h"
#include "base/ip.h"
#include "base/limits.h"
#include "gather/gather_private.h"
#include "ledger/ledger.h"
#include "model/dkim_verdict.h"
#include "model/provider.h"
#include "model/rec_dmarc.h"
#include "model/rec_meant.h"
#include "model/rec_spf.h"
#include "model/spf_verdict.h"
#include "record/rec_meant.h"

/* ---- names at hand ---- */

struct name_list {
    struct arena *arena;
    struct rec_meant_name *names;
    size_t count;
};

/* meant_add - one more name */
static void meant_add(struct name_list *list, const char *name, bool is_missing)
{
    arena_append(list->arena, list->names, list->count,
                 ((struct rec_meant_name){name, is_missing}));
}

/* has_spf_text - the answer holds an SPF record */
static bool has_spf_text(const struct dns_answer *answer)
{
    const struct dns_rr *rr = NULL;

    return answer->status == DNS_OK && auth_spf_select(answer, &rr) > 0;
}

/* is_included - the record of the domain includes the name already, so that no other term was
 * meant to */
static bool is_included(const struct domain_facts *domain, const struct dns_answer *answer)
{
    for (const struct auth_spf_node *node = domain->spf->root; node != NULL; node = node->next)
        if (node->depth == 1 && node->record != NULL &&
            dns_name_equal(node->name, answer->question.name))
            return true;
    return false;
}

/* hosts_at_hand - every host of the domain whose addresses were queried */
static struct name_list hosts_at_hand(const struct gather_work *work,
                                      const struct domain_facts *domain)
{
    struct name_list list = {.arena = work->arena};
    size_t count = ledger_count(work->ledger);

    for (size_t i = 0; i < count; i++) {
        const struct dns_answer *a = ledger_get(work->ledger, i);
        const struct dns_answer *aaaa = NULL;

        if (a->question.type != DNS_A || !dns_status_is_answer(a->status) ||
            !dns_name_is_below(a->question.name, domain->name))
            continue;
        aaaa = ledger_find(work->ledger, a->question.name, DNS_AAAA);
        meant_add(&list, a->question.name->text,
                  a->status != DNS_OK && (aaaa == NULL || aaaa->status != DNS_OK));
    }
    return list;
}

/* names_at_hand - every name whose SPF record was queried, and those of the providers that
 * are not known to have none */
static struct rec_meant_names names_at_hand(const struct gather_work *work,
                                            const struct domain_facts *domain)
{
    struct name_list list = {.arena = work->arena};
    const struct name_list hosts = hosts_at_hand(work, domain);
    size_t count = ledger_count(work->ledger);
    const struct provider_set *set = work->providers;

    for (size_t i = 0; i < count; i++) {
        const struct dns_answer *answer = ledger_get(work->ledger, i);

        if (answer->question.type == DNS_TXT && dns_status_is_answer(answer->status) &&
            !dns_name_equal(answer->question.name, domain->name) &&
            !is_included(domain, answer))
            meant_add(&list, answer->question.name->text, !has_spf_text(answer));
    }
    for (size_t i = 0; set != NULL && i < set->count; i++)
        for (size_t j = 0; j < set->list[i].lists[PROVIDER_BY_SPF].count; j++) {
            const char *text = set->list[i].lists[PROVIDER_BY_SPF].names[j];
            const struct dns_name *name = dns_name_from_text(work->arena, text);
            const struct dns_answer *answer =
                name != NULL ? ledger_find(work->ledger, name, DNS_TXT) : NULL;

            if (answer == NULL || !dns_status_is_answer(answer->status) ||
                (has_spf_text(answer) && !is_included(domain, answer)))
                meant_add(&list, text, false);
        }
    return (struct rec_meant_names){list.names, list.count, hosts.names, hosts.count,
                                    domain->name->text};
}

/* ---- SPF ---- */

/* meant_by - the reading of a record; NULL: it needs none */
static const struct rec_meant *meant_by(const struct rec_meant *meant)
{
    return rec_meant_differs(meant) ? meant : NULL;
}

/* is_about_spf - a text that is not a record yet may have been meant as one */
static bool is_about_spf(struct span text)
{
    return memmem(text.at, text.len, "spf", 3) != NULL ||
           memmem(text.at, text.len, "SPF", 3) != NULL ||
           span_ends_with_nocase(span_trim(text), "all");
}

/* spf_candidate - the one record of the domain, or else the one text meant as such */
static struct meant_facts spf_candidate(const struct gather_work *work,
                                        const struct domain_facts *domain)
{
    const struct auth_spf_node *root = domain->spf->root;
    const struct rec_meant_names names = names_at_hand(work, domain);
    struct meant_facts found = {0};

    if (root == NULL || root->record_count > 1)
        return found;
    for (const struct dns_rr *rr = dns_answer_first(domain->txt);
         rr != NULL && domain->txt->status == DNS_OK; rr = dns_answer_next(domain->txt, rr)) {
        const struct rec_meant *meant = NULL;

        if (root->rr != NULL ? rr != root->rr : !is_about_spf(rr->joined))
            continue;
        meant = meant_by(rec_meant_spf(work->arena, rr->strings, rr->string_count, &names));
        if (meant == NULL)
            continue;
        if (found.rr != NULL) /* two such texts */
            return (struct meant_facts){0};
        found = (struct meant_facts){rr, meant};
    }
    return found;
}

/* ask_without_zone - the names that terms without a record would have without the name of the
 * zone, which was perhaps appended to them */
static void ask_without_zone(const struct gather_work *work, const struct domain_facts *domain)
{
    const struct auth_spf_node *root = domain->spf->root;

    for (size_t i = 0; root != NULL && root->record != NULL && i < root->record->term_count;
         i++) {
        const struct rec_spf_term *term = &root->record->terms[i];
        bool is_host = term->kind == REC_SPF_A;
        struct span name = term->domain_spec;
        const struct dns_name *wanted = NULL;
        const struct dns_answer *answer = NULL;

        if ((!is_host && term->kind != REC_SPF_INCLUDE && term->kind != REC_SPF_REDIRECT) ||
            term->has_macro || name.len <= (size_t)domain->name->len + 1 ||
            !span_ends_with_nocase(name, domain->name->text))
            continue;
        wanted = dns_name_from_octets(work->arena, name);
        answer = wanted != NULL ? ledger_find(work->ledger, wanted, is_host ? DNS_A : DNS_TXT)
                                : NULL;
        name.len -= (size_t)domain->name->len + 1;
        wanted = span_find(name, '.') > 0 ? dns_name_from_octets(work->arena, name) : NULL;
        if (wanted == NULL || answer == NULL || !dns_status_is_absent(answer->status))
            continue;
        gather_meant_ask(work, wanted, is_host ? DNS_A : DNS_TXT);
    }
}

/* ask_meant_spf - all that a reading would lead to */
static void ask_meant_spf(const struct gather_work *work, const struct domain_facts *domain)
{
    for (const struct rec_meant *meant = domain->spf_meant.meant; meant; meant = meant->other)
        gather_ask_spf_text(work, domain->name, meant->text);
}

/* ask_ignored_redirect - the record that "all" hides from receivers */
static void ask_ignored_redirect(const struct gather_work *work,
                                 const struct domain_facts *domain)
{
    const struct auth_spf_node *root = domain->spf->root;

    if (root != NULL && root->record != NULL && root->record->redirect != NULL &&
        root->record->all != NULL && !root->record->redirect->has_macro)
        gather_ask_spf_text(
            work, domain->name,
            span_of(arena_printf(work->arena, "v=spf1 redirect=%.*s",
                                 SPAN_ARG(root->record->redirect->domain_spec))));
}

/* ask_other_texts - the queries of other texts that were intended as records, too */
static void ask_other_texts(const struct gather_work *work, const struct domain_facts *domain)
{
    const struct auth_spf_node *root = domain->spf->root;

    for (const struct dns_rr *rr = dns_answer_first(domain->txt);
         rr != NULL && domain->txt->status == DNS_OK && root != NULL && root->record_count > 0;
         rr = dns_answer_next(domain->txt, rr)) {
        const struct rec_meant *meant = NULL;

        if (rr == root->rr || !is_about_spf(rr->joined))
            continue;
        meant = rec_meant_spf(work->arena, rr->strings, rr->string_count, NULL);
        if (meant != NULL)
            gather_ask_spf_text(work, domain->name, meant->text);
    }
}

/* ---- DMARC ---- */

/* meant_dmarc_of - what a record was meant to be: made once, however many worlds ask */
static const void *meant_dmarc_of(struct arena *arena, const struct dns_rr *rr)
{
    return rec_meant_dmarc(arena, rr->strings, rr->string_count);
}

/* dmarc_candidate - the one record, or else the one text that was meant as such */
static struct meant_facts dmarc_candidate(const struct gather_work *work,
                                          const struct auth_dmarc_step *step)
{
    struct meant_facts found = {0};

    if (step == NULL || step->answer->status != DNS_OK || step->record_count > 1)
        return found;
    for (const struct dns_rr *rr = dns_answer_first(step->answer); rr != NULL;
         rr = dns_answer_next(step->answer, rr)) {
        const struct rec_meant *meant = NULL;

        if (step->record_count == 1 && rr != step->rr)
            continue;
        meant = meant_by(ledger_parsed(work->ledger, rr, meant_dmarc_of));
        if (meant == NULL)
            continue;
        if (found.rr != NULL)
            return (struct meant_facts){0};
        found = (struct meant_facts){rr, meant};
    }
    return found;
}

/* ask_meant_dmarc - who would get the reports, and whether they agreed */
static void ask_meant_dmarc(const struct gather_work *work, const struct domain_facts *domain)
{
    const struct auth_dmarc_step *step = auth_dmarc_own_step(domain->dmarc, domain->name);
    size_t asked = 0; /* a remedy keeps one of several records, and so many are offered */

    for (const struct rec_meant *meant = domain->dmarc_meant.meant; meant; meant = meant->other)
        gather_ask_dmarc_text(work, step, meant->text);
    for (const struct dns_rr *rr =
             step != NULL && step->record_count > 1 ? dns_answer_first(step->answer) : NULL;
         rr != NULL && asked < LIMIT_REMEDY_CHOICES; rr = dns_answer_next(step->answer, rr))
        if (rec_dmarc_is_record(rr->joined)) {
            gather_ask_dmarc_text(work, step, rr->joined);
            asked++;
        }
}

/* ---- keys ---- */

/* meant_dkim_of - what a key record was meant to be, likewise */
static const void *meant_dkim_of(struct arena *arena, const struct dns_rr *rr)
{
    return rec_meant_dkim(arena, rr->strings, rr->string_count);
}

/* meant_key - what one selector's record was meant to be */
static void meant_key(const struct gather_work *work, struct selector_facts *selector)
{
    const struct dns_rr *rr =
        selector->rr != NULL ? selector->rr : dns_answer_first(selector->answer);

    if (selector->answer->status != DNS_OK || rr == NULL || rr->type != DNS_TXT ||
        (selector->key != NULL && !selector->key->is_fatal))
        return;
    selector->meant =
        (struct meant_facts){rr, meant_by(ledger_parsed(work->ledger, rr, meant_dkim_of))};
}

/* ---- who sends ---- */

/* add_sender - whose name it is, if anybody's and not there yet */
static void add_sender(const struct gather_work *work, struct facts *facts, const char *name)
{
    const struct provider *provider = provider_of(facts->providers, PROVIDER_BY_DOMAIN, name);

    if (provider == NULL)
        return;
    for (size_t i = 0; i < facts->sender_count; i++)
        if (facts->senders[i] == provider)
            return;
    arena_append(work->arena, facts->senders, facts->sender_count, provider);
}

/* meant_senders - the providers that the envelope and the signatures name, and what an include
 * of their records would lead to */
static void meant_senders(const struct gather_work *work, struct facts *facts)
{
    const struct auth_dkim_prepared *prepared = facts->message.dkim_prepared;
    const char *at =
        facts->subject->mail_from != NULL ? strrchr(facts->subject->mail_from, '@') : NULL;

    facts->senders = NULL;
    facts->sender_count = 0;
    if (facts->subject->ip.family == IP_NONE)
        return;
    add_sender(work, facts, facts->subject->helo);
    add_sender(work, facts, at != NULL ? at + 1 : NULL);
    for (size_t i = 0; prepared != NULL && i < prepared->count; i++)
        if (prepared->signatures[i].parsed.domain != NULL)
            add_sender(work, facts, prepared->signatures[i].parsed.domain->text);
    for (size_t i = 0; i < facts->sender_count && work->source != NULL; i++)
        for (size_t j = 0; j < facts->senders[i]->lists[PROVIDER_BY_SPF].count; j++) {
            const char *text = arena_printf(work->arena, "v=spf1 include:%s -all",
                                            facts->senders[i]->lists[PROVIDER_BY_SPF].names[j]);

            gather_ask_spf_text(work, facts->domain.name, span_of(text));
        }
}

/* look_for_keys - of selectors that somebody named, and that have no record */
static void look_for_keys(const struct gather_work *work, struct domain_facts *domain)
{
    for (struct selector_facts *selector = domain->selectors; selector != NULL;
         selector = selector->next) {
        meant_key(work, selector);
        if (selector->rr == NULL)
            selector->alias_meant =
                gather_alias_meant(work, selector->answer, selector->domain);
        gather_key_elsewhere(work, domain, selector);
    }
}

/* meant_ask_tlsa - of a host that would be a mail host */
static void meant_ask_tlsa(const struct gather_work *work, const struct dns_name *host)
{
    const struct dns_name *name = dns_name_prepend(work->arena, "_25._tcp", host);

    if (name != NULL)
        gather_meant_ask(work, name, DNS_TLSA);
}

/* meant_ask_names - of the addresses of a host that would be a mail host */
static void meant_ask_names(const struct gather_work *work, const struct dns_name *host,
                            const struct dns_answer *a, const struct dns_answer *aaaa)
{
    struct mx_host one = {.host = host, .a = a, .aaaa = aaaa};
    struct domain_facts assumed = {.mx_hosts = &one};

    if (work->source != NULL)
        gather_mx_names(work, &assumed);
}

/* meant_hosts - mail hosts without an address whose name was completed once too often */
static void meant_hosts(const struct gather_work *work, struct domain_facts *domain)
{
    for (struct mx_host *mx = domain->mx_hosts; mx != NULL; mx = mx->next) {
        const struct dns_name *name = NULL;
        const struct dns_answer *a = NULL;
        const struct dns_answer *aaaa = NULL;

        if (!dns_status_is_absent(mx->a->status) || !dns_status_is_absent(mx->aaaa->status))
            continue;
        name = gather_without_zone(work, mx->host, domain->name);
        if (name == NULL)
            continue;
        a = gather_meant_ask(work, name, DNS_A);
        aaaa = gather_meant_ask(work, name, DNS_AAAA);
        meant_ask_tlsa(work, name);
        if ((a == NULL || a->status != DNS_OK) && (aaaa == NULL || aaaa->status != DNS_OK))
            continue;
        mx->meant = name;
        mx->meant_a = a;
        mx->meant_aaaa = aaaa;
        meant_ask_names(work, name, a, aaaa);
    }
}

void gather_meant(const struct gather_work *work, struct facts *facts)
{
    struct domain_facts *domain = &facts->domain;
    const struct auth_dmarc_step *own = NULL;

    if (domain->parked != PARKED_NOT)
        return; /* what it publishes instead is known */
    meant_hosts(work, domain);
    meant_senders(work, facts);
    look_for_keys(work, domain);
    if (domain->spf->is_pending || domain->dmarc->is_pending)
        return;
    own = auth_dmarc_own_step(domain->dmarc, domain->name);
    ask_without_zone(work, domain);
    domain->spf_meant = spf_candidate(work, domain);
    ask_meant_spf(work, domain);
    ask_other_texts(work, domain);
    ask_ignored_redirect(work, domain);
    domain->dmarc_meant = dmarc_candidate(work, own);
    if (own != NULL && own->record_count == 0)
        domain->dmarc_alias_meant = gather_alias_meant(work, own->answer, domain->name);
    ask_meant_dmarc(work, domain);
    gather_elsewhere(work, domain);
}
