/* The SPF record as the audit sees it: flat lists of records and costs, the same nested, and
 * the sets of addresses. */
#include "base/arena.h"
#include "base/ip_ranges.h"
#include "base/limits.h"
#include "model/dns_answer.h"
#include "model/facts.h"
#include "model/provider.h"
#include "model/rec_spf.h"
#include "model/spf_verdict.h"
#include "render/render_json.h"

/* provider_name - whose record it is; null: nobody's that is known */
static json_t *provider_name(struct arena *arena, const struct domain_facts *domain,
                             const struct auth_spf_node *node)
{
    const struct provider *whose = provider_of_spf_include(domain->known, node->name->text);

    return render_json_text(arena, whose != NULL ? whose->name : NULL);
}

/* ---- flat ---- */

/* tree_node - one record of the tree and how it was reached */
static json_t *tree_node(struct arena *arena, const struct domain_facts *domain,
                         const struct auth_spf_node *node)
{
    return json_pack(
        "{s:o, s:o, s:I, s:o, s:o, s:o}", "name", render_json_name(arena, node->name), "via",
        node->via == NULL ? json_null() : render_json_span(arena, node->via->text), "lookups",
        (json_int_t)node->lookups, "status", render_json_status(node->answer), "record",
        render_json_joined(arena, node->rr), "provider", provider_name(arena, domain, node));
}

/* cost_object - one term that costs lookups */
static json_t *cost_object(struct arena *arena, const struct auth_spf_cost *cost)
{
    const struct dns_question *question = cost->answer != NULL ? &cost->answer->question : NULL;

    return json_pack("{s:o, s:o, s:I, s:b, s:I, s:I, s:o, s:s?, s:o}", "name",
                     render_json_name(arena, cost->node->name), "term",
                     render_json_span(arena, cost->term->text), "lookups",
                     (json_int_t)cost->lookups, "void", cost->is_void, "void_lookups_ipv4",
                     (json_int_t)cost->voids[0], "void_lookups_ipv6",
                     (json_int_t)cost->voids[1], "target",
                     question == NULL ? json_null() : render_json_name(arena, question->name),
                     "type", question == NULL ? NULL : dns_type_to_text(arena, question->type),
                     "status", render_json_status(cost->answer));
}

/* ---- nested ---- */

static json_t *json_spf_nest(struct arena *arena, const struct domain_facts *domain,
                             const struct auth_spf_node *node);

/* term_object - one term of a record, and the record behind it */
static json_t *term_object(struct arena *arena, const struct domain_facts *domain,
                           const struct auth_spf_node *node, const struct rec_spf_term *term)
{
    const struct auth_spf_cost *cost = auth_spf_tree_cost(domain->spf, node, term);
    const struct auth_spf_node *child = auth_spf_tree_child(domain->spf, node, term);

    return json_pack(
        "{s:o, s:I, s:b, s:b, s:b, s:o, s:o}", "term", render_json_span(arena, term->text),
        "lookups", (json_int_t)(cost != NULL ? cost->lookups : 0), "void",
        cost != NULL && cost->is_void, "dynamic", cost != NULL && cost->is_macro, "reached",
        !term->is_after_all, "status", render_json_status(cost != NULL ? cost->answer : NULL),
        "leads_to", child != NULL ? json_spf_nest(arena, domain, child) : json_null());
}

/* json_spf_nest - a record with its terms; records are at most LIMIT_SPF_NODES */
static json_t *json_spf_nest(struct arena *arena, const struct domain_facts *domain,
                             const struct auth_spf_node *node)
{
    json_t *terms = json_array();

    for (size_t i = 0; node->record != NULL && i < node->record->term_count; i++)
        json_array_append_new(terms, term_object(arena, domain, node, &node->record->terms[i]));
    return json_pack("{s:o, s:I, s:o, s:o, s:o, s:b, s:o}", "name",
                     render_json_name(arena, node->name), "lookups", (json_int_t)node->lookups,
                     "status", render_json_status(node->answer), "record",
                     render_json_joined(arena, node->rr), "provider",
                     provider_name(arena, domain, node), "loop", node->is_loop, "terms", terms);
}

/* ---- addresses ---- */

/* family_object - the set of one family */
static json_t *family_object(struct arena *arena, const struct ip_ranges *ranges)
{
    struct ip_network_walk walk = {0};
    struct ip_network network;
    json_t *networks = json_array();
    json_int_t left_off = 0;

    while (ip_ranges_next_network(ranges, &walk, &network))
        if (json_array_size(networks) < LIMIT_SPF_NETWORKS)
            json_array_append_new(networks, json_string(ip_network_to_text(arena, &network)));
        else
            left_off++;
    return json_pack("{s:s, s:o, s:I}", "count", ip_ranges_size_text(arena, ranges), "networks",
                     networks, "left_off", (json_int_t)left_off);
}

json_t *render_json_ranges(struct arena *arena, const struct ip_ranges both[])
{
    return json_pack("{s:o, s:o}", "ipv4", family_object(arena, &both[0]), "ipv6",
                     family_object(arena, &both[1]));
}

/* dynamic_array - the terms whose addresses cannot be listed */
static json_t *dynamic_array(struct arena *arena, const struct auth_spf_sets *sets)
{
    json_t *array = json_array();

    for (const struct auth_spf_dynamic *dynamic = sets->dynamic; dynamic != NULL;
         dynamic = dynamic->next)
        json_array_append_new(
            array, json_pack("{s:o, s:o, s:I, s:s, s:b, s:b}", "name",
                             render_json_name(arena, dynamic->node->name), "term",
                             render_json_span(arena, dynamic->term->text), "at",
                             (json_int_t)dynamic->term->at, "match",
                             auth_spf_dynamic_effect_to_text(dynamic->effect), "ipv4",
                             dynamic->reaches[0], "ipv6", dynamic->reaches[1]));
    return array;
}

/* addresses_object - the sets of all results */
static json_t *addresses_object(struct arena *arena, const struct auth_spf_sets *sets)
{
    json_t *object = NULL;

    if (sets == NULL)
        return json_null();
    object = json_object();
    for (int kind = 0; kind < AUTH_SPF_SET_KINDS; kind++)
        json_object_set_new(object, auth_spf_set_kind_to_text((enum auth_spf_set_kind)kind),
                            render_json_ranges(arena, sets->of[kind]));
    json_object_update_new(object,
                           json_pack("{s:o, s:b, s:b}", "dynamic", dynamic_array(arena, sets),
                                     "past_limit", sets->is_past_limit, "cut", sets->is_cut));
    return object;
}

/* left_of - of a limit; null where more may be used than is known */
static json_t *left_of(const struct auth_spf_tree *tree, unsigned used, unsigned allowed)
{
    if (used <= allowed && (tree->is_undetermined || tree->is_cut))
        return json_null();
    return json_integer((json_int_t)allowed - (json_int_t)used);
}

/* set_counts - what the tree costs, and what is left */
static void set_counts(json_t *object, const struct auth_spf_tree *tree)
{
    json_object_update_new(
        object,
        json_pack("{s:I, s:I, s:I, s:I, s:b, s:b, s:o, s:o}", "lookups",
                  (json_int_t)tree->lookups, "void_lookups", (json_int_t)tree->void_lookups,
                  "void_lookups_ipv4", (json_int_t)tree->voids[0], "void_lookups_ipv6",
                  (json_int_t)tree->voids[1], "undetermined", tree->is_undetermined, "cut",
                  tree->is_cut, "lookups_left",
                  left_of(tree, tree->lookups, AUTH_SPF_LOOKUP_MAX), "void_lookups_left",
                  left_of(tree, tree->void_lookups, AUTH_SPF_VOID_MAX)));
}

json_t *render_json_audit_spf(struct arena *arena, const struct domain_facts *domain)
{
    const struct auth_spf_tree *tree = domain->spf;
    const struct auth_spf_node *root = tree != NULL ? tree->root : NULL;
    json_t *object = NULL;
    json_t *nodes = NULL;
    json_t *costs = NULL;

    if (root == NULL)
        return json_null();
    nodes = json_array();
    costs = json_array();
    for (const struct auth_spf_node *node = root; node != NULL; node = node->next)
        json_array_append_new(nodes, tree_node(arena, domain, node));
    for (const struct auth_spf_cost *cost = tree->costs; cost != NULL; cost = cost->next)
        json_array_append_new(costs, cost_object(arena, cost));
    object = json_pack("{s:o, s:o}", "record", render_json_joined(arena, root->rr), "domain",
                       render_json_name(arena, root->name));
    set_counts(object, tree);
    json_object_update_new(object,
                           json_pack("{s:o, s:o, s:o, s:o}", "tree", nodes, "costs", costs,
                                     "root", json_spf_nest(arena, domain, root), "addresses",
                                     addresses_object(arena, domain->spf_sets)));
    return object;
}
