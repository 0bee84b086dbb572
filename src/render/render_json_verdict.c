/* The verdicts of both judges: spf, dkim, dmarc, engines. */
#include "render/render_json.h"

/* ---- SPF ---- */

/* json_verdict_spf_object - one identity */
static json_t *json_verdict_spf_object(struct arena *arena,
                                       const struct auth_spf_verdict *verdict)
{
    json_t *object = json_object();
    bool is_helo = verdict->identity == AUTH_SPF_HELO;

    json_object_set_new(object, "identity", json_string(is_helo ? "helo" : "mailfrom"));
    json_object_set_new(object, "domain", render_json_text(arena, verdict->domain));
    json_object_set_new(object, "result", json_string(spf_result_to_text(verdict->result)));
    json_object_set_new(object, "explanation", render_json_raw(arena, verdict->explanation));
    json_object_set_new(object, "term", render_json_text(arena, verdict->term));
    json_object_set_new(object, "record_domain",
                        render_json_text(arena, verdict->record_domain));
    json_object_set_new(object, "lookups", json_integer(verdict->lookups));
    json_object_set_new(object, "void_lookups", json_integer(verdict->void_lookups));
    json_object_set_new(object, "reason", render_json_text(arena, verdict->reason));
    return object;
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

/* set_signature - what the signature field says of itself */
static void set_signature(struct arena *arena, json_t *object,
                          const struct rec_dkim_signature *signature)
{
    json_object_set_new(object, "domain", render_json_name(arena, signature->domain));
    json_object_set_new(object, "selector", render_json_name(arena, signature->selector));
    json_object_set_new(object, "algorithm",
                        signature->algorithm_text.len == 0
                            ? json_null()
                            : render_json_span(arena, signature->algorithm_text));
    json_object_set_new(
        object, "canonicalization",
        json_string(rec_dkim_canon_to_text(signature->header_canon, signature->body_canon)));
}

/* json_damage_hosts - who passed the message on behind the signer */
static json_t *json_damage_hosts(struct arena *arena, const struct message_facts *message,
                                 size_t index)
{
    struct auth_damage_hosts hosts =
        auth_damage_hosts(message->dkim_prepared, message->dkim, index);
    json_t *array = json_array();

    for (size_t i = 0; i < hosts.count; i++)
        json_array_append_new(array, render_json_span(arena, hosts.at[i]));
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
        json_t *object = json_object();

        json_object_set_new(object, "kind",
                            json_string(auth_damage_kind_to_text(damage->kind)));
        json_object_set_new(object, "part",
                            json_string(auth_damage_part_to_text(damage->part)));
        json_object_set_new(object, "field", render_json_text(arena, damage->field));
        json_object_set_new(object, "line",
                            damage->line > 0 ? json_integer(damage->line) : json_null());
        json_object_set_new(object, "text", render_json_text(arena, damage->text));
        json_object_set_new(object, "old", render_json_text(arena, damage->old));
        json_object_set_new(object, "proof", render_json_text(arena, damage->proof));
        json_object_set_new(object, "move", json_string(auth_damage_mover_to_text(mover)));
        json_object_set_new(object, "hosts", json_damage_hosts(arena, message, index));
        json_array_append_new(array, object);
    }
    return array;
}

/* dkim_object - one signature */
static json_t *dkim_object(struct arena *arena, const struct message_facts *message,
                           size_t index)
{
    const struct auth_dkim_verdict *verdict = &message->dkim[index];
    json_t *object = json_object();

    set_signature(arena, object, &verdict->signature->parsed);
    json_object_set_new(object, "key_bits",
                        verdict->key_bits == 0 ? json_null() : json_integer(verdict->key_bits));
    json_object_set_new(object, "result", json_string(dkim_result_to_text(verdict->result)));
    json_object_set_new(object, "body_hash",
                        json_string(hash_result_to_text(verdict->body_hash)));
    json_object_set_new(object, "header_hash",
                        json_string(hash_result_to_text(verdict->header_hash)));
    json_object_set_new(object, "reason", render_json_text(arena, verdict->reason));
    json_object_set_new(object, "aligned",
                        json_boolean(json_verdict_is_aligned(message, index)));
    json_object_set_new(object, "damage", json_damage(arena, message, index));
    return object;
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

/* json_verdict_set_policy - what is published; all null when nothing is */
static void json_verdict_set_policy(struct arena *arena, json_t *object,
                                    const struct auth_dmarc_policy *policy)
{
    bool has_record = policy != NULL && policy->step != NULL;

    json_object_set_new(object, "policy",
                        has_record ? json_string(rec_dmarc_policy_to_text(policy->policy))
                                   : json_null());
    json_object_set_new(
        object, "tag",
        render_json_text(arena, has_record ? auth_dmarc_tag_to_text(policy->tag) : NULL));
    json_object_set_new(object, "record_domain",
                        render_json_name(arena, has_record ? policy->step->domain : NULL));
}

/* json_verdict_rfc7489 - what a verifier of RFC 7489 would say */
static json_t *json_verdict_rfc7489(struct arena *arena,
                                    const struct auth_dmarc_verdict *verdict)
{
    const struct auth_dmarc_rfc7489 *old = NULL;
    json_t *object = NULL;

    if (verdict == NULL)
        return json_null();
    old = &verdict->rfc7489;
    object = json_object();
    json_object_set_new(object, "result", json_string(dmarc_result_to_text(old->result)));
    json_object_set_new(object, "policy",
                        old->has_policy ? json_string(rec_dmarc_policy_to_text(old->policy))
                                        : json_null());
    json_object_set_new(object, "record_domain", render_json_name(arena, old->record_domain));
    json_object_set_new(object, "organizational_domain",
                        render_json_name(arena, old->organizational_domain));
    return object;
}

/* organizational_domain - of the author, or of the domain when there is no message */
static const struct dns_name *organizational_domain(const struct auth_dmarc_verdict *verdict,
                                                    const struct auth_dmarc_policy *policy)
{
    if (verdict != NULL)
        return verdict->organizational_domain;
    return policy != NULL && policy->walk != NULL ? policy->walk->organizational_domain : NULL;
}

json_t *render_json_dmarc(struct arena *arena, const struct facts *facts)
{
    const struct auth_dmarc_verdict *verdict = facts->message.dmarc;
    const struct auth_dmarc_policy *policy =
        verdict != NULL ? verdict->policy : facts->domain.dmarc;
    json_t *object = NULL;

    if (verdict == NULL && policy == NULL)
        return json_null();
    object = json_object();
    json_object_set_new(object, "result",
                        verdict != NULL ? json_string(dmarc_result_to_text(verdict->result))
                                        : json_null());
    json_verdict_set_policy(arena, object, policy);
    json_object_set_new(object, "organizational_domain",
                        render_json_name(arena, organizational_domain(verdict, policy)));
    json_object_set_new(object, "spf_aligned",
                        verdict != NULL ? json_boolean(verdict->spf_aligned) : json_null());
    json_object_set_new(object, "dkim_aligned",
                        verdict != NULL ? json_boolean(verdict->dkim_aligned) : json_null());
    json_object_set_new(object, "walk",
                        walk_names(arena, policy != NULL ? policy->walk : NULL));
    json_object_set_new(
        object, "reason",
        render_json_text(arena, verdict != NULL ? verdict->reason : policy->reason));
    json_object_set_new(object, "rfc7489", json_verdict_rfc7489(arena, verdict));
    return object;
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
        json_t *object = json_object();

        json_object_set_new(object, "library", render_json_text(arena, engine->library_text));
        json_object_set_new(object, "about", render_json_text(arena, engine->about));
        json_object_set_new(object, "result", render_json_text(arena, engine->result));
        json_object_set_new(object, "agrees", json_verdict_agrees(facts, engine));
        json_object_set_new(object, "detail", render_json_text(arena, engine->detail));
        json_array_append_new(array, object);
    }
    return array;
}
