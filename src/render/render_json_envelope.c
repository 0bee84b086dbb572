/* The envelope with the source of each part, and the hop that shows the client. */
#include "base/arena.h"
#include "base/ip.h"
#include "model/facts.h"
#include "model/mail_message.h"
#include "model/mail_trace.h"
#include "model/subject.h"
#include "render/render_json.h"

/* json_client_field - the field that names the client */
static json_t *json_client_field(struct arena *arena, const struct mail_header *named_by)
{
    if (named_by == NULL)
        return json_null();
    return json_pack("{s:o, s:I}", "field", render_json_span(arena, named_by->name), "line",
                     (json_int_t)named_by->line);
}

/* hop_option - the client was given */
static json_t *hop_option(struct arena *arena, const struct subject *subject)
{
    return json_pack(
        "{s:s, s:n, s:n, s:n, s:n, s:o, s:o, s:n}", "kind", "option", "field", "number", "line",
        "named_by", "reason",
        render_json_text(arena, arena_printf(arena, "given by %s", subject->ip_origin)),
        "guessed", json_false(), "relay");
}

/* hop_found - the client was looked for in the message */
static json_t *hop_found(struct arena *arena, const struct mail_client *client)
{
    const struct mail_header *field =
        client->hop != NULL ? client->hop->header : client->named_by;

    return json_pack(
        "{s:s, s:o, s:o, s:o, s:o, s:o, s:b, s:o}", "kind",
        mail_client_kind_to_text(client->kind), "field",
        field == NULL ? json_null() : render_json_span(arena, field->name), "number",
        client->hop == NULL ? json_null() : json_integer((json_int_t)client->index + 1), "line",
        field == NULL ? json_null() : json_integer(field->line), "named_by",
        json_client_field(arena, client->named_by), "reason",
        render_json_text(arena, client->reason), "guessed", client->is_guessed, "relay",
        render_json_text(arena, client->relay));
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

    return json_pack("{s:o, s:o, s:o, s:o}", "hop", envelope_hop(arena, facts), "helo_origin",
                     render_json_text(arena, subject->helo_origin), "mail_from_origin",
                     render_json_text(arena, subject->mail_from_origin), "rcpt_origin",
                     render_json_text(arena, subject->rcpt_origin));
}
