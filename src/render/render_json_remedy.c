/* What cures a finding, and its proof. */
#include "base/arena.h"
#include "model/dmarc_verdict.h"
#include "model/dns_answer.h"
#include "model/finding.h"
#include "model/policy.h"
#include "model/rec_dmarc.h"
#include "model/record_reading.h"
#include "model/remedy.h"
#include "model/report.h"
#include "model/result.h"
#include "render/render_json.h"
#include "render/render_traffic.h"

/* edit_object - one edit; `replaces` is the value that goes */
static json_t *edit_object(struct arena *arena, const struct remedy_edit *edit)
{
    const char *type = dns_type_to_text(arena, edit->rr->type);

    return json_pack(
        "{s:s, s:s, s:s, s:I, s:o, s:o}", "action", remedy_action_to_text(edit->action), "name",
        edit->rr->owner->text, "type", type, "ttl", (json_int_t)edit->rr->ttl, "value",
        render_json_text(arena, remedy_value(edit->rr)), "replaces",
        render_json_text(arena, edit->old != NULL ? remedy_value(edit->old) : NULL));
}

/* cleared_ids - the ids of what is gone */
static json_t *cleared_ids(struct arena *arena, const struct remedy_proof *proof)
{
    size_t count = 0;
    const struct finding **gone = remedy_gone(arena, proof, &count);

    return render_json_ids(gone, count);
}

json_t *render_json_edits(struct arena *arena, const struct remedy *remedy)
{
    json_t *edits = json_array();

    if (remedy != NULL)
        for (const struct remedy_edit *edit = remedy->edits; edit != NULL; edit = edit->next)
            json_array_append_new(edits, edit_object(arena, edit));
    return edits;
}

/* verdict_object - DMARC for the message in one world */
static json_t *verdict_object(struct arena *arena, const struct auth_dmarc_verdict *verdict)
{
    bool has_policy = verdict->policy != NULL && verdict->policy->step != NULL;
    const struct auth_dmarc_rfc7489 *older = &verdict->rfc7489;

    return json_pack(
        "{s:s, s:o, s:s, s:o}", "result", dmarc_result_to_text(verdict->result), "policy",
        render_json_text(arena,
                         has_policy ? rec_dmarc_policy_to_text(verdict->policy->policy) : NULL),
        "rfc7489_result", dmarc_result_to_text(older->result), "rfc7489_policy",
        render_json_text(arena,
                         older->has_policy ? rec_dmarc_policy_to_text(older->policy) : NULL));
}

/* message_object - what becomes of the message at hand; null without one */
static json_t *message_object(struct arena *arena, const struct remedy_proof *proof)
{
    if (proof->before == NULL || proof->after == NULL)
        return json_null();
    return json_pack("{s:o, s:o}", "before", verdict_object(arena, proof->before), "after",
                     verdict_object(arena, proof->after));
}

/* json_remedy_outcome_object - what a receiver does, in brief */
static json_t *json_remedy_outcome_object(struct arena *arena,
                                          const struct policy_outcome *outcome)
{
    return json_pack("{s:s, s:o, s:o}", "disposition",
                     policy_disposition_to_text(outcome->disposition), "code",
                     render_json_text(arena, outcome->code), "enhanced",
                     render_json_text(arena, outcome->enhanced));
}

/* change_array - the receivers that change their answer */
static json_t *change_array(struct arena *arena, const struct report *report,
                            const struct remedy *remedy)
{
    json_t *array = json_array();

    for (size_t i = 0; i < report->change_count; i++) {
        const struct report_change *change = &report->changes[i];

        if (change->remedy != remedy)
            continue;
        json_array_append_new(
            array,
            json_pack("{s:o, s:o, s:o, s:o}", "profile",
                      render_json_text(arena, change->after.policy->name), "bulk",
                      render_json_bulk(change->after.is_for_bulk, change->after.is_for_others),
                      "before", json_remedy_outcome_object(arena, &change->before), "after",
                      json_remedy_outcome_object(arena, &change->after)));
    }
    return array;
}

/* effect_array - what is kept or lost, in words and by kind */
static json_t *effect_array(struct arena *arena, const struct remedy_effect *effects,
                            size_t count)
{
    json_t *array = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, json_pack("{s:o, s:o}", "kind",
                                               render_json_text(arena, effects[i].kind), "text",
                                               render_json_text(arena, effects[i].text)));
    return array;
}

/* reading_array - what the libraries make of the records that are published */
static json_t *reading_array(struct arena *arena, const struct remedy_proof *proof)
{
    json_t *array = json_array();

    for (size_t i = 0; i < proof->reading_count; i++) {
        const struct record_reading *reading = proof->readings[i];

        json_array_append_new(array, json_pack("{s:o, s:o, s:b, s:o}", "library",
                                               render_json_text(arena, reading->library),
                                               "name", render_json_text(arena, reading->name),
                                               "agrees", reading->agrees, "text",
                                               render_json_text(arena, reading->text)));
    }
    return array;
}

/* proof_object - what the remedy was proved to do */
static json_t *proof_object(struct arena *arena, const struct report *report,
                            const struct remedy *remedy)
{
    const struct remedy_proof *proof = &remedy->proof;
    const struct report_traffic *world = report_traffic_of(report, remedy);

    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "cleared", cleared_ids(arena, proof),
        "introduced", render_json_ids(proof->introduced, proof->introduced_count), "kept",
        effect_array(arena, proof->kept, proof->kept_count), "lost",
        effect_array(arena, proof->lost, proof->lost_count), "libraries",
        reading_array(arena, proof), "message", message_object(arena, proof), "receivers",
        report_is_unjudged(report, remedy) ? json_null() : change_array(arena, report, remedy),
        "reports", world != NULL ? render_traffic_json_sum(&world->sum) : json_null());
}

/* choice_object - edits, proof and what has to be known */
static json_t *choice_object(struct arena *arena, const struct report *report,
                             const struct remedy *remedy)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "edits",
                     render_json_edits(arena, remedy), "proof",
                     proof_object(arena, report, remedy), "evidence",
                     render_json_text(arena, report_evidence_of(report, remedy)), "summary",
                     render_json_text(arena, remedy->summary), "condition",
                     render_json_text(arena, remedy->condition), "price",
                     render_json_text(arena, remedy->price));
}

json_t *render_json_remedy(struct arena *arena, const struct report *report,
                           const struct remedy *remedy)
{
    json_t *object = NULL;
    json_t *others = NULL;

    if (remedy == NULL)
        return json_null();
    object = choice_object(arena, report, remedy);
    others = json_array();
    for (const struct remedy *other = remedy->next; other != NULL; other = other->next)
        json_array_append_new(others, choice_object(arena, report, other));
    json_object_set_new(object, "alternatives", others);
    return object;
}

/* json_remedy_step_object - records that are published together */
static json_t *json_remedy_step_object(struct arena *arena, const struct remedy *step)
{
    return json_pack("{s:o, s:o, s:o}", "summary", render_json_text(arena, step->summary),
                     "clears", cleared_ids(arena, &step->proof), "edits",
                     render_json_edits(arena, step));
}

/* json_remedy_evidence - what reports say of the end of the way that the step begins; NULL */
static const char *json_remedy_evidence(const struct report *report,
                                        const struct report_step *step)
{
    const char *evidence =
        step->publish != NULL ? report_evidence_of_all(report, step->publish) : NULL;

    for (size_t i = 0; i < step->rest_count && evidence == NULL; i++)
        evidence = report_evidence_of_all(report, step->rest[i]->remedy);
    return evidence;
}

json_t *render_json_steps(struct arena *arena, const struct report *report)
{
    json_t *array = json_array();

    for (size_t i = 0; report->steps != NULL && i < report->steps->count; i++) {
        const struct report_step *step = &report->steps->list[i];

        json_array_append_new(
            array, json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "harm",
                             report_harm_to_text(step->harm), "severity",
                             severity_to_text(step->severity), "who",
                             render_json_text(arena, step->who), "text",
                             render_json_text(arena, step->text), "about",
                             render_json_ids(step->about, step->about_count), "edits",
                             render_json_edits(arena, step->publish), "evidence",
                             render_json_text(arena, json_remedy_evidence(report, step))));
    }
    return array;
}

json_t *render_json_plan(struct arena *arena, const struct report *report)
{
    const struct remedy_plan *plan = report->plan;
    json_t *steps = NULL;
    json_t *left = NULL;

    if (plan == NULL)
        return json_null();
    steps = json_array();
    left = json_array();
    for (const struct remedy *step = plan->steps; step != NULL; step = step->next)
        json_array_append_new(steps, json_remedy_step_object(arena, step));
    for (const struct finding *rest = plan->rest; rest != NULL; rest = rest->next)
        if (rest->severity <= SEV_WARNING)
            json_array_append_new(left, json_string(rest->id));
    return json_pack("{s:o, s:o, s:o}", "steps", steps, "receivers",
                     change_array(arena, report, plan->fix), "left", left);
}
