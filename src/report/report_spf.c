/*
 * The tree is walked once more as a receiver does it for a client that nothing matches: terms
 * in order, lookups counted, down into each included record. Where that walk has to stop is the
 * place from which on the record is a permerror.
 */
#include "report/report_spf.h"
#include "base/escape.h"
#include "base/ip.h"
#include "base/ip_ranges.h"
#include "base/limits.h"
#include "base/span.h"
#include "model/dns_answer.h"
#include "model/rec_spf.h"
#include "model/spf_verdict.h"

static const enum ip_family families[AUTH_SPF_SET_FAMILIES] = {IP_V4, IP_V6};

struct spf_walk {
    struct arena *arena;
    const struct auth_spf_tree *tree;
    unsigned lookups;
    unsigned voids[AUTH_SPF_FAMILIES];
    bool has_hosts; /* the first hosts of the term where it stops match */
    bool is_first;  /* no term was evaluated yet that may match */
    /* where it stops: the record and its term; NULL: the record as a whole */
    const struct auth_spf_node *node;
    const struct rec_spf_term *term;
    const char *why; /* NULL: it does not */
};

/* spf_stop - the evaluation ends here; always true */
static bool spf_stop(struct spf_walk *walk, const struct auth_spf_node *node,
                     const struct rec_spf_term *term, const char *why)
{
    walk->node = node;
    walk->term = term;
    walk->why = why;
    return true;
}

/* stops_at_record - the record itself cannot be used; its parent's term led there */
static bool stops_at_record(struct spf_walk *walk, const struct auth_spf_node *node)
{
    const char *why = NULL;

    if (node->is_loop)
        why = arena_printf(walk->arena, "it leads back to %s", node->name->text);
    else if (node->record_count > 1)
        why = arena_printf(walk->arena, "%zu SPF records, at most one is allowed",
                           node->record_count);
    else if (node->record_count == 0 && node->parent != NULL && node->answer != NULL &&
             dns_status_is_answer(node->answer->status))
        why = arena_printf(walk->arena, "%s has no SPF record", node->name->text);
    else if (node->record != NULL && node->record->is_fatal)
        why = node->parent == NULL ? "the record is malformed"
                                   : arena_printf(walk->arena, "the record of %s is malformed",
                                                  node->name->text);
    return why != NULL && spf_stop(walk, node->parent, node->via, why);
}

/* stops_at_limit - this lookup is one too many */
static bool stops_at_limit(struct spf_walk *walk, const struct auth_spf_node *node,
                           const struct rec_spf_term *term)
{
    const struct auth_spf_tree *tree = walk->tree;
    const struct auth_spf_cost *cost = auth_spf_tree_cost(tree, node, term);

    if (cost == NULL)
        return false;
    walk->lookups++;
    for (size_t i = 0; i < AUTH_SPF_FAMILIES; i++)
        walk->voids[i] += cost->voids[i];
    if (walk->lookups > AUTH_SPF_LOOKUP_MAX)
        return spf_stop(walk, node, term,
                        arena_printf(walk->arena, "%u DNS lookups, at most %d are allowed",
                                     tree->lookups, AUTH_SPF_LOOKUP_MAX));
    if (walk->voids[0] > AUTH_SPF_VOID_MAX && walk->voids[1] > AUTH_SPF_VOID_MAX)
        return spf_stop(walk, node, term,
                        arena_printf(walk->arena,
                                     "%u lookups without an answer, at most %d are allowed",
                                     tree->void_lookups, AUTH_SPF_VOID_MAX));
    if (term->kind == REC_SPF_MX && cost->names > AUTH_SPF_MX_MAX) {
        walk->is_first = false; /* the first ten hosts match */
        walk->has_hosts = true;
        return spf_stop(walk, node, term,
                        arena_printf(walk->arena,
                                     "it looks at %u mail hosts, at most %d are "
                                     "allowed",
                                     cost->names, AUTH_SPF_MX_MAX));
    }
    return false;
}

static bool stops_in(struct spf_walk *walk, const struct auth_spf_node *node);

/* stops_at_term - it, or something below it */
static bool stops_at_term(struct spf_walk *walk, const struct auth_spf_node *node,
                          const struct rec_spf_term *term)
{
    const struct auth_spf_node *child = auth_spf_tree_child(walk->tree, node, term);

    if (stops_at_limit(walk, node, term) || (child != NULL && stops_in(walk, child)))
        return true;
    walk->is_first = false;
    return false;
}

/* stops_in - somewhere in the record or below it; modifiers come after the mechanisms */
static bool stops_in(struct spf_walk *walk, const struct auth_spf_node *node)
{
    const struct rec_spf *record = node->record;

    if (stops_at_record(walk, node))
        return true;
    if (record == NULL)
        return false;
    for (size_t i = 0; i < record->term_count; i++) {
        const struct rec_spf_term *term = &record->terms[i];

        if (term->kind == REC_SPF_ALL)
            return false;
        if (term->qualifier != '\0' && stops_at_term(walk, node, term))
            return true;
    }
    return record->redirect != NULL && stops_at_term(walk, node, record->redirect);
}

/* spf_whom - the addresses that get as far as where it stops */
static const char *spf_whom(const struct spf_walk *walk)
{
    if (walk->term == NULL || walk->is_first)
        return "every address";
    return arena_printf(walk->arena,
                        walk->has_hosts
                            ? "every address that neither the terms before %s%s%s nor its "
                              "first ten hosts match"
                            : "every address that the terms before %s%s%s do not match",
                        escape_to_text(walk->arena, walk->term->text, LIMIT_SHOWN_BYTES),
                        walk->node->parent == NULL ? "" : " in the record of ",
                        walk->node->parent == NULL ? "" : walk->node->name->text);
}

/* unlisted_get - the result of an address that nobody lists; NULL: not known */
static const char *unlisted_get(const struct auth_spf_sets *sets)
{
    struct ip_address address = ip_of_nobody(IP_V4);

    for (int kind = 0; sets != NULL && kind < AUTH_SPF_SET_UNKNOWN; kind++)
        if (ip_ranges_hold(&sets->of[kind][0], &address))
            return auth_spf_set_kind_to_text((enum auth_spf_set_kind)kind);
    return NULL;
}

/* spf_passers - "every IPv4 address" where one passes that nobody lists; NULL: none does */
static const char *spf_passers(const struct auth_spf_sets *sets)
{
    static const char *const whom[] = {NULL, "every IPv4 address", "every IPv6 address",
                                       "every address of the Internet"};
    unsigned passes = 0;

    for (size_t i = 0; sets != NULL && i < AUTH_SPF_SET_FAMILIES; i++) {
        struct ip_address address = ip_of_nobody(families[i]);

        if (ip_ranges_hold(&sets->of[AUTH_SPF_SET_PASS][i], &address))
            passes |= 1U << i;
    }
    return whom[passes];
}

/* spf_shuts - the "all" that nobody gets past, with terms behind it; NULL: there is none */
static const struct rec_spf_term *spf_shuts(const struct domain_facts *domain)
{
    const struct auth_spf_sets *sets = domain->spf_sets;
    const struct rec_spf *record = domain->spf->root->record;
    bool is_listed = false;

    if (sets == NULL || record == NULL || record->all == NULL || sets->dynamic != NULL ||
        sets->of[AUTH_SPF_SET_PASS][0].count > 0 || sets->of[AUTH_SPF_SET_PASS][1].count > 0)
        return NULL;
    for (size_t i = 0; i < record->term_count; i++)
        is_listed =
            is_listed || (record->terms[i].is_after_all && record->terms[i].qualifier == '+');
    return is_listed ? record->all : NULL;
}

/* spf_unanswered - the first query of the tree without an answer */
static const char *spf_unanswered(struct arena *arena, const struct auth_spf_tree *tree)
{
    for (const struct auth_spf_node *node = tree->root; node != NULL; node = node->next)
        if (node->answer != NULL && !dns_status_is_answer(node->answer->status))
            return arena_printf(arena, "no answer about TXT of %s (%s)", node->name->text,
                                dns_status_to_text(node->answer->status));
    return "a query that it leads to has no answer";
}

struct report_spf report_spf_of(struct arena *arena, const struct facts *facts)
{
    const struct domain_facts *domain = &facts->domain;
    const struct auth_spf_node *root = domain->spf->root;
    struct spf_walk walk = {.arena = arena, .tree = domain->spf, .is_first = true};
    struct report_spf spf = {.state = REPORT_SPF_USABLE,
                             .unlisted = unlisted_get(domain->spf_sets)};

    if (stops_in(&walk, root)) {
        spf.state = REPORT_SPF_PERMERROR;
        spf.whom = spf_whom(&walk);
        spf.why = walk.why;
    } else if (domain->spf->is_undetermined || !dns_status_is_answer(root->answer->status)) {
        spf.state = REPORT_SPF_UNKNOWN;
        spf.why = spf_unanswered(arena, domain->spf);
    } else if (root->record_count == 0) {
        spf.state = REPORT_SPF_ABSENT;
    } else if (spf_passers(domain->spf_sets) != NULL) {
        spf.state = REPORT_SPF_OPEN;
        spf.whom = spf_passers(domain->spf_sets);
    } else if (spf_shuts(domain) != NULL) {
        spf.state = REPORT_SPF_SHUT;
        spf.why =
            arena_printf(arena, "no address passes: nothing behind \"%s\" is read",
                         escape_to_text(arena, spf_shuts(domain)->text, LIMIT_SHOWN_BYTES));
    }
    return spf;
}
