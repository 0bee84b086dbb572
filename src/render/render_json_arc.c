/* The ARC chain: its result, and who vouched for what. */
#include "base/arena.h"
#include "model/arc_verdict.h"
#include "model/dkim_verdict.h"
#include "model/facts.h"
#include "model/mail_trace.h"
#include "model/rec_arc.h"
#include "model/result.h"
#include "render/render_json.h"

/* json_arc_word - what became of a signature; null where it was not verified */
static json_t *json_arc_word(const struct auth_dkim_verdict *verdict)
{
    return verdict == NULL ? json_null() : json_string(dkim_result_to_text(verdict->result));
}

/* json_arc_reason - why it became so */
static json_t *json_arc_reason(struct arena *arena, const struct auth_dkim_verdict *verdict)
{
    return render_json_text(arena, verdict == NULL ? NULL : verdict->reason);
}

/* json_arc_cv - the status that the sealer found; null without a seal */
static json_t *json_arc_cv(const struct auth_arc_set *set)
{
    return set->fields[AUTH_ARC_SEAL] == NULL ? json_null()
                                              : json_string(rec_arc_cv_to_text(set->cv));
}

/* authserv_id - who assessed; null where the field or the name is missing */
static json_t *authserv_id(struct arena *arena, const struct mail_arc_results *results)
{
    bool is_reported = results->server != NULL && results->server[0] != '\0';

    return render_json_text(arena, is_reported ? results->server : NULL);
}

/* method_results - what the ARC-Authentication-Results field says */
static json_t *method_results(struct arena *arena, const struct mail_arc_results *results)
{
    json_t *array = json_array();

    for (const struct mail_auth_result *result = results->results; result != NULL;
         result = result->next)
        json_array_append_new(array,
                              json_pack("{s:o, s:o, s:o}", "method",
                                        render_json_text(arena, result->method), "result",
                                        render_json_text(arena, result->result), "properties",
                                        render_json_text(arena, result->properties)));
    return array;
}

/* instance_object - one hop */
static json_t *instance_object(struct arena *arena, const struct auth_arc_instance *instance)
{
    const struct auth_arc_set *set = instance->set;

    return json_pack(
        "{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "instance",
        (json_int_t)set->instance, "domain", render_json_name(arena, set->seal.domain),
        "selector", render_json_name(arena, set->seal.selector), "cv", json_arc_cv(set), "seal",
        json_arc_word(instance->seal), "message_signature",
        json_arc_word(instance->message_signature), "authserv_id",
        authserv_id(arena, &set->results), "results", method_results(arena, &set->results),
        "seal_reason", json_arc_reason(arena, instance->seal), "message_signature_reason",
        json_arc_reason(arena, instance->message_signature), "message_signature_domain",
        render_json_name(arena, set->message_signature.domain));
}

json_t *render_json_arc(struct arena *arena, const struct facts *facts)
{
    const struct auth_arc_verdict *verdict = facts->message.arc;
    json_t *instances = NULL;

    if (verdict == NULL)
        return json_null();
    instances = json_array();
    for (size_t i = 0; i < verdict->count; i++)
        json_array_append_new(instances, instance_object(arena, &verdict->instances[i]));
    return json_pack(
        "{s:s?, s:o, s:o, s:o}", "result",
        verdict->is_undetermined ? NULL : arc_result_to_text(verdict->result), "instances",
        instances, "reason", render_json_text(arena, verdict->reason), "oldest_pass",
        verdict->has_oldest_pass ? json_integer(verdict->oldest_pass) : json_null());
}
