/* The verdicts of both judges: spf, dkim, dmarc, engines. */
#include "base/arena.h"
#include "base/dns_name.h"
#include "model/damage.h"
#include "model/dkim_verdict.h"
#include "model/dmarc_verdict.h"
#include "model/engine_verdict.h"
#include "model/facts.h"
#include "model/rec_dkim.h"
#include "model/rec_dmarc.h"
#include "model/result.h"
#include "model/spf_verdict.h"
#include "render/render_format.h"
#include "render/render_json.h"

/* ---- SPF ---- */

/* json_verdict_spf_object - one identity */
static json_t *json_verdict_spf_object(struct arena *arena,
                                       const struct auth_spf_verdict *verdict)
{
    bool is_helo = verdict->identity == AUTH_SPF_HELO;

    return json_pack(
        "{s:s, s:o, s:s, s:o, s:o, s:o, s:I, s:I, s:o}", "identity",
        is_helo ? "helo" : "mailfrom", "domain", render_json_text(arena, verdict->domain),
        "result", spf_result_to_text(verdict->result), "explanation",
        render_json_raw(arena, verdict->explanation), "term",
        render_json_text(arena, verdict->term), "record_domain",
        render_json_text(arena, verdict->record_domain), "lookups",
        (json_int_t)verdict->lookups, "void_lookups", (json_int_t)verdict->void_lookups,
        "reason", render_json_text(arena, verdict->reason));
}

json_t *render_json_spf(struct arena *arena, const struct facts *facts)
{
    json_t *array = json_array();

    for (size_t i = 0; i < facts->spf_count; i++)
        json_array_append_new(array, json_verdict_spf_object(arena, facts->spf[i]));
    return array;
}

/* ---- DKIM ---- */

/* json_verdict_is_aligned - does d= align with the author domain; false when that is not
 * known */
static bool json_verdict_is_aligned(const struct message_facts *message, size_t index)
{
    return message->dmarc != NULL && message->dmarc->dkim != NULL &&
           message->dmarc->dkim[index].is_aligned;
}

/* json_damage_hosts - who passed the message on behind the signer */
static json_t *json_damage_hosts(struct arena *arena, const struct message_facts *message,
                                 size_t index)
{
    const struct auth_damage_hosts *hosts = &message->damage_hosts[index];
    json_t *array = json_array();

    for (size_t i = 0; i < hosts->count; i++)
        json_array_append_new(array, render_json_span(arena, hosts->at[i]));
    return array;
}

/* json_damage - what broke the signature; null where nothing was proved */
static json_t *json_damage(struct arena *arena, const struct message_facts *message,
                           size_t index)
{
    const struct auth_damage *damage = message->damage == NULL ? NULL : message->damage[index];
    json_t *array = damage == NULL ? json_null() : json_array();

    for (; damage != NULL; damage = damage->next) {
        enum auth_damage_mover mover = auth_damage_mover(damage->kind);

        json_array_append_new(array, json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:s, s:o}",
                                               "kind", auth_damage_kind_to_text(damage->kind),
                                               "part", auth_damage_part_to_text(damage->part),
                                               "field", render_json_text(arena, damage->field),
                                               "line", render_json_number(damage->line), "text",
                                               render_json_text(arena, damage->text), "old",
                                               render_json_text(arena, damage->old), "proof",
                                               render_json_text(arena, damage->proof), "move",
                                               auth_damage_mover_to_text(mover), "hosts",
                                               json_damage_hosts(arena, message, index)));
    }
    return array;
}

/* dkim_object - one signature */
static json_t *dkim_object(struct arena *arena, const struct message_facts *message,
                           size_t index)
{
    const struct auth_dkim_verdict *verdict = &message->dkim[index];
    const struct rec_dkim_signature *signature = &verdict->signature->parsed;

    return json_pack(
        "{s:o, s:o, s:o, s:s, s:o, s:s, s:s, s:s, s:o, s:b, s:o}", "domain",
        render_json_name(arena, signature->domain), "selector",
        render_json_name(arena, signature->selector), "algorithm",
        render_json_value(arena, signature->algorithm_text), "canonicalization",
        rec_dkim_canon_to_text(signature->header_canon, signature->body_canon), "key_bits",
        render_json_number(verdict->key_bits), "result", dkim_result_to_text(verdict->result),
        "body_hash", hash_result_to_text(verdict->body_hash), "header_hash",
        hash_result_to_text(verdict->header_hash), "reason",
        render_json_text(arena, verdict->reason), "aligned",
        json_verdict_is_aligned(message, index), "damage", json_damage(arena, message, index));
}

json_t *render_json_dkim(struct arena *arena, const struct facts *facts)
{
    json_t *array = json_array();

    for (size_t i = 0; i < facts->message.dkim_count; i++)
        json_array_append_new(array, dkim_object(arena, &facts->message, i));
    return array;
}

/* ---- DMARC ---- */

/* walk_names - the names asked, in order */
static json_t *walk_names(struct arena *arena, const struct auth_dmarc_walk *walk)
{
    json_t *array = json_array();

    for (size_t i = 0; walk != NULL && i < walk->step_count; i++)
        json_array_append_new(
            array, render_json_text(
                       arena, arena_printf(arena, "_dmarc.%s", walk->steps[i].domain->text)));
    return array;
}

/* json_verdict_rfc7489 - what a verifier of RFC 7489 would say */
static json_t *json_verdict_rfc7489(struct arena *arena,
                                    const struct auth_dmarc_verdict *verdict)
{
    const struct auth_dmarc_rfc7489 *old = NULL;

    if (verdict == NULL)
        return json_null();
    old = &verdict->rfc7489;
    return json_pack("{s:s, s:s?, s:o, s:o}", "result", dmarc_result_to_text(old->result),
                     "policy", old->has_policy ? rec_dmarc_policy_to_text(old->policy) : NULL,
                     "record_domain", render_json_name(arena, old->record_domain),
                     "organizational_domain",
                     render_json_name(arena, old->organizational_domain));
}

/* organizational_domain - of the author, or of the domain when there is no message */
static const struct dns_name *organizational_domain(const struct auth_dmarc_verdict *verdict,
                                                    const struct auth_dmarc_policy *policy)
{
    if (verdict != NULL)
        return verdict->organizational_domain;
    return policy->walk != NULL ? policy->walk->organizational_domain : NULL;
}

json_t *render_json_dmarc(struct arena *arena, const struct facts *facts)
{
    static const struct auth_dmarc_policy no_policy;
    const struct auth_dmarc_verdict *verdict = facts->message.dmarc;
    const struct auth_dmarc_policy *policy =
        verdict != NULL ? verdict->policy : facts->domain.dmarc;
    bool has_record;

    if (verdict == NULL && policy == NULL)
        return json_null();
    if (policy == NULL)
        policy = &no_policy;
    has_record = policy->step != NULL;
    return json_pack(
        "{s:s?, s:s?, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "result",
        verdict != NULL ? dmarc_result_to_text(verdict->result) : NULL, "policy",
        has_record ? rec_dmarc_policy_to_text(policy->policy) : NULL, "tag",
        render_json_text(arena, has_record ? auth_dmarc_tag_to_text(policy->tag) : NULL),
        "record_domain", render_json_name(arena, has_record ? policy->step->domain : NULL),
        "organizational_domain",
        render_json_name(arena, organizational_domain(verdict, policy)), "spf_aligned",
        verdict != NULL ? json_boolean(verdict->spf_aligned) : json_null(), "dkim_aligned",
        verdict != NULL ? json_boolean(verdict->dkim_aligned) : json_null(), "walk",
        walk_names(arena, policy->walk), "reason",
        render_json_text(arena, verdict != NULL ? verdict->reason : policy->reason), "rfc7489",
        json_verdict_rfc7489(arena, verdict));
}

/* ---- the libraries ---- */

/* json_verdict_agrees - true, false, or null where there is nothing to compare */
static json_t *json_verdict_agrees(const struct facts *facts,
                                   const struct engine_verdict *engine)
{
    if (engine->result == NULL || render_standard_word(facts, engine->about) == NULL)
        return json_null();
    return json_boolean(render_engine_agrees(facts, engine));
}

json_t *render_json_engines(struct arena *arena, const struct facts *facts)
{
    json_t *array = json_array();

    for (size_t i = 0; i < facts->engine_count; i++) {
        const struct engine_verdict *engine = &facts->engines[i];

        json_array_append_new(array,
                              json_pack("{s:o, s:o, s:o, s:o, s:o}", "library",
                                        render_json_text(arena, engine->library_text), "about",
                                        render_json_text(arena, engine->about), "result",
                                        render_json_text(arena, engine->result), "agrees",
                                        json_verdict_agrees(facts, engine), "detail",
                                        render_json_text(arena, engine->detail)));
    }
    return array;
}
