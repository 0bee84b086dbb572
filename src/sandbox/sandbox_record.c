/* Keys are set in the order in which they are shown; what does not apply is null. */
#include "sandbox/sandbox_record.h"

#include "base/clock.h"
#include "base/escape.h"
#include "base/ip.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "model/finding.h"

#define INDENT 2

/* record_escaped - untrusted bytes, escaped; null without any */
static json_t *record_escaped(struct arena *arena, const char *text)
{
    return text == NULL ? json_null() : json_string(escape_to_text(arena, span_of(text), 0));
}

/* record_recipients - paths with what DSN asks for */
static json_t *record_recipients(struct arena *arena, const struct sandbox_message *message)
{
    json_t *list = json_array();

    for (size_t i = 0; i < message->recipient_count; i++) {
        const struct sandbox_recipient *recipient = &message->recipients[i];

        json_array_append_new(list, json_pack("{s:o, s:o, s:o}", "path",
                                              record_escaped(arena, recipient->path), "notify",
                                              record_escaped(arena, recipient->notify), "orcpt",
                                              record_escaped(arena, recipient->orcpt)));
    }
    return list;
}

/* record_envelope - who says to send what to whom */
static json_t *record_envelope(struct arena *arena, const struct sandbox_session *session)
{
    const struct sandbox_session_facts *facts = sandbox_session_facts(session);
    const struct sandbox_message *message = sandbox_session_message(session);
    bool has_client = facts->client.family != IP_NONE;
    const char *helo = facts->xclient_helo != NULL ? facts->xclient_helo : facts->helo;
    const char *receiver = sandbox_session_receiver(session);

    return json_pack(
        "{s:s, s:s?, s:s?, s:o, s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:o, "
        "s:b}",
        "peer", ip_to_text(arena, &facts->peer), "listener", facts->listener, "client_ip",
        has_client ? ip_to_text(arena, &facts->client) : NULL, "client_origin",
        record_escaped(arena, facts->client_origin), "client_name",
        record_escaped(arena, facts->client_name), "helo", record_escaped(arena, helo),
        "extended", facts->is_extended, "tls", record_escaped(arena, facts->tls), "user",
        record_escaped(arena, facts->user), "mail_from", record_escaped(arena, message->from),
        "rcpt", record_recipients(arena, message), "receiver", record_escaped(arena, receiver),
        "body", record_escaped(arena, message->body), "smtputf8", message->is_international,
        "ret", record_escaped(arena, message->ret), "envid",
        record_escaped(arena, message->envid), "chunked", message->is_chunked);
}

/* sandbox_record_notes - add what the client did that receivers minded */
static json_t *sandbox_record_notes(struct arena *arena, const struct sandbox_note *notes)
{
    json_t *list = json_array();

    for (int id = 0; id < SANDBOX_NOTES; id++) {
        const struct sandbox_note_row *row = sandbox_note_row((enum sandbox_note_id)id);

        if (notes[id].count == 0)
            continue;
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:o, s:I}", "id", row->id,
                                              "severity", severity_to_text(row->severity),
                                              "standard", row->standard, "text",
                                              arena_printf(arena, "the client %s", row->text),
                                              "where", record_escaped(arena, notes[id].where),
                                              "count", (json_int_t)notes[id].count));
    }
    return list;
}

/* record_transcript - of the transcript */
static void record_transcript(json_t *list, const struct sandbox_lines *lines)
{
    for (size_t i = 0; i < lines->count; i++)
        json_array_append_new(list, json_pack("{s:s, s:s}", "side",
                                              lines->list[i].is_client ? "client" : "server",
                                              "text", lines->list[i].text));
}

json_t *sandbox_record_of(struct arena *arena, const struct sandbox_session *session,
                          uint64_t number, int64_t received)
{
    const struct sandbox_session_facts *facts = sandbox_session_facts(session);
    const struct sandbox_message *message = sandbox_session_message(session);
    json_t *lines = json_array();
    json_t *notes = sandbox_record_notes(arena, facts->notes);
    json_t *own = sandbox_record_notes(arena, message->notes);

    record_transcript(lines, &facts->opening);
    record_transcript(lines, &message->lines);
    json_array_extend(notes, own);
    json_decref(own);
    return json_pack("{s:i, s:s, s:s, s:I, s:o, s:o, s:I, s:o}", "sandbox", 1, "id",
                     arena_printf(arena, "%06llu", (unsigned long long)number), "received",
                     clock_to_text(arena, received), "size", (json_int_t)message->size,
                     "envelope", record_envelope(arena, session), "session", lines,
                     "session_left_off",
                     (json_int_t)facts->opening.left_off + (json_int_t)message->lines.left_off,
                     "notes", notes);
}

/* record_put - what jansson writes, into a buffer */
static int record_put(const char *bytes, size_t len, void *ctx)
{
    sbuf_add_span(ctx, span_make(bytes, len));
    return 0;
}

struct span sandbox_record_text(struct arena *arena, const json_t *record)
{
    struct sbuf out = sbuf_start(arena);

    json_dump_callback(record, record_put, &out, JSON_INDENT(INDENT));
    sbuf_add(&out, "\n");
    return sbuf_span(&out);
}
