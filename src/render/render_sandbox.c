/* Texts of records are escaped by whoever wrote them. */
#include "render/render_sandbox.h"

#include "render/render_json.h"
#include "base/sbuf.h"

/* sandbox_text_of - a key of an object; what stands for null */
static const char *sandbox_text_of(const json_t *object, const char *key, const char *otherwise)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text != NULL ? text : otherwise;
}

/* message_line - who to whom, verdicts */
static void message_line(const json_t *record, struct sbuf *out)
{
    const json_t *envelope = json_object_get(record, "envelope");
    const json_t *verdicts = json_object_get(record, "verdicts");
    const json_t *recipients = json_object_get(envelope, "rcpt");

    sbuf_addf(out, "message %s from <%s> to <%s>", sandbox_text_of(record, "id", "?"),
              sandbox_text_of(envelope, "mail_from", ""),
              sandbox_text_of(json_array_get(recipients, 0), "path", ""));
    if (json_array_size(recipients) > 1)
        sbuf_addf(out, " and %zu more", json_array_size(recipients) - 1);
    sbuf_addf(out, "\n  SPF %s, DKIM %s, DMARC %s\n",
              sandbox_text_of(verdicts, "spf", "not judged"),
              sandbox_text_of(verdicts, "dkim", "not judged"),
              sandbox_text_of(verdicts, "dmarc", "not judged"));
}

/* message_answer - the reply, one line below the other */
static void message_answer(const json_t *record, struct sbuf *out)
{
    const json_t *answer = json_object_get(record, "answer");
    size_t index = 0;
    const json_t *line = NULL;

    json_array_foreach(json_object_get(answer, "lines"), index, line)
    {
        if (index == 0)
            sbuf_addf(out, "  answered %lld %s %s\n",
                      json_integer_value(json_object_get(answer, "code")),
                      sandbox_text_of(answer, "enhanced", ""), json_string_value(line));
        else
            sbuf_addf(out, "           %s\n", json_string_value(line));
    }
}

/* message_expected - each condition with its answer */
static void message_expected(const json_t *record, struct sbuf *out)
{
    size_t index = 0;
    const json_t *item = NULL;

    json_array_foreach(json_object_get(record, "expectations"), index, item)
    {
        sbuf_addf(out, "  %-7s  %s\n           %s\n", sandbox_text_of(item, "result", ""),
                  sandbox_text_of(item, "condition", ""), sandbox_text_of(item, "because", ""));
    }
}

/* message_notes - what the client did that receivers mind */
static void message_notes(const json_t *record, struct sbuf *out)
{
    size_t index = 0;
    const json_t *item = NULL;

    json_array_foreach(json_object_get(record, "notes"), index, item)
    {
        const char *where = sandbox_text_of(item, "where", NULL);

        sbuf_addf(out, "  %-7s  %s%s%s  %s\n", sandbox_text_of(item, "severity", ""),
                  sandbox_text_of(item, "text", ""), where != NULL ? ": " : "",
                  where != NULL ? where : "", sandbox_text_of(item, "id", ""));
    }
}

/* message_session - the transcript */
static void message_session(const json_t *record, struct sbuf *out)
{
    size_t index = 0;
    const json_t *item = NULL;

    json_array_foreach(json_object_get(record, "session"), index, item)
    {
        sbuf_addf(out, "    %s %s\n",
                  strcmp(sandbox_text_of(item, "side", ""), "client") == 0 ? "C:" : "S:",
                  sandbox_text_of(item, "text", ""));
    }
}

void render_sandbox_text(const struct render_sandbox *sandbox,
                         const struct report_options *options, struct sbuf *out)
{
    for (size_t i = 0; i < sandbox->message_count && !options->is_quiet; i++) {
        const json_t *record = sandbox->messages[i].record;

        message_line(record, out);
        message_answer(record, out);
        message_expected(record, out);
        message_notes(record, out);
        if (options->is_verbose || (options->shown & REPORT_PART_SESSION) != 0)
            message_session(record, out);
    }
    for (size_t i = 0; i < sandbox->tried_count && !options->is_quiet; i++)
        sbuf_addf(out, "<%s> to <%s>: %s\n", sandbox->tried[i].from, sandbox->tried[i].to,
                  sandbox->tried[i].text);
    if (sandbox->came > sandbox->message_count)
        sbuf_addf(out, "%llu more messages are not listed\n",
                  (unsigned long long)(sandbox->came - sandbox->message_count));
    sbuf_addf(out, "%s: %llu message%s received%s%s\n", report_result_to_text(sandbox->result),
              (unsigned long long)sandbox->came, sandbox->came == 1 ? "" : "s",
              sandbox->reason != NULL ? "; " : "",
              sandbox->reason != NULL ? sandbox->reason : "");
}

/* sandbox_object - the record, with the report in it instead of the name of its file */
static json_t *sandbox_object(const struct render_sandbox_message *message)
{
    json_t *object = json_copy(message->record);

    json_object_set(object, "report", message->report);
    if (message->report == NULL)
        json_object_set_new(object, "report", json_null());
    return object;
}

json_t *render_sandbox_document(const struct render_sandbox *sandbox,
                                const struct report_options *options, struct arena *arena)
{
    json_t *messages = json_array();
    json_t *tried = json_array();

    (void)options;
    for (size_t i = 0; i < sandbox->message_count; i++)
        json_array_append_new(messages, sandbox_object(&sandbox->messages[i]));
    for (size_t i = 0; i < sandbox->tried_count; i++)
        json_array_append_new(
            tried, json_pack("{s:s, s:s, s:I, s:s}", "from", sandbox->tried[i].from, "to",
                             sandbox->tried[i].to, "count", (json_int_t)sandbox->tried[i].count,
                             "text", sandbox->tried[i].text));
    return json_pack(
        "{s:i, s:o, s:s, s:s, s:o, s:I, s:o, s:o, s:o, s:o, s:o}", "schema", REPORT_SCHEMA,
        "tool", render_json_tool(), "time", sandbox->time, "result",
        report_result_to_text(sandbox->result), "reason",
        render_json_text(arena, sandbox->reason), "came", (json_int_t)sandbox->came, "wanted",
        sandbox->wanted > 0 ? json_integer((json_int_t)sandbox->wanted) : json_null(),
        "command", render_json_raw(arena, sandbox->command), "command_status",
        sandbox->command != NULL && !sandbox->is_command_running
            ? json_integer(sandbox->command_status)
            : json_null(),
        "messages", messages, "tries", tried);
}

void render_sandbox_jsonl(const struct render_sandbox *sandbox,
                          const struct report_options *options, struct sbuf *out)
{
    (void)options;
    for (size_t i = 0; i < sandbox->message_count; i++)
        render_json_write_line(sandbox_object(&sandbox->messages[i]), out);
}
