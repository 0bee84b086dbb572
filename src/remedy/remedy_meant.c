/* What was meant, published: broken records repaired, misplaced ones moved. */
#include <string.h>

#include "base/escape.h"
#include "base/fault.h"
#include "base/span.h"
#include "model/provider.h"
#include "model/rec_dmarc.h"
#include "model/rec_meant.h"
#include "record/rec_dmarc.h"
#include "record/rec_meant.h"
#include "record/rec_spf.h"
#include "remedy/remedy_private.h"

#define REPAIRS_SHOWN 3

/* is_guessed_name - a misspelt name was meant to be one that no known provider has */
static bool is_guessed_name(const struct remedy_maker *maker, const struct rec_meant *meant)
{
    for (const struct rec_repair *repair = meant->repairs; repair != NULL;
         repair = repair->next) {
        const char *name = strpbrk(repair->meant, ":=");

        if (repair->kind == REC_REPAIR_TARGET &&
            (name == NULL ||
             provider_of_spf_include(maker->facts->providers, name + 1) == NULL))
            return true;
    }
    return false;
}

/* is_void_host - the term looks for hosts under a name of which is known that it has none */
static bool is_void_host(const struct remedy_maker *maker, const struct rec_spf_term *term)
{
    enum dns_type types[] = {term->kind == REC_SPF_MX ? DNS_MX : DNS_A, DNS_AAAA};
    const struct dns_name *name = NULL;

    if ((term->kind != REC_SPF_A && term->kind != REC_SPF_MX) || !term->has_domain_spec ||
        term->has_macro)
        return false;
    name = dns_name_from_octets(maker->arena, term->domain_spec);
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        const struct dns_answer *answer =
            name != NULL ? ledger_find(maker->facts->ledger, name, types[i]) : NULL;

        if (answer != NULL && answer->status == DNS_OK)
            return false;
    }
    return true;
}

/* is_void_repair - a repair made a term that leads to nothing, so it proves nothing */
static bool is_void_repair(const struct remedy_maker *maker, const struct meant_facts *facts,
                           const struct rec_meant *meant)
{
    struct rec_spf record;

    if (!rec_spf_is_record(meant->text))
        return false;
    rec_spf_parse(maker->arena, meant->text, &record);
    for (size_t i = 0; i < record.term_count; i++) {
        const char *text = arena_strdup_span(maker->arena, record.terms[i].text);

        if (is_void_host(maker, &record.terms[i]) &&
            strcasestr(arena_strdup_span(maker->arena, facts->rr->joined), text) == NULL)
            return true;
    }
    return false;
}

bool remedy_is_weaker(struct arena *arena, const struct meant_facts *facts)
{
    struct rec_dmarc now;
    struct rec_dmarc then;

    if (facts->meant == NULL || !rec_dmarc_is_record(facts->rr->joined))
        return false;
    rec_dmarc_parse(arena, facts->rr->joined, &now);
    rec_dmarc_parse(arena, facts->meant->text, &then);
    return !now.is_fatal && !now.is_replaced_by_none &&
           (then.policy < now.policy || then.sub_policy < now.sub_policy ||
            then.np_policy < now.np_policy || (then.is_testing && !now.is_testing));
}

bool remedy_offer_meant(struct remedy_maker *maker, const struct meant_facts *facts)
{
    const struct rec_meant *meant = facts->meant;
    bool is_choice = meant != NULL && (meant->other != NULL || is_guessed_name(maker, meant) ||
                                       is_void_repair(maker, facts, meant) ||
                                       remedy_is_weaker(maker->arena, facts));

    for (; meant != NULL; meant = meant->other) {
        const char *text = escape_to_text(maker->arena, meant->text, LIMIT_SHOWN_BYTES);
        struct remedy *remedy = remedy_offer(
            maker,
            arena_printf(maker->arena, "publish the intended record (%s)",
                         rec_meant_explain(maker->arena, meant, REPAIRS_SHOWN)),
            is_choice ? arena_printf(maker->arena, "if \"%s\" is intended", text) : NULL);

        remedy_replace_text(maker, remedy, facts->rr, meant->text);
    }
    return facts->meant != NULL;
}

bool remedy_offer_moved(struct remedy_maker *maker, const struct misplaced_facts *first)
{
    for (const struct misplaced_facts *one = first; one != NULL; one = one->next) {
        struct remedy *remedy = NULL;

        if (!remedy_may_offer(maker))
            continue;
        remedy = remedy_offer(
            maker,
            arena_printf(maker->arena,
                         one->may_stay ? "publish the record at %s, where it counts"
                                       : "move the record to %s, where it counts",
                         one->place->text),
            one->is_contradicted
                ? arena_printf(maker->arena, "if \"%s\" is intended",
                               escape_to_text(maker->arena, one->text, LIMIT_SHOWN_BYTES))
                : NULL);
        for (const struct misplaced_facts *same = first; same != NULL; same = same->next)
            if (span_equal(same->text, one->text) && !same->may_stay &&
                remedy_is_ours(maker, same->rr))
                remedy_remove(maker, remedy, same->rr);
        if (one->answer->records->type == DNS_CNAME &&
            !dns_name_equal(one->place, maker->facts->domain.name))
            remedy_move_alias(maker, remedy, one);
        else
            remedy_add_text(maker, remedy, one->place,
                            arena_strdup_span(maker->arena, one->text));
        if (!one->is_contradicted)
            break; /* all of them say the same */
    }
    return first != NULL;
}

void remedy_spf_misplaced(struct remedy_maker *maker)
{
    remedy_offer_moved(maker, maker->facts->domain.spf_elsewhere);
}

void remedy_dmarc_misplaced(struct remedy_maker *maker)
{
    remedy_offer_moved(maker, maker->facts->domain.dmarc_elsewhere);
}

void remedy_key_misplaced(struct remedy_maker *maker)
{
    const char *name = maker->finding->where.name;

    for (const struct selector_facts *selector = maker->facts->domain.selectors;
         selector != NULL && name != NULL; selector = selector->next)
        for (const struct misplaced_facts *one = selector->misplaced; one != NULL;
             one = one->next)
            if (strcmp(one->answer->question.name->text, name) == 0 ||
                strcmp(selector->key_name->text, name) == 0) {
                remedy_offer_moved(maker, selector->misplaced);
                break;
            }
}

/* offer_include - the record of a provider, in front of the own terms or in a new record */
static void offer_include(struct remedy_maker *maker, const struct auth_spf_node *root,
                          const struct provider *provider, const char *name)
{
    const char *include = arena_printf(maker->arena, "include:%s", name);
    struct remedy *remedy = remedy_offer(
        maker, arena_printf(maker->arena, "let the servers of %s send", provider->title),
        arena_printf(maker->arena, "if you send through %s", provider->title));
    struct remedy_draft draft = {.arena = maker->arena};

    if (root->record == NULL) {
        remedy_add_text(maker, remedy, root->name,
                        arena_printf(maker->arena, "v=spf1 %s ~all", include));
        return;
    }
    remedy_draft_add_text(&draft, include);
    for (size_t i = 0; i < root->record->term_count; i++)
        remedy_draft_add(&draft, root->record->terms[i].text);
    remedy_draft_tidy(&draft);
    remedy_replace_text(maker, remedy, root->rr, remedy_draft_text(&draft));
}

void remedy_offer_includes(struct remedy_maker *maker, const struct auth_spf_node *root)
{
    for (size_t i = 0; i < maker->facts->sender_count; i++) {
        const struct provider *provider = maker->facts->senders[i];

        for (size_t j = 0; j < provider->lists[PROVIDER_BY_SPF].count; j++)
            offer_include(maker, root, provider, provider->lists[PROVIDER_BY_SPF].names[j]);
    }
}

/* ---- the edited records themselves ---- */

/* is_sound_text - a record of its kind without a fault that makes it useless */
static bool is_sound_text(struct arena *arena, const struct dns_rr *rr)
{
    struct rec_spf spf;
    struct rec_dmarc dmarc;

    if (rec_spf_is_record(rr->joined)) {
        rec_spf_parse(arena, rr->joined, &spf);
        return !spf.is_fatal;
    }
    if (!rec_dmarc_is_record(rr->joined))
        return true;
    rec_dmarc_parse(arena, rr->joined, &dmarc);
    for (const struct fault *fault = dmarc.faults; fault != NULL; fault = fault->next)
        if (fault->kind == REC_TAG_DUPLICATE)
            return false; /* which of them counts depends on who reads it */
    return !dmarc.is_fatal;
}

bool remedy_is_sound(struct arena *arena, const struct remedy *remedy)
{
    for (const struct remedy_edit *edit = remedy->edits; edit != NULL; edit = edit->next)
        if (edit->action != REMEDY_REMOVE && edit->rr->type == DNS_TXT &&
            !is_sound_text(arena, edit->rr))
            return false;
    return true;
}
