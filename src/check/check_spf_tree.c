/*
 * What an SPF record costs and where it leads, counted for a client that no term matches. The
 * counting goes on past the limit, so that the whole cost can be shown.
 */
#include "auth/auth_spf_set.h"
#include "base/arena.h"
#include "base/escape.h"
#include "base/fault.h"
#include "base/ip.h"
#include "base/ip_ranges.h"
#include "base/limits.h"
#include "base/span.h"
#include "check/check_emit.h"
#include "check/check_facts.h"
#include "model/dns_answer.h"
#include "model/facts.h"
#include "model/finding.h"
#include "model/rec_spf.h"
#include "model/spf_verdict.h"

#define TERMS_SHOWN 5

/* head-room below this is worth a word: one more include of a provider costs 2 to 4 */
#define LOOKUPS_NEAR 9

/* IPv4 addresses that pass in all: four of the largest providers together have about two
 * million; above twice that anybody can rent one. Half of all is a record for everybody. */
#define WIDE_IPV4      4194304.0
#define EVERYBODY_IPV4 2147483648.0
#define ALL_IPV4       4294967296.0
#define EVERYBODY_IPV6 0x1p125    /* as many as 2000::/3, what is given out (RFC 4291, 4) */
#define OVERBROAD_IPV4 16777216.0 /* as many as a /8: no sender has them */

/* tree_of - of a domain that has a record; NULL: nothing to count */
static const struct auth_spf_tree *tree_of(const struct facts *facts)
{
    const struct auth_spf_node *root = check_spf_root(facts);

    return root != NULL && root->record != NULL ? facts->domain.spf : NULL;
}

/* spf_tree_shown - untrusted text for a list */
static const char *spf_tree_shown(struct arena *arena, struct span text)
{
    return escape_to_text(arena, text, LIMIT_SHOWN_BYTES);
}

/* spf_tree_most_expensive - the most expensive term of the root below `ceiling`, the first of
 * equals that was not listed */
static const struct auth_spf_cost *
spf_tree_most_expensive(const struct auth_spf_tree *tree,
                        const struct auth_spf_cost *const *listed, size_t listed_count)
{
    const struct auth_spf_cost *best = NULL;

    for (const struct auth_spf_cost *cost = tree->costs; cost != NULL; cost = cost->next) {
        bool is_listed = false;

        for (size_t i = 0; i < listed_count; i++)
            is_listed = is_listed || listed[i] == cost;
        if (cost->node == tree->root && !is_listed &&
            (best == NULL || cost->lookups > best->lookups))
            best = cost;
    }
    return best;
}

/* cost_list - "include:a.example (5), mx (1)", the most expensive first */
static const char *cost_list(struct arena *arena, const struct auth_spf_tree *tree)
{
    const struct auth_spf_cost *listed[TERMS_SHOWN] = {NULL};
    struct check_list list = check_list_start(arena, TERMS_SHOWN);
    size_t count = 0;

    while (count < TERMS_SHOWN &&
           (listed[count] = spf_tree_most_expensive(tree, listed, count)) != NULL) {
        check_list_add(&list, arena_printf(arena, "%s (%u)",
                                           spf_tree_shown(arena, listed[count]->term->text),
                                           listed[count]->lookups));
        count++;
    }
    return check_list_text(&list);
}

/* unknown_record - a record of the tree that could not be queried; NULL: none */
static const struct dns_answer *unknown_record(const struct auth_spf_tree *tree)
{
    for (const struct auth_spf_node *node = tree->root; node != NULL; node = node->next)
        if (node->answer != NULL && !dns_status_is_answer(node->answer->status))
            return node->answer;
    return NULL;
}

/* check_spf_lookup_limit - count what receivers will count */
void check_spf_lookup_limit(const struct facts *facts, struct emitter *out)
{
    const struct auth_spf_tree *tree = tree_of(facts);
    const struct dns_answer *unknown = NULL;
    struct found *found = NULL;

    if (tree == NULL)
        return;
    unknown = unknown_record(tree);
    if (tree->lookups > AUTH_SPF_LOOKUP_MAX) {
        found = emit(out, where_rr(out, tree->root->answer, tree->root->rr));
        found_number(found, "lookups", tree->lookups);
        found_number(found, "limit", AUTH_SPF_LOOKUP_MAX);
        found_text(found, "terms", cost_list(out->arena, tree));
    } else if (unknown != NULL) {
        emit_undetermined(out, where_rr(out, tree->root->answer, tree->root->rr),
                          dns_answer_reason(out->arena, unknown));
    }
}

/* check_spf_lookup_near - the next include breaks it */
void check_spf_lookup_near(const struct facts *facts, struct emitter *out)
{
    const struct auth_spf_tree *tree = tree_of(facts);
    struct found *found = NULL;

    if (tree == NULL || tree->lookups < LOOKUPS_NEAR || tree->lookups > AUTH_SPF_LOOKUP_MAX)
        return;
    found = emit(out, where_rr(out, tree->root->answer, tree->root->rr));
    found_number(found, "lookups", tree->lookups);
    found_number(found, "limit", AUTH_SPF_LOOKUP_MAX);
    found_text(found, "terms", cost_list(out->arena, tree));
}

/* ---- how many addresses ---- */

/* spf_tree_widest - the term of the root with the most addresses that was not listed; NULL:
 * no more */
static const struct rec_spf_term *spf_tree_widest(const struct rec_spf *record,
                                                  const double *sizes, const bool *is_listed)
{
    size_t best = record->term_count;

    for (size_t i = 0; i < record->term_count; i++)
        if (!is_listed[i] && sizes[i] > 0 &&
            (best == record->term_count || sizes[i] > sizes[best]))
            best = i;
    return best < record->term_count ? &record->terms[best] : NULL;
}

/* size_list - "include:a.example (4194304), ip4:192.0.2.0/24 (256)", the largest first */
static const char *size_list(struct arena *arena, const struct facts *facts)
{
    const struct auth_spf_tree *tree = facts->domain.spf;
    const struct rec_spf *record = tree->root->record;
    struct check_list list = check_list_start(arena, TERMS_SHOWN);
    double *sizes = arena_array_of(arena, double, record->term_count);
    bool *is_listed = arena_array_of(arena, bool, record->term_count);
    const struct rec_spf_term *term = NULL;

    for (size_t i = 0; i < record->term_count && i < LIMIT_TERMS_SIZED; i++) {
        const struct ip_ranges passed =
            auth_spf_set_of_term(arena, facts->ledger, tree, &record->terms[i]);

        sizes[i] = ip_ranges_size(&passed);
    }
    while ((term = spf_tree_widest(record, sizes, is_listed)) != NULL) {
        is_listed[term - record->terms] = true;
        check_list_add(&list,
                       arena_printf(arena, "%s (%.0f)", spf_tree_shown(arena, term->text),
                                    sizes[term - record->terms]));
    }
    return check_list_text(&list);
}

/* private_passed_of - what the record itself lists of addresses that receivers never see */
static struct ip_ranges private_passed_of(struct arena *arena, const struct rec_spf *record,
                                          enum ip_family family)
{
    struct ip_ranges ranges = ip_ranges_none(family);

    for (size_t i = 0; i < record->term_count; i++)
        if (check_spf_is_private(&record->terms[i]))
            ip_ranges_add_network(arena, &ranges, &record->terms[i].address,
                                  family == IP_V4 ? record->terms[i].prefix4
                                                  : record->terms[i].prefix6);
    ip_ranges_settle(&ranges);
    return ranges;
}

/* spf_tree_passed - the addresses of a family that pass */
static struct ip_ranges spf_tree_passed(struct arena *arena, const struct facts *facts,
                                        enum ip_family family)
{
    const struct auth_spf_sets *sets = facts->domain.spf_sets;
    struct ip_ranges hidden = ip_ranges_none(family);

    if (tree_of(facts) == NULL || sets == NULL)
        return hidden;
    hidden = private_passed_of(arena, check_spf_root(facts)->record, family);
    return ip_ranges_difference(arena, &sets->of[AUTH_SPF_SET_PASS][family == IP_V6], &hidden);
}

/* lets_everybody - nearly every host of IPv4 or IPv6 passes */
static bool lets_everybody(const struct facts *facts)
{
    const struct auth_spf_sets *sets = facts->domain.spf_sets;

    return tree_of(facts) != NULL && sets != NULL &&
           (ip_ranges_size(&sets->of[AUTH_SPF_SET_PASS][0]) > EVERYBODY_IPV4 ||
            ip_ranges_size(&sets->of[AUTH_SPF_SET_PASS][1]) > EVERYBODY_IPV6);
}

/* is_huge_itself - "+all" or a network of the record itself lets everybody pass: those have
 * findings of their own */
static bool is_huge_itself(const struct facts *facts)
{
    const struct auth_spf_node *node = check_spf_effective(facts);
    const struct rec_spf *record = check_spf_root(facts)->record;
    bool is_own =
        node != NULL && node->record->all != NULL && node->record->all->qualifier == '+';

    for (size_t i = 0; i < record->term_count; i++)
        is_own = is_own || check_spf_is_huge(&record->terms[i]);
    return is_own;
}

/* check_spf_wide - many networks that are too many together, or a term that finds something
 * for everybody */
void check_spf_wide(const struct facts *facts, struct emitter *out)
{
    const struct auth_spf_node *root = check_spf_root(facts);
    bool is_everybody = lets_everybody(facts);
    struct ip_ranges passed = spf_tree_passed(out->arena, facts, IP_V4);
    double size = ip_ranges_size(&passed);
    bool is_ipv4 = size > WIDE_IPV4;
    struct found *found = NULL;

    if ((!is_ipv4 && !is_everybody) || (is_everybody && is_huge_itself(facts)))
        return;
    if (!is_ipv4)
        passed = spf_tree_passed(out->arena, facts, IP_V6);
    found = emit(out, where_rr(out, root->answer, root->rr));
    found_text(found, "count", ip_ranges_size_text(out->arena, &passed));
    found_text(found, "family", is_ipv4 ? "IPv4" : "IPv6");
    found_text(found, "share",
               arena_printf(out->arena, "%.0f", is_ipv4 ? ALL_IPV4 / size : 1.0));
    found_text(found, "part",
               is_everybody ? "practically all there are"
                            : arena_printf(out->arena, "one in %.0f of all", ALL_IPV4 / size));
    found_text(found, "terms", size_list(out->arena, facts));
    if (is_everybody)
        found->finding->severity = SEV_ERROR;
}

bool check_spf_is_overbroad(const struct facts *facts)
{
    const struct auth_spf_sets *sets = facts->domain.spf_sets;

    return tree_of(facts) != NULL && sets != NULL &&
           ip_ranges_size(&sets->of[AUTH_SPF_SET_PASS][0]) >= OVERBROAD_IPV4;
}

/* ---- lookups without an answer ---- */

/* void_list - "a:gone.example in the record of x.example" */
static const char *void_list(struct arena *arena, const struct auth_spf_tree *tree)
{
    struct check_list list = check_list_start(arena, TERMS_SHOWN);

    for (const struct auth_spf_cost *cost = tree->costs; cost != NULL; cost = cost->next)
        if (cost->is_void || (!cost->is_macro && cost->voids[0] > 0 && cost->voids[1] > 0))
            check_list_add(&list, arena_printf(arena, "%s in the record of %s",
                                               spf_tree_shown(arena, cost->term->text),
                                               cost->node->name->text));
    return check_list_text(&list);
}

/* emit_void - one finding about all void lookups */
static void emit_void(struct emitter *out, const struct auth_spf_tree *tree)
{
    struct found *found = emit(out, where_rr(out, tree->root->answer, tree->root->rr));

    found_number(found, "voids", tree->void_common);
    found_number(found, "limit", AUTH_SPF_VOID_MAX);
    found_text(found, "terms", void_list(out->arena, tree));
    found_meant(found, &out->facts->domain.spf_meant);
}

/* unknown_costs - how many terms could not be queried, and the first of their answers */
static unsigned unknown_costs(const struct auth_spf_tree *tree,
                              const struct dns_answer **first_out)
{
    unsigned count = 0;

    for (const struct auth_spf_cost *cost = tree->costs; cost != NULL; cost = cost->next)
        if (cost->answer != NULL && !dns_status_is_answer(cost->answer->status) && count++ == 0)
            *first_out = cost->answer;
    return count;
}

/* check_spf_void_limit - more void lookups than receivers allow */
void check_spf_void_limit(const struct facts *facts, struct emitter *out)
{
    const struct auth_spf_tree *tree = tree_of(facts);
    const struct dns_answer *unknown = NULL;

    if (tree == NULL)
        return;
    if (tree->void_common > AUTH_SPF_VOID_MAX)
        emit_void(out, tree);
    else if (tree->void_common + unknown_costs(tree, &unknown) > AUTH_SPF_VOID_MAX)
        emit_undetermined(out, where_rr(out, tree->root->answer, tree->root->rr),
                          dns_answer_reason(out->arena, unknown));
}

/* has_void_term - the own lookup of a term finds nothing; its hosts have their findings */
static bool has_void_term(const struct auth_spf_tree *tree)
{
    const struct auth_spf_cost *cost = tree->costs;

    while (cost != NULL && !cost->is_void)
        cost = cost->next;
    return cost != NULL;
}

/* check_spf_void_lookup - terms that lead nowhere, still within the limit */
void check_spf_void_lookup(const struct facts *facts, struct emitter *out)
{
    const struct auth_spf_tree *tree = tree_of(facts);

    if (tree != NULL && has_void_term(tree) && tree->void_common <= AUTH_SPF_VOID_MAX)
        emit_void(out, tree);
}

/* family_void_list - "a:v4.example (1), mx (3)": terms without an answer for a family */
static const char *family_void_list(struct arena *arena, const struct auth_spf_tree *tree,
                                    size_t family)
{
    struct check_list list = check_list_start(arena, TERMS_SHOWN);

    for (const struct auth_spf_cost *cost = tree->costs; cost != NULL; cost = cost->next)
        if (cost->voids[family] > 0)
            check_list_add(&list, arena_printf(arena, "%s (%u)",
                                               spf_tree_shown(arena, cost->term->text),
                                               cost->voids[family]));
    return check_list_text(&list);
}

/* passing_terms - how many "exists" that depend on the client let addresses of a family pass */
static unsigned passing_terms(const struct auth_spf_sets *sets, size_t family)
{
    unsigned count = 0;

    for (const struct auth_spf_dynamic *one = sets->dynamic; one != NULL; one = one->next)
        count += one->effect == AUTH_SPF_DYNAMIC_PASS && one->reaches[family] &&
                 one->term->kind == REC_SPF_EXISTS;
    return count;
}

/* check_spf_void_family - clients of one family, or those of terms near the end, count void
 * lookups that others do not; one finding where addresses are lost by it. It is a notice
 * where the record is a permerror anyway, and where the clients cannot be listed */
void check_spf_void_family(const struct facts *facts, struct emitter *out)
{
    static const char *const words[AUTH_SPF_FAMILIES] = {"IPv4", "IPv6"};
    const struct auth_spf_tree *tree = tree_of(facts);
    const struct auth_spf_sets *sets = facts->domain.spf_sets;
    const struct auth_spf_sets *meant = NULL;

    if (tree == NULL || sets == NULL || tree->void_lookups <= AUTH_SPF_VOID_MAX ||
        tree->void_common > AUTH_SPF_VOID_MAX)
        return;
    meant = auth_spf_sets_judged(
        out->arena, facts->ledger, tree,
        (struct auth_spf_set_options){.has_limits = true, .ignores_voids = true});
    for (size_t i = 0; i < AUTH_SPF_FAMILIES; i++) {
        const struct ip_ranges *passed = &sets->of[AUTH_SPF_SET_PASS][i];
        struct ip_ranges lost =
            ip_ranges_difference(out->arena, &meant->of[AUTH_SPF_SET_PASS][i], passed);
        unsigned terms = passing_terms(meant, i) - passing_terms(sets, i);
        struct found *found = NULL;

        if (tree->voids[i] <= AUTH_SPF_VOID_MAX || (lost.count == 0 && terms == 0))
            continue;
        found = emit(out, where_rr(out, tree->root->answer, tree->root->rr));
        found_text(found, "family", words[i]);
        found_number(found, "voids", tree->voids[i]);
        found_number(found, "limit", AUTH_SPF_VOID_MAX);
        found_text(found, "terms", family_void_list(out->arena, tree, i));
        found_text(found, "lost",
                   lost.count > 0 ? arena_printf(out->arena, "%s address%s",
                                                 ip_ranges_size_text(out->arena, &lost),
                                                 ip_ranges_size(&lost) > 1 ? "es" : "")
                                  : arena_printf(out->arena, "the clients of %u more term%s",
                                                 terms, terms > 1 ? "s" : ""));
        found_key(found, words[i]);
        if (tree->lookups > AUTH_SPF_LOOKUP_MAX || lost.count == 0)
            found->finding->severity = SEV_NOTICE;
    }
}

/* emit_node - a finding at the term that leads to the node */
static struct found *emit_node(struct emitter *out, const struct auth_spf_node *node)
{
    struct found *found = emit(out, where_node(out, node->parent, node->via->text));

    found_name(found, "target", node->name);
    return found;
}

/* emit_targets_without_record - where include or redirect leads to a name without SPF */
static void emit_targets_without_record(struct emitter *out, enum rec_spf_kind kind)
{
    const struct auth_spf_tree *tree = tree_of(out->facts);

    for (const struct auth_spf_node *node = tree != NULL ? tree->root->next : NULL;
         node != NULL; node = node->next)
        if (node->via->kind == kind && node->record_count == 0 && !node->is_loop &&
            node->answer != NULL && dns_status_is_answer(node->answer->status)) {
            struct found *found = emit_node(out, node);

            if (node->parent == tree->root)
                found_meant_part(found, &out->facts->domain.spf_meant, node->via->text);
        }
}

CHECK_AS(spf_include_missing, emit_targets_without_record(out, REC_SPF_INCLUDE))
CHECK_AS(spf_redirect_missing, emit_targets_without_record(out, REC_SPF_REDIRECT))

/* check_spf_include_several - a name that is included has several records */
void check_spf_include_several(const struct facts *facts, struct emitter *out)
{
    const struct auth_spf_tree *tree = tree_of(facts);

    for (const struct auth_spf_node *node = tree != NULL ? tree->root->next : NULL;
         node != NULL; node = node->next)
        if (node->record_count > 1)
            found_number(emit_node(out, node), "count", (int64_t)node->record_count);
}

/* check_spf_include_syntax - somebody else's record is malformed, and breaks this one */
void check_spf_include_syntax(const struct facts *facts, struct emitter *out)
{
    const struct auth_spf_tree *tree = tree_of(facts);

    for (const struct auth_spf_node *node = tree != NULL ? tree->root->next : NULL;
         node != NULL; node = node->next) {
        const struct fault *fault =
            node->record != NULL ? fault_fatal(node->record->faults) : NULL;
        struct found *found = NULL;

        if (fault == NULL)
            continue;
        found = emit_node(out, node);
        found_fault(found, fault);
    }
}

/* check_spf_loop - include or redirect leads back to itself */
void check_spf_loop(const struct facts *facts, struct emitter *out)
{
    const struct auth_spf_tree *tree = tree_of(facts);

    for (const struct auth_spf_node *node = tree != NULL ? tree->root->next : NULL;
         node != NULL; node = node->next)
        if (node->is_loop)
            emit_node(out, node);
}

/* check_spf_mx_many - an mx term over more hosts than receivers look at */
void check_spf_mx_many(const struct facts *facts, struct emitter *out)
{
    const struct auth_spf_tree *tree = tree_of(facts);

    for (const struct auth_spf_cost *cost = tree != NULL ? tree->costs : NULL; cost != NULL;
         cost = cost->next) {
        struct found *found = NULL;

        if (cost->term->kind != REC_SPF_MX || cost->names <= AUTH_SPF_MX_MAX)
            continue;
        found = emit(out, where_node(out, cost->node, cost->term->text));
        found_number(found, "hosts", cost->names);
        found_number(found, "limit", AUTH_SPF_MX_MAX);
    }
}
