/* The chain of trust: the zones on the way, and what it says about each answer. */
#include "base/arena.h"
#include "base/clock.h"
#include "model/dns_answer.h"
#include "model/dnssec_verdict.h"
#include "model/facts.h"
#include "render/render_json.h"

/* set_time - a moment; null where there is none */
static void set_time(json_t *object, const char *key, struct arena *arena, int64_t moment)
{
    json_object_set_new(object, key,
                        moment == 0 ? json_null()
                                    : render_json_text(arena, clock_to_text(arena, moment)));
}

/* set_state - state and reason */
static void set_state(json_t *object, struct arena *arena, enum dnssec_chain_state state,
                      const char *reason)
{
    json_object_set_new(object, "state", json_string(dnssec_chain_state_to_text(state)));
    json_object_set_new(object, "reason",
                        reason == NULL ? json_null() : render_json_text(arena, reason));
}

/* json_dnssec_keys_array - the keys of a zone */
static json_t *json_dnssec_keys_array(const struct dnssec_chain_zone *zone)
{
    json_t *keys = json_array();

    for (size_t i = 0; i < zone->key_count; i++) {
        const struct dnssec_chain_key *key = &zone->keys[i];

        json_array_append_new(
            keys, json_pack("{s:I, s:I, s:I, s:I, s:b}", "tag", (json_int_t)key->tag, "flags",
                            (json_int_t)key->flags, "algorithm", (json_int_t)key->algorithm,
                            "bits", (json_int_t)key->bits, "named", key->is_named));
    }
    return keys;
}

/* ds_array - the DS records of a zone */
static json_t *ds_array(const struct dnssec_chain_zone *zone)
{
    json_t *list = json_array();

    for (size_t i = 0; i < zone->ds_count; i++) {
        const struct dnssec_chain_ds *ds = &zone->ds_list[i];

        json_array_append_new(list,
                              json_pack("{s:I, s:I, s:I, s:b}", "tag", (json_int_t)ds->tag,
                                        "algorithm", (json_int_t)ds->algorithm, "digest",
                                        (json_int_t)ds->digest, "matches", ds->is_matched));
    }
    return list;
}

/* zone_object - one zone on the way */
static json_t *zone_object(struct arena *arena, const struct dnssec_chain_zone *zone)
{
    json_t *object = json_object();

    json_object_set_new(object, "name", render_json_name(arena, zone->name));
    set_state(object, arena, zone->state, zone->reason);
    json_object_set_new(object, "ds", ds_array(zone));
    json_object_set_new(object, "keys", json_dnssec_keys_array(zone));
    set_time(object, "keys_expire", arena, zone->expires);
    return object;
}

/* json_dnssec_answer_object - what the chain says about one answer */
static json_t *json_dnssec_answer_object(struct arena *arena,
                                         const struct dnssec_answer *answer)
{
    const struct dns_question *question = &answer->answer->question;
    const struct dnssec_chain_verdict *verdict = answer->verdict;

    json_t *object = json_pack("{s:s, s:o, s:s}", "role", answer->role, "name",
                               render_json_name(arena, question->name), "type",
                               dns_type_to_text(arena, question->type));
    set_state(object, arena, verdict->state, verdict->reason);
    json_object_set_new(object, "zone", render_json_name(arena, verdict->zone));
    set_time(object, "expires", arena, verdict->expires);
    return object;
}

void render_json_dnssec(json_t *object, struct arena *arena, const struct dnssec_facts *facts)
{
    json_t *chain = NULL;
    json_t *zones = NULL;
    json_t *answers = NULL;

    if (facts->chain == NULL) {
        json_object_set_new(object, "chain", json_null());
        return;
    }
    zones = json_array();
    answers = json_array();
    for (const struct dnssec_chain_zone *zone = facts->zones; zone != NULL; zone = zone->next)
        if (zone->is_cut || !dnssec_chain_state_is_signed(zone->state))
            json_array_append_new(zones, zone_object(arena, zone));
    for (const struct dnssec_answer *one = facts->answers; one != NULL; one = one->next)
        json_array_append_new(answers, json_dnssec_answer_object(arena, one));
    chain = json_pack("{s:o, s:o}", "zones", zones, "answers", answers);
    json_object_set_new(object, "chain", chain);
}
