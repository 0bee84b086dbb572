/* The envelope with the source of each part, and the hop that shows the client. */
#include "render/render_json.h"

/* json_witness - the field that names the client */
static json_t *json_witness(struct arena *arena, const struct mail_header *witness)
{
    json_t *object = NULL;

    if (witness == NULL)
        return json_null();
    object = json_object();
    json_object_set_new(object, "field", render_json_span(arena, witness->name));
    json_object_set_new(object, "line", json_integer(witness->line));
    return object;
}

/* hop_option - the client was given */
static json_t *hop_option(struct arena *arena, const struct subject *subject)
{
    json_t *object = json_object();

    json_object_set_new(object, "kind", json_string("option"));
    json_object_set_new(object, "field", json_null());
    json_object_set_new(object, "number", json_null());
    json_object_set_new(object, "line", json_null());
    json_object_set_new(object, "named_by", json_null());
    json_object_set_new(
        object, "reason",
        render_json_text(arena, arena_printf(arena, "given by %s", subject->ip_origin)));
    json_object_set_new(object, "guessed", json_false());
    json_object_set_new(object, "relay", json_null());
    return object;
}

/* hop_found - the client was looked for in the message */
static json_t *hop_found(struct arena *arena, const struct mail_client *client)
{
    const struct mail_header *field =
        client->hop != NULL ? client->hop->header : client->witness;
    json_t *object = json_object();

    json_object_set_new(object, "kind", json_string(mail_client_kind_to_text(client->kind)));
    json_object_set_new(object, "field",
                        field == NULL ? json_null() : render_json_span(arena, field->name));
    json_object_set_new(object, "number",
                        client->hop == NULL ? json_null()
                                            : json_integer((json_int_t)client->index + 1));
    json_object_set_new(object, "line",
                        field == NULL ? json_null() : json_integer(field->line));
    json_object_set_new(object, "named_by", json_witness(arena, client->witness));
    json_object_set_new(object, "reason", render_json_text(arena, client->reason));
    json_object_set_new(object, "guessed", json_boolean(client->is_guessed));
    json_object_set_new(object, "relay", render_json_text(arena, client->relay));
    return object;
}

/* envelope_hop - null: nothing is known about a client, and there is no message */
static json_t *envelope_hop(struct arena *arena, const struct facts *facts)
{
    const struct subject *subject = facts->subject;
    const struct mail_trace *trace = facts->message.trace;

    if (subject->ip.family != IP_NONE &&
        (trace == NULL || subject->ip_origin != trace->envelope.client_origin))
        return hop_option(arena, subject);
    return trace != NULL ? hop_found(arena, &trace->envelope.hop) : json_null();
}

json_t *render_json_envelope(struct arena *arena, const struct facts *facts)
{
    const struct subject *subject = facts->subject;
    json_t *object = json_object();

    json_object_set_new(object, "hop", envelope_hop(arena, facts));
    json_object_set_new(object, "helo_origin", render_json_text(arena, subject->helo_origin));
    json_object_set_new(object, "mail_from_origin",
                        render_json_text(arena, subject->mail_from_origin));
    json_object_set_new(object, "rcpt_origin", render_json_text(arena, subject->rcpt_origin));
    return object;
}
