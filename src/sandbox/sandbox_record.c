/* Keys are set in the order in which they are shown; what does not apply is null. */
#include "sandbox/sandbox_record.h"

#include "base/clock.h"
#include "base/escape.h"
#include "base/file_write.h"

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
        json_t *object = json_object();

        json_object_set_new(object, "path", record_escaped(arena, recipient->path));
        json_object_set_new(object, "notify", record_escaped(arena, recipient->notify));
        json_object_set_new(object, "orcpt", record_escaped(arena, recipient->orcpt));
        json_array_append_new(list, object);
    }
    return list;
}

/* record_envelope - who says to send what to whom */
static json_t *record_envelope(struct arena *arena, const struct sandbox_session *session)
{
    const struct sandbox_session_facts *facts = sandbox_session_facts(session);
    const struct sandbox_message *message = sandbox_session_message(session);
    json_t *object = json_object();
    bool has_client = facts->client.family != IP_NONE;
    const char *helo = facts->xclient_helo != NULL ? facts->xclient_helo : facts->helo;
    const char *receiver = sandbox_session_receiver(session);

    json_object_set_new(object, "peer", json_string(ip_to_text(arena, &facts->peer)));
    json_object_set_new(object, "client_ip",
                        has_client ? json_string(ip_to_text(arena, &facts->client))
                                   : json_null());
    json_object_set_new(object, "client_origin", record_escaped(arena, facts->client_origin));
    json_object_set_new(object, "client_name", record_escaped(arena, facts->client_name));
    json_object_set_new(object, "helo", record_escaped(arena, helo));
    json_object_set_new(object, "extended", json_boolean(facts->is_extended));
    json_object_set_new(object, "tls", record_escaped(arena, facts->tls));
    json_object_set_new(object, "user", record_escaped(arena, facts->user));
    json_object_set_new(object, "mail_from", record_escaped(arena, message->from));
    json_object_set_new(object, "rcpt", record_recipients(arena, message));
    json_object_set_new(object, "receiver", record_escaped(arena, receiver));
    json_object_set_new(object, "body", record_escaped(arena, message->body));
    json_object_set_new(object, "smtputf8", json_boolean(message->is_international));
    json_object_set_new(object, "ret", record_escaped(arena, message->ret));
    json_object_set_new(object, "envid", record_escaped(arena, message->envid));
    json_object_set_new(object, "chunked", json_boolean(message->is_chunked));
    return object;
}

/* sandbox_record_notes - add what the client did that receivers minded */
static json_t *sandbox_record_notes(struct arena *arena, const struct sandbox_note *notes)
{
    json_t *list = json_array();

    for (int id = 0; id < SANDBOX_NOTES; id++) {
        const struct sandbox_note_row *row = sandbox_note_row((enum sandbox_note_id)id);
        json_t *object = NULL;

        if (notes[id].count == 0)
            continue;
        object = json_object();
        json_object_set_new(object, "id", json_string(row->id));
        json_object_set_new(object, "severity", json_string(severity_to_text(row->severity)));
        json_object_set_new(object, "standard", json_string(row->standard));
        json_object_set_new(object, "text",
                            json_string(arena_printf(arena, "the client %s", row->text)));
        json_object_set_new(object, "where", record_escaped(arena, notes[id].where));
        json_object_set_new(object, "count", json_integer((json_int_t)notes[id].count));
        json_array_append_new(list, object);
    }
    return list;
}

/* record_transcript - of the transcript */
static void record_transcript(json_t *list, const struct sandbox_lines *lines)
{
    for (size_t i = 0; i < lines->count; i++) {
        json_t *object = json_object();

        json_object_set_new(object, "side",
                            json_string(lines->list[i].is_client ? "client" : "server"));
        json_object_set_new(object, "text", json_string(lines->list[i].text));
        json_array_append_new(list, object);
    }
}

json_t *sandbox_record_of(struct arena *arena, const struct sandbox_session *session,
                          uint64_t number, int64_t received)
{
    const struct sandbox_session_facts *facts = sandbox_session_facts(session);
    const struct sandbox_message *message = sandbox_session_message(session);
    json_t *record = json_object();
    json_t *lines = json_array();
    json_t *notes = sandbox_record_notes(arena, facts->notes);
    json_t *own = sandbox_record_notes(arena, message->notes);

    record_transcript(lines, &facts->opening);
    record_transcript(lines, &message->lines);
    json_object_set_new(record, "sandbox", json_integer(1));
    json_object_set_new(record, "id",
                        json_string(arena_printf(arena, "%06llu", (unsigned long long)number)));
    json_object_set_new(record, "received", json_string(clock_to_text(arena, received)));
    json_object_set_new(record, "size", json_integer((json_int_t)message->size));
    json_object_set_new(record, "envelope", record_envelope(arena, session));
    json_object_set_new(record, "session", lines);
    json_object_set_new(
        record, "session_left_off",
        json_integer((json_int_t)(facts->opening.left_off + message->lines.left_off)));
    json_array_extend(notes, own);
    json_decref(own);
    json_object_set_new(record, "notes", notes);
    return record;
}

/* record_put - what jansson writes, into a buffer */
static int record_put(const char *bytes, size_t len, void *ctx)
{
    sbuf_add_span(ctx, span_make(bytes, len));
    return 0;
}

bool sandbox_record_save(struct arena *arena, json_t *record, const char *path, struct err *why)
{
    struct sbuf out = sbuf_start(arena);

    json_dump_callback(record, record_put, &out, JSON_INDENT(INDENT));
    sbuf_add(&out, "\n");
    json_decref(record);
    return file_save(path, sbuf_span(&out), why);
}
