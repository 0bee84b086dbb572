/* The chain of trust: the zones on the way, and what it says about each answer. */
#include "base/arena.h"
#include "model/dns_answer.h"
#include "model/dnssec_verdict.h"
#include "model/facts.h"
#include "render/render_json.h"

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
    return json_pack(
        "{s:o, s:s, s:o, s:o, s:o, s:o}", "name", render_json_name(arena, zone->name), "state",
        dnssec_chain_state_to_text(zone->state), "reason",
        render_json_text(arena, zone->reason), "ds", ds_array(zone), "keys",
        json_dnssec_keys_array(zone), "keys_expire", render_json_time(arena, zone->expires));
}

/* json_dnssec_answer_object - what the chain says about one answer */
static json_t *json_dnssec_answer_object(struct arena *arena,
                                         const struct dnssec_answer *answer)
{
    const struct dns_question *question = &answer->answer->question;
    const struct dnssec_chain_verdict *verdict = answer->verdict;

    return json_pack("{s:s, s:o, s:s, s:s, s:o, s:o, s:o}", "role", answer->role, "name",
                     render_json_name(arena, question->name), "type",
                     dns_type_to_text(arena, question->type), "state",
                     dnssec_chain_state_to_text(verdict->state), "reason",
                     render_json_text(arena, verdict->reason), "zone",
                     render_json_name(arena, verdict->zone), "expires",
                     render_json_time(arena, verdict->expires));
}

json_t *render_json_dnssec(struct arena *arena, const struct dnssec_facts *facts)
{
    json_t *zones = NULL;
    json_t *answers = NULL;

    if (facts->chain == NULL)
        return json_null();
    zones = json_array();
    answers = json_array();
    for (const struct dnssec_chain_zone *zone = facts->zones; zone != NULL; zone = zone->next)
        if (zone->is_cut || !dnssec_chain_state_is_signed(zone->state))
            json_array_append_new(zones, zone_object(arena, zone));
    for (const struct dnssec_answer *one = facts->answers; one != NULL; one = one->next)
        json_array_append_new(answers, json_dnssec_answer_object(arena, one));
    return json_pack("{s:o, s:o}", "zones", zones, "answers", answers);
}
