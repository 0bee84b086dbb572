/* What was meant, published: broken records repaired, misplaced ones moved. */
#include <string.h>

#include "base/escape.h"
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

bool remedy_offer_meant(struct remedy_maker *maker, const struct meant_facts *facts)
{
    const struct rec_meant *meant = facts->meant;
    bool is_choice = meant != NULL && (meant->other != NULL || is_guessed_name(maker, meant));

    for (; meant != NULL; meant = meant->other) {
        const char *text = escape_to_text(maker->arena, meant->text, LIMIT_SHOWN_BYTES);
        struct remedy *remedy = remedy_offer(
            maker,
            arena_printf(maker->arena, "the intended record: %s",
                         rec_meant_explain(maker->arena, meant, REPAIRS_SHOWN)),
            is_choice ? arena_printf(maker->arena, "if \"%s\" is intended", text) : NULL);

        remedy_replace_text(maker, remedy, facts->rr, meant->text);
    }
    return facts->meant != NULL;
}

bool remedy_offer_moved(struct remedy_maker *maker, const struct misplaced_facts *first)
{
    for (const struct misplaced_facts *one = first; one != NULL; one = one->next) {
        struct remedy *remedy = remedy_offer(
            maker,
            arena_printf(maker->arena, "the record %s %s, where it counts",
                         one->may_stay ? "is published at" : "moves to", one->place->text),
            one->is_contradicted
                ? arena_printf(maker->arena, "if \"%s\" is intended",
                               escape_to_text(maker->arena, one->text, LIMIT_SHOWN_BYTES))
                : NULL);

        for (const struct misplaced_facts *same = first; same != NULL; same = same->next)
            if (span_equal(same->text, one->text) && !same->may_stay &&
                remedy_is_ours(maker, same->rr))
                remedy_remove(maker, remedy, same->rr);
        remedy_add_text(maker, remedy, one->place, arena_strdup_span(maker->arena, one->text));
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

/* the text at the name of a key is the name of another one: an alias was meant */
void remedy_offer_alias(struct remedy_maker *maker, const struct selector_facts *selector)
{
    const struct dns_rr *rr = dns_answer_first(selector->answer);
    struct remedy *remedy = NULL;

    if (selector->alias_meant == NULL || rr == NULL)
        return;
    remedy = remedy_offer(maker, "the intended alias instead of its text", NULL);
    remedy_remove(maker, remedy, rr);
    remedy_add_value(maker, remedy, selector->key_name,
                     arena_printf(maker->arena, "CNAME %s.", selector->alias_meant->text));
}

void remedy_dmarc_alias(struct remedy_maker *maker)
{
    const struct auth_dmarc_step *step = check_dmarc_own_step(maker->facts);
    const struct dns_rr *alias = step != NULL ? step->answer->records : NULL;
    struct remedy *remedy = NULL;

    if (alias == NULL || alias->type != DNS_CNAME)
        return;
    remedy = remedy_offer(maker, "a record of your own in the place of the alias",
                          "if the owner of its target will not publish the record again");
    remedy_remove(maker, remedy, alias);
    remedy_add_text(maker, remedy, step->answer->question.name, "v=DMARC1; p=none");
}

/* offer_include - the record of a provider, in front of the own terms or in a new record */
static void offer_include(struct remedy_maker *maker, const struct auth_spf_node *root,
                          const struct provider *provider, const char *name)
{
    const char *include = arena_printf(maker->arena, "include:%s", name);
    struct remedy *remedy = remedy_offer(
        maker, arena_printf(maker->arena, "the servers of %s may send", provider->title),
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
