/* Policies and outcomes as JSON. */
#include "render/render_json.h"
#include "render/render_policies.h"

/* json_policies_texts - an array */
static json_t *json_policies_texts(struct arena *arena, const char *const *list, size_t count)
{
    json_t *array = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, render_json_text(arena, list[i]));
    return array;
}

/* ---- outcomes ---- */

/* source_text - all sources of a rule; null without a rule */
static json_t *source_text(struct arena *arena, const struct policy_rule *rule)
{
    struct sbuf text = sbuf_start(arena);

    if (rule == NULL)
        return json_null();
    for (size_t i = 0; i < rule->source_count; i++)
        sbuf_addf(&text, "%s%s", i > 0 ? "; " : "",
                  render_policy_source(arena, rule->sources[i]));
    return render_json_text(arena, sbuf_text(&text));
}

/* json_policies_bulk - who it is about: true, false, or null for whoever sends */
static json_t *json_policies_bulk(const struct policy_outcome *outcome)
{
    if (outcome->is_for_bulk == outcome->is_for_others)
        return json_null();
    return json_boolean(outcome->is_for_bulk);
}

/* json_policies_standards - what each standard of DMARC leads to; null where it does not
 * matter */
static json_t *json_policies_standards(struct arena *arena,
                                       const struct policy_outcome *outcome)
{
    json_t *array = outcome->standards == NULL ? json_null() : json_array();

    for (size_t i = 0; i < outcome->standard_count; i++) {
        const struct policy_by_standard *end = &outcome->standards[i];
        const struct policy_rule *rule = end->rule;
        json_t *object = json_object();

        json_object_set_new(object, "standard", render_json_text(arena, end->standard));
        json_object_set_new(object, "disposition",
                            json_string(policy_disposition_to_text(end->disposition)));
        json_object_set_new(object, "code", render_json_text(arena, rule ? rule->code : NULL));
        json_object_set_new(object, "enhanced",
                            render_json_text(arena, rule ? rule->enhanced : NULL));
        json_object_set_new(object, "rule", render_json_text(arena, rule ? rule->id : NULL));
        json_array_append_new(array, object);
    }
    return array;
}

/* json_policies_items - every rule of a rule book; null of a receiver */
static json_t *json_policies_items(struct arena *arena, const struct policy_outcome *outcome)
{
    json_t *array = outcome->policy->kind == POLICY_RECEIVER ? json_null() : json_array();

    for (size_t i = 0; i < outcome->item_count; i++) {
        const struct policy_item *item = &outcome->items[i];
        json_t *object = json_object();

        json_object_set_new(object, "rule", render_json_text(arena, item->rule->id));
        json_object_set_new(object, "state", json_string(policy_state_to_text(item->state)));
        json_object_set_new(object, "severity",
                            json_string(severity_to_text(item->rule->severity)));
        json_object_set_new(object, "says", render_json_text(arena, item->rule->says));
        json_object_set_new(object, "asks", render_json_text(arena, item->rule->asks));
        json_object_set_new(object, "unknown", render_json_text(arena, item->unknown));
        json_object_set_new(object, "because",
                            json_policies_texts(arena, item->because, item->because_count));
        json_object_set_new(object, "publish",
                            json_policies_texts(arena, item->publish, item->publish_count));
        json_object_set_new(object, "source", source_text(arena, item->rule));
        json_array_append_new(array, object);
    }
    return array;
}

/* json_policies_outcome_object - one receiver */
static json_t *json_policies_outcome_object(struct arena *arena,
                                            const struct policy_outcome *outcome)
{
    const struct policy_rule *rule = outcome->rule;
    const struct policy_rule *otherwise = outcome->otherwise;
    json_t *object = json_object();

    json_object_set_new(object, "profile", render_json_text(arena, outcome->policy->name));
    json_object_set_new(object, "disposition",
                        json_string(policy_disposition_to_text(outcome->disposition)));
    json_object_set_new(object, "code", render_json_text(arena, outcome->code));
    json_object_set_new(object, "enhanced", render_json_text(arena, outcome->enhanced));
    json_object_set_new(object, "reply", render_json_text(arena, outcome->reply));
    json_object_set_new(object, "rule", render_json_text(arena, rule ? rule->id : NULL));
    json_object_set_new(object, "because",
                        json_policies_texts(arena, outcome->because, outcome->because_count));
    json_object_set_new(
        object, "confidence",
        render_json_text(arena, rule ? policy_confidence_to_text(rule->confidence) : NULL));
    json_object_set_new(object, "source", source_text(arena, rule));
    json_object_set_new(object, "kind",
                        json_string(policy_kind_to_text(outcome->policy->kind)));
    json_object_set_new(object, "bulk", json_policies_bulk(outcome));
    json_object_set_new(object, "text",
                        render_json_text(arena, policy_outcome_text(arena, outcome)));
    json_object_set_new(object, "otherwise",
                        render_json_text(arena, otherwise ? otherwise->id : NULL));
    json_object_set_new(object, "standards", json_policies_standards(arena, outcome));
    json_object_set_new(object, "rules", json_policies_items(arena, outcome));
    return object;
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
                           const struct policy *policy, const struct policy_rule *rule)
{
    const char *read = NULL;
    json_t *object = json_object();

    json_object_set_new(object, "id", render_json_text(arena, rule->id));
    json_object_set_new(object, "says", render_json_text(arena, rule->says));
    json_object_set_new(object, "who", json_string(rule->is_for_bulk ? "bulk" : "everybody"));
    json_object_set_new(object, "since", render_json_text(arena, rule->dates.since));
    json_object_set_new(object, "until", render_json_text(arena, rule->dates.until));
    json_object_set_new(object, "when", render_json_text(arena, rule->when));
    json_object_set_new(object, "disposition",
                        json_string(policy_disposition_to_text(rule->disposition)));
    json_object_set_new(object, "at", json_string(policy_step_to_text(rule->at)));
    json_object_set_new(object, "code", render_json_text(arena, rule->code));
    json_object_set_new(object, "enhanced", render_json_text(arena, rule->enhanced));
    json_object_set_new(object, "reply", render_json_text(arena, rule->reply));
    json_object_set_new(object, "source",
                        json_policies_citations(arena, rule->sources, rule->source_count));
    json_object_set_new(object, "confidence",
                        json_string(policy_confidence_to_text(rule->confidence)));
    json_object_set_new(object, "note", render_json_text(arena, rule->note));
    json_object_set_new(object, "applies", render_json_text(arena, rule->applies_text));
    json_object_set_new(object, "asks", render_json_text(arena, rule->asks));
    json_object_set_new(object, "publish",
                        json_policies_texts(arena, rule->publish, rule->publish_count));
    policy_rule_read_day(policy, rule, &read);
    json_object_set_new(object, "read", render_json_text(arena, read));
    json_object_set_new(object, "stale",
                        json_boolean(render_policies_is_stale(policies, policy, rule)));
    return object;
}

/* advice_object - one piece of advice as in the file */
static json_t *advice_object(struct arena *arena, const struct policy_advice *advice)
{
    json_t *object = json_object();

    json_object_set_new(object, "id", render_json_text(arena, advice->id));
    json_object_set_new(object, "says", render_json_text(arena, advice->says));
    json_object_set_new(object, "since", render_json_text(arena, advice->since));
    json_object_set_new(object, "source",
                        json_policies_citations(arena, advice->sources, advice->source_count));
    json_object_set_new(object, "confidence",
                        json_string(policy_confidence_to_text(advice->confidence)));
    return object;
}

/* json_policies_sources_array - what rules cite */
static json_t *json_policies_sources_array(struct arena *arena, const struct policy *policy)
{
    json_t *array = json_array();

    for (size_t i = 0; i < policy->source_count; i++) {
        const struct policy_source *source = &policy->sources[i];
        json_t *object = json_object();

        json_object_set_new(object, "id", render_json_text(arena, source->id));
        json_object_set_new(object, "title", render_json_text(arena, source->title));
        json_object_set_new(object, "url", render_json_text(arena, source->url));
        json_object_set_new(object, "read", render_json_text(arena, source->read));
        json_array_append_new(array, object);
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
        if (!policies->is_stale_only ||
            render_policies_is_stale(policies, policy, &policy->rules[i]))
            json_array_append_new(rules,
                                  rule_object(arena, policies, policy, &policy->rules[i]));
    for (size_t i = 0; i < policy->advice_count; i++)
        json_array_append_new(advice, advice_object(arena, &policy->advice[i]));
    json_object_set_new(object, "sources", json_policies_sources_array(arena, policy));
    json_object_set_new(object, "rules", rules);
    json_object_set_new(object, "advice", advice);
}

void render_policies_json(const struct render_policies *policies,
                          const struct report_options *options, struct sbuf *out)
{
    struct arena *arena = out->arena;
    json_t *array = json_array();

    (void)options;

    for (size_t i = 0; i < policies->count; i++) {
        const struct policy *policy = policies->list[i];
        json_t *object = json_object();

        json_object_set_new(object, "name", render_json_text(arena, policy->name));
        json_object_set_new(object, "title", render_json_text(arena, policy->title));
        json_object_set_new(object, "kind", json_string(policy_kind_to_text(policy->kind)));
        json_object_set_new(object, "as_of", render_json_text(arena, policy->as_of));
        json_object_set_new(object, "about", render_json_text(arena, policy->about));
        json_object_set_new(object, "default", json_boolean(policy_is_default(policy->name)));
        json_object_set_new(
            object, "stale",
            json_integer((json_int_t)render_policies_stale_count(policies, policy)));
        if (policies->is_full || policies->is_stale_only)
            add_lists(arena, object, policies, policy);
        else
            json_object_set_new(object, "rules", json_integer((json_int_t)policy->rule_count));
        json_array_append_new(array, object);
    }
    render_json_write(array, out);
}
