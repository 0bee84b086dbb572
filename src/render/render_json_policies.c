/* Policies and outcomes as JSON. */
#include "base/arena.h"
#include "render/render_json.h"
#include "render/render_policies.h"
#include "base/sbuf.h"
#include "model/finding.h"
#include "model/policy.h"
#include "model/report.h"

/* ---- outcomes ---- */

/* source_text - all sources of a rule; null without a rule */
static json_t *source_text(struct arena *arena, const struct policy_rule *rule)
{
    struct sbuf text = sbuf_start(arena);

    if (rule == NULL)
        return json_null();
    for (size_t i = 0; i < rule->source_count; i++)
        sbuf_add_item(&text, "; ", render_policy_source(arena, rule->sources[i]));
    return render_json_text(arena, sbuf_text(&text));
}

/* json_policies_standards - what each standard of DMARC leads to; null where it does not
 * matter */
static json_t *json_policies_standards(struct arena *arena,
                                       const struct policy_outcome *outcome)
{
    json_t *array = outcome->standards == NULL ? json_null() : json_array();

    for (size_t i = 0; outcome->standards != NULL && i < outcome->standard_count; i++) {
        const struct policy_by_standard *end = &outcome->standards[i];
        const struct policy_rule *rule = end->rule;

        json_array_append_new(
            array, json_pack("{s:o, s:s, s:o, s:o, s:o}", "standard",
                             render_json_text(arena, end->standard), "disposition",
                             policy_disposition_to_text(end->disposition), "code",
                             render_json_text(arena, rule ? rule->code : NULL), "enhanced",
                             render_json_text(arena, rule ? rule->enhanced : NULL), "rule",
                             render_json_text(arena, rule ? rule->id : NULL)));
    }
    return array;
}

/* json_policies_items - every rule of a rule book; null of a receiver */
static json_t *json_policies_items(struct arena *arena, const struct policy_outcome *outcome)
{
    json_t *array = outcome->policy->kind == POLICY_RECEIVER ? json_null() : json_array();

    for (size_t i = 0; i < outcome->item_count; i++) {
        const struct policy_item *item = &outcome->items[i];

        json_array_append_new(
            array,
            json_pack("{s:o, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "rule",
                      render_json_text(arena, item->rule->id), "state",
                      policy_state_to_text(item->state), "severity",
                      severity_to_text(item->rule->severity), "says",
                      render_json_text(arena, item->rule->says), "asks",
                      render_json_text(arena, item->rule->asks), "unknown",
                      render_json_text(arena, item->unknown), "because",
                      render_json_texts(arena, item->because, item->because_count), "publish",
                      render_json_texts(arena, item->publish, item->publish_count), "source",
                      source_text(arena, item->rule)));
    }
    return array;
}

/* json_policies_outcome_object - one receiver */
static json_t *json_policies_outcome_object(struct arena *arena,
                                            const struct policy_outcome *outcome)
{
    const struct policy_rule *rule = outcome->rule;
    const struct policy_rule *otherwise = outcome->otherwise;

    return json_pack(
        "{s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o}",
        "profile", render_json_text(arena, outcome->policy->name), "disposition",
        policy_disposition_to_text(outcome->disposition), "code",
        render_json_text(arena, outcome->code), "enhanced",
        render_json_text(arena, outcome->enhanced), "reply",
        render_json_text(arena, outcome->reply), "rule",
        render_json_text(arena, rule ? rule->id : NULL), "because",
        render_json_texts(arena, outcome->because, outcome->because_count), "confidence",
        render_json_text(arena, rule ? policy_confidence_to_text(rule->confidence) : NULL),
        "source", source_text(arena, rule), "kind", policy_kind_to_text(outcome->policy->kind),
        "bulk", render_json_bulk(outcome->is_for_bulk, outcome->is_for_others), "text",
        render_json_text(arena, policy_outcome_text(arena, outcome)), "otherwise",
        render_json_text(arena, otherwise ? otherwise->id : NULL), "standards",
        json_policies_standards(arena, outcome), "rules", json_policies_items(arena, outcome));
}

json_t *render_json_receivers(struct arena *arena, const struct report *report)
{
    json_t *array = json_array();

    for (size_t i = 0; i < report->outcome_count; i++)
        json_array_append_new(array, json_policies_outcome_object(arena, &report->outcomes[i]));
    return array;
}

/* ---- policies ---- */

/* json_policies_citations - ids */
static json_t *json_policies_citations(struct arena *arena,
                                       const struct policy_source *const *sources, size_t count)
{
    json_t *array = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, render_json_text(arena, sources[i]->id));
    return array;
}

/* rule_object - one rule as in the file */
static json_t *rule_object(struct arena *arena, const struct render_policies *policies,
                           const struct policy_rule *rule)
{
    return json_pack(
        "{s:o, s:o, s:s, s:o, s:o, s:o, s:s, s:s, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o, "
        "s:o, s:b}",
        "id", render_json_text(arena, rule->id), "says", render_json_text(arena, rule->says),
        "who", rule->is_for_bulk ? "bulk" : "everybody", "since",
        render_json_text(arena, rule->dates.since), "until",
        render_json_text(arena, rule->dates.until), "when", render_json_text(arena, rule->when),
        "disposition", policy_disposition_to_text(rule->disposition), "at",
        policy_step_to_text(rule->at), "code", render_json_text(arena, rule->code), "enhanced",
        render_json_text(arena, rule->enhanced), "reply", render_json_text(arena, rule->reply),
        "source", json_policies_citations(arena, rule->sources, rule->source_count),
        "confidence", policy_confidence_to_text(rule->confidence), "note",
        render_json_text(arena, rule->note), "applies",
        render_json_text(arena, rule->applies_text), "asks",
        render_json_text(arena, rule->asks), "publish",
        render_json_texts(arena, rule->publish, rule->publish_count), "read",
        render_json_text(arena, rule->read), "stale", render_policies_is_stale(policies, rule));
}

/* advice_object - one piece of advice as in the file */
static json_t *advice_object(struct arena *arena, const struct policy_advice *advice)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:s}", "id", render_json_text(arena, advice->id),
                     "says", render_json_text(arena, advice->says), "since",
                     render_json_text(arena, advice->since), "source",
                     json_policies_citations(arena, advice->sources, advice->source_count),
                     "confidence", policy_confidence_to_text(advice->confidence));
}

/* json_policies_sources_array - what rules cite */
static json_t *json_policies_sources_array(struct arena *arena, const struct policy *policy)
{
    json_t *array = json_array();

    for (size_t i = 0; i < policy->source_count; i++) {
        const struct policy_source *source = &policy->sources[i];

        json_array_append_new(array, json_pack("{s:o, s:o, s:o, s:o}", "id",
                                               render_json_text(arena, source->id), "title",
                                               render_json_text(arena, source->title), "url",
                                               render_json_text(arena, source->url), "read",
                                               render_json_text(arena, source->read)));
    }
    return array;
}

/* add_lists - sources, rules and advice */
static void add_lists(struct arena *arena, json_t *object,
                      const struct render_policies *policies, const struct policy *policy)
{
    json_t *rules = json_array();
    json_t *advice = json_array();

    for (size_t i = 0; i < policy->rule_count; i++)
        if (!policies->is_stale_only || render_policies_is_stale(policies, &policy->rules[i]))
            json_array_append_new(rules, rule_object(arena, policies, &policy->rules[i]));
    for (size_t i = 0; i < policy->advice_count; i++)
        json_array_append_new(advice, advice_object(arena, &policy->advice[i]));
    json_object_update_new(object, json_pack("{s:o, s:o, s:o}", "sources",
                                             json_policies_sources_array(arena, policy),
                                             "rules", rules, "advice", advice));
}

void render_policies_json(const struct render_policies *policies,
                          const struct report_options *options, struct sbuf *out)
{
    struct arena *arena = out->arena;
    json_t *array = json_array();

    (void)options;
    for (size_t i = 0; i < policies->count; i++) {
        const struct policy *policy = policies->list[i];

        json_t *object = json_pack(
            "{s:o, s:o, s:s, s:o, s:o, s:b, s:I}", "name",
            render_json_text(arena, policy->name), "title",
            render_json_text(arena, policy->title), "kind", policy_kind_to_text(policy->kind),
            "as_of", render_json_text(arena, policy->as_of), "about",
            render_json_text(arena, policy->about), "default", policy->is_default, "stale",
            (json_int_t)render_policies_stale_count(policies, policy));
        if (policies->is_full || policies->is_stale_only)
            add_lists(arena, object, policies, policy);
        else
            json_object_set_new(object, "rules", json_integer((json_int_t)policy->rule_count));
        json_array_append_new(array, object);
    }
    render_json_write(array, out);
}
