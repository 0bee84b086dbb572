/* The keys are a contract: docs/explain.md. */
#include "base/arena.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/limits_bounce.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "model/bounce.h"
#include "model/explain.h"
#include "model/reply.h"
#include "model/reply_cause.h"
#include "model/reply_class.h"
#include "model/report.h"
#include "render/render_codes.h"
#include "render/render_explain.h"
#include "render/render_json.h"

/* json_untrusted - untrusted octets, bounded; NULL and "" give null */
static json_t *json_untrusted(struct arena *arena, const char *text)
{
    return text == NULL || text[0] == '\0'
               ? json_null()
               : json_string(escape_to_text(arena, span_of(text), LIMIT_BOUNCE_TEXT));
}

/* explain_json_facts - what the receiver or the message names */
static json_t *explain_json_facts(struct arena *arena, const struct explain_facts *facts)
{
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "ip", json_untrusted(arena, facts->ip),
        "helo", json_untrusted(arena, facts->helo), "mail_from",
        facts->mail_from != NULL && facts->mail_from[0] == '\0'
            ? json_string("")
            : json_untrusted(arena, facts->mail_from),
        "from", json_untrusted(arena, facts->from), "domain",
        json_untrusted(arena, facts->domain), "selector",
        json_untrusted(arena, facts->selector), "spf", json_untrusted(arena, facts->spf),
        "dkim", json_untrusted(arena, facts->dkim), "dmarc",
        json_untrusted(arena, facts->dmarc));
}

/* explain_json_steps - each with the records that it publishes */
static json_t *explain_json_steps(struct arena *arena, const struct explain_one *one)
{
    json_t *array = json_array();

    for (size_t i = 0; i < one->step_count; i++) {
        const struct explain_step *step = &one->steps[i];

        json_array_append_new(
            array,
            json_pack("{s:o, s:b, s:o, s:o}", "text", render_json_text(arena, step->text),
                      "proved", step->remedy != NULL, "edits",
                      render_json_edits(arena, step->remedy), "condition",
                      render_json_text(arena,
                                       step->remedy != NULL ? step->remedy->condition : NULL)));
    }
    return array;
}

/* explain_json_said - what was said, and by whom */
static void explain_json_said(struct arena *arena, const struct explain_one *one,
                              json_t *object)
{
    const struct bounce_recipient *said = one->said;
    const struct reply_input *input = &said->class->input;

    json_object_update_new(
        object,
        json_pack(
            "{s:o, s:o, s:o, s:o, s:s?, s:o, s:o, s:o, s:s?, s:s?}", "recipient",
            json_untrusted(arena, said->address), "receiver",
            json_untrusted(arena, one->receiver), "host", json_untrusted(arena, said->host),
            "reported_by", json_untrusted(arena, said->reporter), "at",
            said->has_time ? clock_to_text(arena, said->time) : NULL, "original_recipient",
            json_untrusted(arena, said->original), "action",
            json_untrusted(arena, said->action), "code",
            input->code >= 100 ? json_integer((json_int_t)input->code) : json_null(),
            "enhanced",
            input->enhanced.kind != 0 ? smtp_enhanced_to_text(arena, &input->enhanced) : NULL,
            "text",
            said->text.len > 0 ? escape_to_text(arena, said->text, LIMIT_BOUNCE_TEXT) : NULL));
}

/* explain_json_move - whose turn; null where nothing is known */
static json_t *explain_json_move(const struct explain_one *one)
{
    return one->is_known ? json_string(reply_move_to_text(one->move)) : json_null();
}

/* explain_json_one - a recipient */
static json_t *explain_json_one(struct arena *arena, const struct explain_one *one,
                                const struct report_options *options)
{
    const struct reply_class *class = one->said->class;
    json_t *object = json_object();

    explain_json_said(arena, one, object);
    json_object_update_new(
        object,
        json_pack(
            "{s:s, s:o, s:o, s:o, s:o, s:s, s:s, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o}",
            "cause", class->cause->id, "mechanism",
            render_json_text(arena, class->cause->mechanism), "final",
            render_json_final(one->finality), "move", explain_json_move(one), "means",
            render_json_text(arena, class->means), "confidence",
            reply_confidence_to_text(class->confidence), "evidence",
            reply_evidence_to_text(class->evidence), "source", render_json_source(arena, class),
            "facts", explain_json_facts(arena, &one->facts), "now",
            one->now != NULL ? render_json_report(one->now, options, arena) : json_null(),
            "agrees",
            one->still == EXPLAIN_UNKNOWN ? json_null()
                                          : json_boolean(one->still != EXPLAIN_NO),
            "still", explain_still_to_text(one->still), "reason",
            render_json_text(arena, one->reason), "missing", render_json_text(arena, one->gap),
            "steps", explain_json_steps(arena, one), "customer",
            render_json_text(arena, one->customer)));
    return object;
}

/* explain_json_table - by cause and receiver */
static json_t *explain_json_table(struct arena *arena, const struct explain *explain)
{
    json_t *array = json_array();

    for (size_t i = 0; i < explain->row_count; i++) {
        const struct explain_row *row = &explain->rows[i];

        json_array_append_new(
            array, json_pack("{s:s, s:o, s:I, s:I, s:o, s:o}", "cause", row->cause, "receiver",
                             json_untrusted(arena, row->receiver), "count",
                             (json_int_t)row->count, "final", (json_int_t)row->final_count,
                             "example", json_untrusted(arena, row->example), "text",
                             json_untrusted(arena, row->text)));
    }
    return array;
}

json_t *render_explain_document(const struct explain *explain,
                                const struct report_options *options, struct arena *arena)
{
    json_t *recipients = json_array();

    for (size_t i = 0; i < explain->count; i++)
        json_array_append_new(recipients, explain_json_one(arena, explain->list[i], options));
    return json_pack(
        "{s:i, s:o, s:s, s:s, s:o, s:o, s:o, s:I, s:o, s:o}", "schema", REPORT_SCHEMA, "tool",
        render_json_tool(), "time", clock_to_text(arena, explain->now), "kind",
        bounce_kind_to_text(explain->kind), "form", render_json_text(arena, explain->form),
        "feedback", json_untrusted(arena, explain->feedback), "recipients", recipients, "total",
        (json_int_t)explain->total, "table", explain_json_table(arena, explain), "faults",
        render_json_texts(arena, explain->faults, explain->fault_count));
}

void render_explain_jsonl(const struct explain *explain, const struct report_options *options,
                          struct sbuf *out)
{
    render_json_write_line(render_explain_document(explain, options, out->arena), out);
}
