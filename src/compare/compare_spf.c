/*
 * Who may send. Both records become sets of addresses as receivers see them: with the limits,
 * and with mechanisms that could not be queried left out. Such mechanisms are compared by
 * their text instead, so that two zone files can be compared without asking anybody.
 */
#include <string.h>

#include "auth/auth_spf_set.h"
#include "base/dns_name.h"
#include "base/ip.h"
#include "base/ip_ranges.h"
#include "compare/compare_private.h"
#include "model/provider.h"
#include "model/spf_verdict.h"

#define WIDE_GAIN 65536.0 /* addresses of a /16: more than one organisation needs */

/* the record of one world */
struct side {
    const struct facts *facts;
    const struct auth_spf_tree *tree;
    const struct auth_spf_node *root;
    const struct auth_spf_sets *sets; /* NULL: no record */
    struct ip_ranges passes[AUTH_SPF_SET_FAMILIES];
    struct ip_ranges unknown[AUTH_SPF_SET_FAMILIES]; /* who depends on what was not asked */
    struct ip_ranges stuck[AUTH_SPF_SET_FAMILIES];   /* and on an alias of itself: temperror */
};

/* has_any - a set of both families is not empty */
static bool has_any(const struct ip_ranges both[])
{
    return both[0].count + both[1].count > 0;
}

/* open_side - the sets of one world */
static struct side open_side(const struct comparison *comparison, const struct facts *facts)
{
    struct arena *arena = comparison->arena;
    const struct auth_spf_set_options certain = {
        .has_limits = true, .skips_unknown = true, .fails_circles = true};
    const struct auth_spf_set_options open = {.has_limits = true, .fails_circles = true};
    struct side side = {.facts = facts, .tree = facts->domain.spf};
    const struct auth_spf_sets *all = NULL;
    const struct auth_spf_sets *asked = NULL;

    side.root = side.tree->root;
    side.sets = auth_spf_sets_judged(arena, facts->ledger, side.tree, certain);
    all = auth_spf_sets_judged(arena, facts->ledger, side.tree, open);
    if (all != NULL && has_any(all->of[AUTH_SPF_SET_PERMERROR]))
        asked = auth_spf_sets_of(arena, facts->ledger, side.tree);
    for (int i = 0; i < AUTH_SPF_SET_FAMILIES; i++) {
        side.passes[i] = ip_ranges_none(i == 0 ? IP_V4 : IP_V6);
        side.unknown[i] = side.stuck[i] = side.passes[i];
        if (side.sets == NULL || all == NULL)
            continue;
        side.passes[i] = side.sets->of[AUTH_SPF_SET_PASS][i];
        side.unknown[i] = all->of[AUTH_SPF_SET_UNKNOWN][i];
        if (asked != NULL)
            side.stuck[i] = ip_ranges_intersection(arena, &all->of[AUTH_SPF_SET_PERMERROR][i],
                                                   &asked->of[AUTH_SPF_SET_UNKNOWN][i]);
    }
    return side;
}

/* record_text - of the side, safe to show; NULL: none */
static const char *record_text(struct arena *arena, const struct side *side)
{
    return side->root->rr != NULL ? compare_shown(arena, side->root->rr->joined) : NULL;
}

/* spf_is_same_record - the domain itself changed nothing */
static bool spf_is_same_record(const struct side *before, const struct side *after)
{
    const struct dns_rr *a = before->root->rr;
    const struct dns_rr *b = after->root->rr;

    return a != NULL && b != NULL && span_equal(a->joined, b->joined);
}

/* note_change - one change of the record, at the new one or else the old one */
static struct compare_change *note_change(struct comparison *comparison, enum compare_kind kind,
                                          const struct side sides[2])
{
    struct arena *arena = comparison->arena;
    bool is_old = sides[1].root->record_count == 0;
    const struct auth_spf_node *node = sides[is_old ? 0 : 1].root;
    const struct dns_rr *rr = node->rr != NULL ? node->rr : dns_answer_first(node->answer);
    struct compare_change *change = compare_note(comparison, kind, node->answer, rr);

    change->is_old = is_old;
    change->is_foreign = spf_is_same_record(&sides[0], &sides[1]);
    change->before = record_text(arena, &sides[0]);
    change->after = record_text(arena, &sides[1]);
    return change;
}

/* include_provider - who is meant by the term; NULL: nobody known */
static const struct provider *include_provider(const struct comparison *comparison,
                                               const struct facts *facts,
                                               const struct rec_spf_term *term)
{
    if (term->kind != REC_SPF_INCLUDE && term->kind != REC_SPF_REDIRECT)
        return NULL;
    return provider_of_spf_include(facts->providers,
                                   arena_strdup_span(comparison->arena, term->domain_spec));
}

/* result_of - what most of the addresses get in a world */
static const char *result_of(struct arena *arena, const struct side *side,
                             const struct ip_ranges both[])
{
    const char *word = "none";
    double most = 0;

    for (int kind = 0; side->sets != NULL && kind < AUTH_SPF_SET_KINDS; kind++) {
        double size = 0;

        for (size_t i = 0; i < AUTH_SPF_SET_FAMILIES; i++) {
            struct ip_ranges part =
                ip_ranges_intersection(arena, &side->sets->of[kind][i], &both[i]);

            size += part.count > 0 ? ip_ranges_size(&part) : 0;
        }
        if (size > most)
            word = auth_spf_set_kind_to_text((enum auth_spf_set_kind)kind);
        most = size > most ? size : most;
    }
    for (size_t i = 0; i < AUTH_SPF_SET_FAMILIES; i++) {
        struct ip_ranges stuck = ip_ranges_intersection(arena, &side->stuck[i], &both[i]);

        if (stuck.count > 0 && ip_ranges_size(&stuck) >= most)
            return "temperror";
    }
    return word;
}

/* ---- attributing addresses to terms ---- */

/* a difference of two sets that is being divided among the terms of a record */
struct share {
    struct comparison *comparison;
    const struct side *sides;
    const struct side *owner; /* whose terms they are */
    enum compare_kind kind;
    struct ip_ranges left[AUTH_SPF_SET_FAMILIES];
};

/* take_share - what of the rest is in `wanted`, out of the rest */
static bool take_share(struct share *share, const struct ip_ranges wanted[],
                       struct ip_ranges taken_out[])
{
    struct arena *arena = share->comparison->arena;

    for (size_t i = 0; i < AUTH_SPF_SET_FAMILIES; i++) {
        taken_out[i] = ip_ranges_intersection(arena, &share->left[i], &wanted[i]);
        share->left[i] = ip_ranges_difference(arena, &share->left[i], &taken_out[i]);
    }
    return has_any(taken_out);
}

/* stays_in - the record of the other world has the term as well */
static bool stays_in(const struct side *side, const struct rec_spf_term *term)
{
    const struct rec_spf *record = side->root->record;

    for (size_t i = 0; record != NULL && i < record->term_count; i++)
        if (span_equal(record->terms[i].text, term->text))
            return true;
    return false;
}

/* note_cause - where the record, or at least the term, is the same: what is not */
static void note_cause(const struct share *share, const struct rec_spf_term *term,
                       struct compare_change *change)
{
    size_t owner = share->owner == &share->sides[0] ? 0 : 1;
    struct compare_cause cause;

    if (!change->is_foreign && (term == NULL || !stays_in(&share->sides[1 - owner], term)))
        return;
    if (!compare_spf_find_cause(share->comparison, owner, term, &cause))
        return;
    change->is_foreign = true;
    change->cause = cause;
}

/* note_share - addresses that go with one term, or with none */
static struct compare_change *note_share(struct share *share, const struct rec_spf_term *term,
                                         const struct ip_ranges both[])
{
    struct arena *arena = share->comparison->arena;
    struct compare_change *change = note_change(share->comparison, share->kind, share->sides);

    change->has_addresses = true;
    memcpy(change->addresses, both, sizeof(change->addresses));
    change->result = result_of(arena, &share->sides[1], both);
    note_cause(share, term, change);
    if (term == NULL)
        return change;
    change->what = compare_shown(arena, term->text);
    change->provider = include_provider(share->comparison, share->owner->facts, term);
    if (change->is_foreign || share->owner == &share->sides[1])
        change->term = term->text;
    return change;
}

/* spf_divide - one change for each include that the addresses come from, one for all other
 * terms */
static void spf_divide(struct share *share)
{
    struct arena *arena = share->comparison->arena;
    const struct side *owner = share->owner;
    const struct rec_spf *record = owner->root->record;
    struct ip_ranges taken[AUTH_SPF_SET_FAMILIES];

    for (size_t i = 0; record != NULL && i < record->term_count && has_any(share->left); i++) {
        const struct rec_spf_term *term = &record->terms[i];
        struct auth_spf_both wanted;

        if (term->kind != REC_SPF_INCLUDE)
            continue;
        wanted = auth_spf_set_of_term_both(arena, owner->facts->ledger, owner->tree, term);
        if (take_share(share, wanted.of, taken))
            note_share(share, term, taken);
    }
    if (has_any(share->left))
        note_share(share, record != NULL && record->all == NULL ? record->redirect : NULL,
                   share->left);
}

/* addresses of one side that the other one lacks */
struct difference {
    struct ip_ranges certain[AUTH_SPF_SET_FAMILIES];
    struct ip_ranges uncertain[AUTH_SPF_SET_FAMILIES]; /* about which it is not sure */
};

/* difference_of - who passes with one side and not with the other */
static struct difference difference_of(struct arena *arena, const struct side *has,
                                       const struct side *lacks)
{
    struct difference out;

    for (size_t i = 0; i < AUTH_SPF_SET_FAMILIES; i++) {
        struct ip_ranges more = ip_ranges_difference(arena, &has->passes[i], &lacks->passes[i]);

        out.uncertain[i] = ip_ranges_intersection(arena, &more, &lacks->unknown[i]);
        out.certain[i] = ip_ranges_difference(arena, &more, &out.uncertain[i]);
    }
    return out;
}

/* ---- terms whose addresses are not known ---- */

/* spf_last_word - what who is not listed gets: the qualifier of "all"; '\0': nothing says */
static char spf_last_word(const struct side *side)
{
    const struct rec_spf *record = side->root->record;

    return record != NULL && record->all != NULL ? record->all->qualifier : '\0';
}

/* default_result - what somebody gets whom no term of the record names */
static const char *default_result(const struct side *side)
{
    if (side->root->record == NULL || side->root->record->is_fatal)
        return side->root->record_count == 0 ? "none" : "permerror";
    switch (spf_last_word(side)) {
    case '-':
        return "fail";
    case '~':
        return "softfail";
    case '+':
        return "pass";
    }
    return "neutral";
}

/* unknown_reason - the first query of the tree that had no answer; NULL: none */
static const char *unknown_reason(struct arena *arena, const struct side *side)
{
    for (const struct auth_spf_cost *cost = side->tree->costs; cost != NULL; cost = cost->next)
        if (cost->answer != NULL && cost->answer->status != DNS_OK &&
            !compare_is_nothing(cost->answer))
            return dns_answer_reason(arena, cost->answer);
    return "part of the record could not be evaluated";
}

/* is_open_term - nobody can list the addresses of the term */
static bool is_open_term(const struct auth_spf_cost *cost)
{
    return cost->is_macro || (cost->answer != NULL && cost->answer->status != DNS_OK &&
                              !compare_is_nothing(cost->answer));
}

/* is_same_term - both ask the same in the same way */
static bool is_same_term(const struct auth_spf_cost *a, const struct auth_spf_cost *b)
{
    if (a->term->kind != b->term->kind)
        return a->answer != NULL && b->answer != NULL &&
               a->answer->question.type == b->answer->question.type &&
               dns_name_equal(a->answer->question.name, b->answer->question.name);
    if (a->answer != NULL && b->answer != NULL)
        return dns_name_equal(a->answer->question.name, b->answer->question.name);
    return span_equal(a->term->text, b->term->text) &&
           (a->term->has_domain_spec || dns_name_equal(a->node->name, b->node->name));
}

/* has_term - the other record asks it too, at whatever depth */
static bool has_term(const struct side *side, const struct auth_spf_cost *wanted)
{
    for (const struct auth_spf_cost *cost = side->tree->costs; cost != NULL; cost = cost->next)
        if (is_same_term(cost, wanted))
            return true;
    return false;
}

/* has_new_open_term - the new record leads somewhere unknown that the old one did not */
static bool has_new_open_term(const struct side sides[2])
{
    for (const struct auth_spf_cost *cost = sides[1].tree->costs; cost; cost = cost->next)
        if (is_open_term(cost) && !cost->is_macro && !has_term(&sides[0], cost))
            return true;
    return false;
}

/* compare_open_terms - terms of one side that the other lacks, by their text */
static void compare_open_terms(struct comparison *comparison, const struct side sides[2],
                               size_t owner)
{
    const struct side *has = &sides[owner];
    const struct side *lacks = &sides[1 - owner];
    enum compare_kind kind =
        owner == 0 ? COMPARE_KIND_spf_addresses_lost : COMPARE_KIND_spf_addresses_gained;

    for (const struct auth_spf_cost *cost = has->tree->costs; cost; cost = cost->next) {
        struct compare_change *change = NULL;

        if (!is_open_term(cost) || has_term(lacks, cost) || cost->term->qualifier == '-' ||
            cost->term->qualifier == '~' || cost->term->qualifier == '?')
            continue;
        change = note_change(comparison, kind, sides);
        change->what = compare_shown(comparison->arena, cost->term->text);
        change->provider = include_provider(comparison, has->facts, cost->term);
        change->result = default_result(&sides[1]);
        if (owner == 1 && cost->node == has->root)
            change->term = cost->term->text;
        if (owner == 0 && has_new_open_term(sides))
            change->unknown = unknown_reason(comparison->arena, &sides[1]);
    }
}

/* ---- together ---- */

/* compare_last_words - "-all" that becomes "~all", or the other way round */
static void compare_last_words(struct comparison *comparison, const struct side sides[2])
{
    char words[2] = {spf_last_word(&sides[0]), spf_last_word(&sides[1])};
    struct compare_change *change = NULL;

    if (words[0] == words[1] || words[0] == '\0' || words[1] == '\0')
        return;
    change = note_change(comparison, COMPARE_KIND_spf_all_changed, sides);
    change->before = arena_printf(comparison->arena, "%call", words[0]);
    change->after = arena_printf(comparison->arena, "%call", words[1]);
    change->term = sides[1].root->record->all->text;
}

/* note_uncertain - addresses that may or may not be lost */
static void note_uncertain(struct comparison *comparison, const struct side sides[2],
                           const struct ip_ranges uncertain[])
{
    struct compare_change *change = NULL;

    if (!has_any(uncertain))
        return;
    change = note_change(comparison, COMPARE_KIND_spf_addresses_lost, sides);
    change->has_addresses = true;
    memcpy(change->addresses, uncertain, sizeof(change->addresses));
    change->unknown = unknown_reason(comparison->arena, &sides[1]);
}

/* compare_lost - who passed and does not */
static void compare_lost(struct comparison *comparison, const struct side sides[2])
{
    struct share share = {.comparison = comparison,
                          .sides = sides,
                          .owner = &sides[0],
                          .kind = COMPARE_KIND_spf_addresses_lost};
    const struct difference difference = difference_of(comparison->arena, &sides[0], &sides[1]);

    memcpy(share.left, difference.certain, sizeof(share.left));
    memcpy(comparison->out->lost, share.left, sizeof(share.left));
    if (sides[1].root->record_count == 0) {
        note_change(comparison, COMPARE_KIND_spf_record_lost, sides);
        return;
    }
    spf_divide(&share);
    note_uncertain(comparison, sides, difference.uncertain);
    compare_open_terms(comparison, sides, 0);
}

/* compare_gained - who passes and did not */
static void compare_gained(struct comparison *comparison, const struct side sides[2])
{
    struct share share = {.comparison = comparison,
                          .sides = sides,
                          .owner = &sides[1],
                          .kind = COMPARE_KIND_spf_addresses_gained};
    const struct difference difference = difference_of(comparison->arena, &sides[1], &sides[0]);

    memcpy(share.left, difference.certain, sizeof(share.left));
    memcpy(comparison->out->gained, share.left, sizeof(share.left));
    if (share.left[0].count > 0 && ip_ranges_size(&share.left[0]) > WIDE_GAIN) {
        struct compare_change *change =
            note_change(comparison, COMPARE_KIND_spf_widened, sides);

        change->has_addresses = true;
        memcpy(change->addresses, share.left, sizeof(share.left));
        note_cause(&share, NULL, change);
    }
    spf_divide(&share);
    if (sides[1].root->record_count > 0)
        compare_open_terms(comparison, sides, 1);
}

void compare_spf(struct comparison *comparison)
{
    const struct compare *out = comparison->out;
    struct side sides[2];

    if (out->before->domain.spf == NULL || out->after->domain.spf == NULL ||
        !compare_is_known(comparison, COMPARE_KIND_spf_record_lost,
                          out->before->domain.spf->root->answer,
                          out->after->domain.spf->root->answer))
        return;
    sides[0] = open_side(comparison, out->before);
    sides[1] = open_side(comparison, out->after);
    if (sides[0].root->record_count == 0 && sides[1].root->record_count > 0)
        note_change(comparison, COMPARE_KIND_spf_record_new, sides);
    if (sides[0].root->record_count > 0)
        compare_lost(comparison, sides);
    compare_gained(comparison, sides);
    compare_last_words(comparison, sides);
}
