/*
 * What a remedy loses. Three comparisons, each for what the others cannot see: the facts of
 * the world as it is with those after the edits; the facts of the world in which every broken
 * record says what it was meant to; and the texts that are edited, for what nobody could
 * read: a key, a report address, a policy, a term. A remedy that loses something is never
 * taken without a person, who is shown what it is.
 */
#include <string.h>

#include "base/escape.h"
#include "base/limits.h"
#include "base/span.h"
#include "base/table.h"
#include "compare/compare.h"
#include "model/compare.h"
#include "model/dmarc_verdict.h"
#include "model/rec_dmarc.h"
#include "remedy/remedy_private.h"

#define NETWORKS_SHOWN 4
#define LOST_SHOWN     3

/* meaning_touches - the remedy edits records of the name */
static bool meaning_touches(const struct remedy *remedy, const struct dns_name *name)
{
    for (const struct remedy_edit *edit = remedy->edits; edit != NULL; edit = edit->next)
        if (dns_name_equal(edit->rr->owner, name))
            return true;
    return false;
}

/* ---- differences of facts ---- */

/* addresses_text - "256 addresses (192.0.2.0/24) of include:_spf.example.net" */
static const char *addresses_text(struct arena *arena, const struct compare_change *change)
{
    const char *what = change->what;

    if (!change->has_addresses)
        return arena_printf(arena, "whatever is sent through %s",
                            what != NULL ? what : "the record");
    return arena_printf(arena, "%s that may send%s%s: %s",
                        compare_size_text(arena, change->addresses), what != NULL ? " by " : "",
                        what != NULL ? what : "",
                        compare_networks_text(arena, change->addresses, NETWORKS_SHOWN));
}

/* change_text - what is lost, in words */
static const char *change_text(struct arena *arena, const struct compare_change *change)
{
    static const struct {
        enum compare_kind kind;
        const char *text;
    } texts[] = {
        {COMPARE_KIND_spf_record_lost, "the SPF record of"},
        {COMPARE_KIND_dkim_key_lost, "the DKIM key at"},
        {COMPARE_KIND_dkim_key_replaced, "the DKIM key at"},
        {COMPARE_KIND_dmarc_record_lost, "the DMARC record at"},
        {COMPARE_KIND_mta_sts_lost, "the MTA-STS record at"},
        {COMPARE_KIND_tls_rpt_lost, "the TLS-RPT record at"},
        {COMPARE_KIND_bimi_lost, "the BIMI record at"},
    };
    const char *name = remedy_name_text(arena, change->answer->question.name);
    const char *what = change->what != NULL ? change->what : name;

    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (texts[i].kind == change->kind)
            return arena_printf(arena, "%s %s", texts[i].text, name);
    if (change->kind == COMPARE_KIND_spf_addresses_lost)
        return addresses_text(arena, change);
    if (change->kind == COMPARE_KIND_dmarc_weakened)
        return arena_printf(arena, "the DMARC policy: %s becomes %s",
                            change->before != NULL ? change->before : what,
                            change->after != NULL ? change->after : "none");
    if (change->kind == COMPARE_KIND_dmarc_reports_lost)
        return arena_printf(
            arena, "the reports to %s",
            what + (span_starts_with_nocase(span_of(what), "mailto:") ? strlen("mailto:") : 0));
    if (change->kind == COMPARE_KIND_txt_neighbours_lost)
        return arena_printf(arena, "the TXT record \"%s\"", what);
    return arena_printf(arena, "%s: %s", compare_kind_to_text(change->kind), what);
}

/* selector_at - the selector with the key name; NULL: none */
static const struct selector_facts *selector_at(const struct facts *facts,
                                                const struct dns_name *name)
{
    const struct selector_facts *selector = facts->domain.selectors;

    while (selector != NULL && !dns_name_equal(selector->key_name, name))
        selector = selector->next;
    return selector;
}

/* narrowed_text - what is lost where the key stays and only t=s is new; NULL: something else
 * is */
static const char *narrowed_text(struct arena *arena, const struct compare_change *change,
                                 const struct facts *from, const struct facts *to)
{
    const struct dns_name *name = change->answer->question.name;
    const struct selector_facts *old = selector_at(from, name);
    const struct selector_facts *new = selector_at(to, name);

    if (change->kind != COMPARE_KIND_dkim_key_replaced || old == NULL || new == NULL ||
        old->key == NULL || new->key == NULL || old->key->type != new->key->type ||
        !span_equal(old->key->octets, new->key->octets) ||
        old->key->allows_sha256 != new->key->allows_sha256 ||
        old->key->allows_email != new->key->allows_email)
        return NULL;
    return arena_printf(arena, "signatures of subdomains with the key at %s (t=s)",
                        remedy_name_text(arena, name));
}

/* is_spf_text - not a neighbour after all: it was meant as the SPF record, or is of the
 * abandoned Sender ID */
static bool is_spf_text(const struct remedy_meaning *meaning, const struct dns_rr *rr)
{
    const struct dns_rr *meant = meaning->before->domain.spf_meant.rr;
    struct span text = span_trim(rr->joined);

    return (meant != NULL && span_equal(meant->joined, rr->joined)) ||
           span_starts_with_nocase(text, "spf2.0/") || span_starts_with_nocase(text, "v=spf");
}

/* is_moved - the same text is at another name after the edits */
static bool is_moved(const struct remedy *remedy, const struct dns_rr *rr)
{
    for (const struct remedy_edit *edit = remedy->edits; edit != NULL; edit = edit->next)
        if (edit->action != REMEDY_REMOVE && edit->rr->type == rr->type &&
            span_equal(edit->rr->joined, rr->joined))
            return true;
    return false;
}

/* meaning_counts - the change is a loss that the remedy answers for */
static bool meaning_counts(const struct remedy_meaning *meaning,
                           const struct compare_change *change)
{
    enum parked_state parked = meaning->before->domain.parked;

    if (compare_kind_class(change->kind) != COMPARE_LOSS || change->unknown != NULL ||
        !meaning_touches(meaning->remedy, change->answer->question.name))
        return false;
    if (change->kind == COMPARE_KIND_txt_neighbours_lost && change->rr != NULL)
        return !is_spf_text(meaning, change->rr) && !is_moved(meaning->remedy, change->rr);
    if (change->kind == COMPARE_KIND_mx_lost || change->kind == COMPARE_KIND_mx_unresolvable)
        return false; /* the edits say which hosts go: remedy_meaning_text.c */
    /* what sends no mail has nobody to lose, and can get no reports */
    return parked == PARKED_NOT || (change->kind != COMPARE_KIND_spf_addresses_lost &&
                                    change->kind != COMPARE_KIND_dmarc_reports_lost &&
                                    change->kind != COMPARE_KIND_dkim_key_lost);
}

/* is_read - the reading of the record that the change is about takes its place: it is compared
 * instead of what the broken text does */
static bool is_read(const struct remedy_meaning *meaning, const struct compare_change *change)
{
    const struct domain_facts *domain = &meaning->before->domain;

    if (change->kind == COMPARE_KIND_dmarc_weakened &&
        remedy_is_weaker(meaning->arena, &domain->dmarc_meant))
        return false; /* the record counts today */
    if (change->kind == COMPARE_KIND_dmarc_weakened ||
        change->kind == COMPARE_KIND_dmarc_reports_lost)
        return remedy_publishes(meaning->remedy, &domain->dmarc_meant);
    return change->kind == COMPARE_KIND_spf_addresses_lost && !change->has_addresses &&
           remedy_publishes(meaning->remedy, &domain->spf_meant);
}

/* meaning_compare - losses from one world to another */
static void meaning_compare(struct remedy_meaning *meaning, const struct facts *from,
                            const struct facts *to)
{
    const struct compare *compare = compare_facts(meaning->arena, from, to);

    for (const struct compare_change *change = compare->changes; change != NULL;
         change = change->next) {
        const char *narrowed = narrowed_text(meaning->arena, change, from, to);

        if (meaning_counts(meaning, change) &&
            (from != meaning->before || !is_read(meaning, change)))
            remedy_meaning_note(
                meaning,
                narrowed != NULL ? "dkim_key_narrowed" : compare_kind_to_text(change->kind),
                narrowed != NULL ? narrowed : change_text(meaning->arena, change));
    }
}

/* ---- SPF terms that nobody can follow ---- */

/* has_open_terms - something below the record depends on more than addresses */
static bool has_open_terms(const struct auth_spf_tree *tree, const struct auth_spf_node *top)
{
    for (const struct auth_spf_node *node = tree->root; node != NULL; node = node->next) {
        const struct auth_spf_node *above = node;

        while (above != NULL && above != top)
            above = above->parent;
        for (size_t i = 0;
             above != NULL && node->record != NULL && i < node->record->term_count; i++)
            if (node->record->terms[i].has_macro ||
                node->record->terms[i].kind == REC_SPF_EXISTS ||
                node->record->terms[i].kind == REC_SPF_PTR)
                return true;
    }
    return false;
}

/* is_listable - its addresses are known, so that the comparison of sets speaks for it */
static bool is_listable(const struct facts *facts, const struct rec_spf_term *term)
{
    const struct auth_spf_tree *tree = facts->domain.spf;
    const struct auth_spf_node *child = auth_spf_tree_child(tree, tree->root, term);

    if (term->kind == REC_SPF_INVALID || term->has_macro || term->kind == REC_SPF_EXISTS ||
        term->kind == REC_SPF_PTR)
        return false;
    if (term->kind != REC_SPF_INCLUDE && term->kind != REC_SPF_REDIRECT)
        return true;
    return child != NULL && child->record != NULL && !child->record->is_fatal &&
           !has_open_terms(tree, child);
}

/* meaning_terms - terms of the record that are gone, and that no set of addresses shows */
static void meaning_terms(struct remedy_meaning *meaning, const struct facts *from,
                          const struct facts *to)
{
    const struct auth_spf_node *old = check_spf_root(from);
    const struct auth_spf_node *new = check_spf_root(to);
    const struct table *kept = NULL;

    if (old == NULL || new == NULL || old->record == NULL ||
        meaning->before->domain.parked != PARKED_NOT ||
        !meaning_touches(meaning->remedy, old->name))
        return;
    kept = remedy_terms_of(meaning->arena, new->record);
    for (size_t i = 0; i < old->record->term_count; i++) {
        const struct rec_spf_term *term = &old->record->terms[i];

        if (term->kind == REC_SPF_UNKNOWN_MODIFIER || term->kind == REC_SPF_EXP ||
            (term->kind != REC_SPF_INVALID && term->qualifier != '+' &&
             term->qualifier != '\0') ||
            is_listable(from, term) || remedy_has_term(meaning->arena, kept, term->text))
            continue;
        remedy_meaning_note(
            meaning, "spf_term",
            arena_printf(meaning->arena, "whatever is sent through %s",
                         escape_to_text(meaning->arena, term->text, LIMIT_SHOWN_BYTES)));
    }
}

/* ---- what stays ---- */

/* kept_spf - who passes in both worlds */
static void kept_spf(struct remedy_meaning *meaning, const struct facts *from,
                     const struct facts *to)
{
    const struct auth_spf_node *old = check_spf_root(from);
    const struct auth_spf_node *new = check_spf_root(to);
    const struct table *terms = NULL;

    if (old == NULL || new == NULL || old->record == NULL || new->record == NULL ||
        !meaning_touches(meaning->remedy, old->name))
        return;
    terms = remedy_terms_of(meaning->arena, new->record);
    for (size_t i = 0; i < old->record->term_count; i++) {
        const struct rec_spf_term *term = &old->record->terms[i];

        if (term->kind != REC_SPF_ALL && term->kind != REC_SPF_INVALID &&
            remedy_has_term(meaning->arena, terms, term->text))
            remedy_meaning_note(meaning, "spf_term",
                                escape_to_text(meaning->arena, term->text, LIMIT_SHOWN_BYTES));
    }
}

/* kept_dmarc - the policy and the addresses of the new record that the old one has */
static void kept_dmarc(struct remedy_meaning *meaning, const struct facts *from,
                       const struct facts *to)
{
    const struct auth_dmarc_step *old = check_dmarc_own_record(from);
    const struct auth_dmarc_step *new = check_dmarc_own_record(to);
    struct table *uris = table_open(meaning->arena);
    bool is_new = false;

    if (old == NULL || new == NULL || !meaning_touches(meaning->remedy, new->rr->owner))
        return;
    if (new->record->policy >= old->record->policy)
        remedy_meaning_note(meaning, "dmarc_policy",
                            arena_printf(meaning->arena, "p=%s",
                                         rec_dmarc_policy_to_text(new->record->policy)));
    for (const struct rec_dmarc_uri *uri = new->record->rua; uri != NULL; uri = uri->next)
        table_slot(uris, uri->text, &is_new);
    for (const struct rec_dmarc_uri *uri = old->record->rua; uri != NULL; uri = uri->next)
        if (table_has(uris, uri->text))
            remedy_meaning_note(meaning, "dmarc_reports",
                                escape_to_text(meaning->arena, uri->text, LIMIT_SHOWN_BYTES));
}

/* kept_keys - names of keys that are edited and have the same key after */
static void kept_keys(struct remedy_meaning *meaning, const struct facts *from,
                      const struct facts *to)
{
    for (const struct selector_facts *old = from->domain.selectors; old != NULL;
         old = old->next)
        for (const struct selector_facts *new = to->domain.selectors; new != NULL;
             new = new->next)
            if (dns_name_equal(old->key_name, new->key_name) && old->key != NULL &&
                new->key != NULL && span_equal(old->key->octets, new->key->octets) &&
                old->key->octets.len > 0 && meaning_touches(meaning->remedy, old->key_name))
                remedy_meaning_note(meaning, "dkim_key", old->key_name->text);
}

/* ---- together ---- */

/* meant_edit - one more record that says what it was meant to, unless nobody can choose */
static void meant_edit(struct remedy_maker *maker, struct remedy *remedy,
                       const struct meant_facts *meant)
{
    if (meant->meant != NULL && meant->meant->other == NULL)
        remedy_replace_text(maker, remedy, meant->rr, meant->meant->text);
}

const struct facts *remedy_meant_world(struct arena *arena, const struct facts *facts)
{
    struct remedy_maker maker = {.arena = arena, .facts = facts};
    struct remedy *remedy = remedy_offer(&maker, "", NULL);
    struct remedy_world world = {.arena = arena, .below = (struct ledger *)facts->ledger};

    meant_edit(&maker, remedy, &facts->domain.spf_meant);
    meant_edit(&maker, remedy, &facts->domain.dmarc_meant);
    for (const struct selector_facts *selector = facts->domain.selectors; selector != NULL;
         selector = selector->next)
        meant_edit(&maker, remedy, &selector->meant);
    if (remedy->edits == NULL || !remedy_world_edit(&world, remedy->edits))
        return facts;
    return remedy_world_facts(&world, facts);
}

/* lost_condition - "if this is not needed: ...", or what is lost behind another condition */
static const char *lost_condition(struct arena *arena, const struct remedy *remedy)
{
    const struct remedy_proof *proof = &remedy->proof;
    struct sbuf text = sbuf_start(arena);

    sbuf_addf(&text, "%s", remedy->condition != NULL ? remedy->condition : "");
    sbuf_add(&text, remedy->condition != NULL ? " (lost: " : "if this is not needed: ");
    for (size_t i = 0; i < proof->lost_count && i < LOST_SHOWN; i++)
        sbuf_addf(&text, "%s%s", i > 0 ? "; " : "", proof->lost[i].text);
    if (proof->lost_count > LOST_SHOWN)
        sbuf_addf(&text, "; and %zu more", proof->lost_count - LOST_SHOWN);
    sbuf_add(&text, remedy->condition != NULL ? ")" : "");
    return sbuf_text(&text);
}

void remedy_weigh(struct arena *arena, const struct facts *before, const struct facts *meant,
                  struct remedy *remedy)
{
    struct remedy_proof *proof = &remedy->proof;
    const struct facts *after = proof->facts_after;
    struct remedy_meaning lost = {
        arena, before, remedy, &proof->lost, &proof->lost_count, table_open(arena)};
    struct remedy_meaning kept = {
        arena, before, remedy, &proof->kept, &proof->kept_count, table_open(arena)};
    const struct facts *from = meant != NULL ? meant : before;

    meaning_compare(&lost, before, after);
    if (from != before)
        meaning_compare(&lost, from, after);
    meaning_terms(&lost, from, after);
    remedy_meaning_texts(&lost);
    kept_spf(&kept, from, after);
    kept_dmarc(&kept, from, after);
    kept_keys(&kept, from, after);
    if (proof->lost_count > 0)
        remedy->condition = lost_condition(arena, remedy);
    if (remedy->condition == NULL)
        remedy->condition = remedy_guard(arena, before, remedy);
}
