/* The keys are a contract: docs/explain.md. */
#include "base/clock.h"
#include "base/escape.h"
#include "base/limits_bounce.h"
#include "render/render_explain.h"
#include "render/render_json.h"
#include "render/render_shown.h"

/* json_stranger - untrusted octets, bounded; NULL and "" give null */
static json_t *json_stranger(struct arena *arena, const char *text)
{
    return text == NULL || text[0] == '\0'
               ? json_null()
               : json_string(escape_to_text(arena, span_of(text), LIMIT_BOUNCE_TEXT));
}

/* explain_json_facts - what the receiver or the message names */
static json_t *explain_json_facts(struct arena *arena, const struct explain_facts *facts)
{
    json_t *object = json_object();

    json_object_set_new(object, "ip", json_stranger(arena, facts->ip));
    json_object_set_new(object, "helo", json_stranger(arena, facts->helo));
    json_object_set_new(object, "mail_from",
                        facts->mail_from != NULL && facts->mail_from[0] == '\0'
                            ? json_string("")
                            : json_stranger(arena, facts->mail_from));
    json_object_set_new(object, "from", json_stranger(arena, facts->from));
    json_object_set_new(object, "domain", json_stranger(arena, facts->domain));
    json_object_set_new(object, "selector", json_stranger(arena, facts->selector));
    json_object_set_new(object, "spf", json_stranger(arena, facts->spf));
    json_object_set_new(object, "dkim", json_stranger(arena, facts->dkim));
    json_object_set_new(object, "dmarc", json_stranger(arena, facts->dmarc));
    return object;
}

/* explain_json_steps - each with the records that it publishes */
static json_t *explain_json_steps(struct arena *arena, const struct explain_one *one)
{
    json_t *array = json_array();

    for (size_t i = 0; i < one->step_count; i++) {
        const struct explain_step *step = &one->steps[i];
        json_t *object = json_object();

        json_object_set_new(object, "text", render_json_text(arena, step->text));
        json_object_set_new(object, "proved", json_boolean(step->remedy != NULL));
        json_object_set_new(object, "edits", render_json_edits(arena, step->remedy));
        json_object_set_new(
            object, "condition",
            render_json_text(arena, step->remedy != NULL ? step->remedy->condition : NULL));
        json_array_append_new(array, object);
    }
    return array;
}

/* explain_json_source - where the phrase was read; null where a code decided */
static json_t *explain_json_source(struct arena *arena, const struct reply_class *class)
{
    const struct reply_source *source = class->phrase != NULL ? class->phrase->source : NULL;
    json_t *object = NULL;

    if (source == NULL)
        return json_null();
    object = json_object();
    json_object_set_new(object, "title", render_json_text(arena, source->title));
    json_object_set_new(object, "url", render_json_text(arena, source->url));
    json_object_set_new(object, "read", render_json_text(arena, source->read));
    return object;
}

/* explain_json_said - what was said, and by whom */
static void explain_json_said(struct arena *arena, const struct explain_one *one,
                              json_t *object)
{
    const struct bounce_recipient *said = one->said;
    const struct reply_input *input = &said->class->input;

    json_object_set_new(object, "recipient", json_stranger(arena, said->address));
    json_object_set_new(object, "receiver", json_stranger(arena, one->receiver));
    json_object_set_new(object, "host", json_stranger(arena, said->host));
    json_object_set_new(object, "reported_by", json_stranger(arena, said->reporter));
    json_object_set_new(object, "at",
                        said->has_time ? json_string(clock_to_text(arena, said->time))
                                       : json_null());
    json_object_set_new(object, "original_recipient", json_stranger(arena, said->original));
    json_object_set_new(object, "action", json_stranger(arena, said->action));
    json_object_set_new(object, "code",
                        input->code >= 100 ? json_integer((json_int_t)input->code)
                                           : json_null());
    json_object_set_new(object, "enhanced",
                        input->enhanced.kind != 0
                            ? json_string(smtp_enhanced_to_text(arena, &input->enhanced))
                            : json_null());
    json_object_set_new(object, "text",
                        said->text.len > 0
                            ? json_string(escape_to_text(arena, said->text, LIMIT_BOUNCE_TEXT))
                            : json_null());
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
    json_object_set_new(object, "cause", json_string(class->cause->id));
    json_object_set_new(object, "mechanism", render_json_text(arena, class->cause->mechanism));
    json_object_set_new(object, "final",
                        one->finality == REPLY_FINAL   ? json_true()
                        : one->finality == REPLY_RETRY ? json_false()
                                                       : json_null());
    json_object_set_new(object, "move", explain_json_move(one));
    json_object_set_new(object, "means", render_json_text(arena, class->means));
    json_object_set_new(object, "confidence",
                        json_string(reply_confidence_to_text(class->confidence)));
    json_object_set_new(object, "evidence",
                        json_string(reply_evidence_to_text(class->evidence)));
    json_object_set_new(object, "source", explain_json_source(arena, class));
    json_object_set_new(object, "facts", explain_json_facts(arena, &one->facts));
    json_object_set_new(object, "now",
                        one->now != NULL ? render_json_report(one->now, options, arena)
                                         : json_null());
    json_object_set_new(object, "agrees",
                        one->still == EXPLAIN_UNKNOWN ? json_null()
                                                      : json_boolean(one->still != EXPLAIN_NO));
    json_object_set_new(object, "still", json_string(explain_still_to_text(one->still)));
    json_object_set_new(object, "reason", render_json_text(arena, one->reason));
    json_object_set_new(object, "missing", render_json_text(arena, one->gap));
    json_object_set_new(object, "steps", explain_json_steps(arena, one));
    json_object_set_new(object, "customer", render_json_text(arena, one->customer));
    return object;
}

/* explain_json_table - by cause and receiver */
static json_t *explain_json_table(struct arena *arena, const struct explain *explain)
{
    json_t *array = json_array();

    for (size_t i = 0; i < explain->row_count; i++) {
        const struct explain_row *row = &explain->rows[i];
        json_t *object = json_object();

        json_object_set_new(object, "cause", json_string(row->cause));
        json_object_set_new(object, "receiver", json_stranger(arena, row->receiver));
        json_object_set_new(object, "count", json_integer((json_int_t)row->count));
        json_object_set_new(object, "final", json_integer((json_int_t)row->final_count));
        json_object_set_new(object, "example", json_stranger(arena, row->example));
        json_object_set_new(object, "text", json_stranger(arena, row->text));
        json_array_append_new(array, object);
    }
    return array;
}

json_t *render_explain_document(const struct explain *explain,
                                const struct report_options *options, struct arena *arena)
{
    json_t *root = json_object();
    json_t *recipients = json_array();
    json_t *faults = json_array();

    for (size_t i = 0; i < explain->count; i++)
        json_array_append_new(recipients, explain_json_one(arena, explain->list[i], options));
    for (size_t i = 0; i < explain->fault_count; i++)
        json_array_append_new(faults, render_json_text(arena, explain->faults[i]));
    json_object_set_new(root, "schema", json_integer(REPORT_SCHEMA));
    json_object_set_new(root, "tool", render_json_tool());
    json_object_set_new(root, "time",
                        render_json_text(arena, clock_to_text(arena, explain->now)));
    json_object_set_new(root, "kind", json_string(bounce_kind_to_text(explain->kind)));
    json_object_set_new(root, "form", render_json_text(arena, explain->form));
    json_object_set_new(root, "feedback", json_stranger(arena, explain->feedback));
    json_object_set_new(root, "recipients", recipients);
    json_object_set_new(root, "total", json_integer((json_int_t)explain->total));
    json_object_set_new(root, "table", explain_json_table(arena, explain));
    json_object_set_new(root, "faults", faults);
    return root;
}

void render_explain_json(const struct explain *explain, const struct report_options *options,
                         struct sbuf *out)
{
    const struct report_options plain = render_shown_options(options);
    json_t *document = render_explain_document(explain, options, out->arena);
    struct sbuf text = sbuf_start(out->arena);

    render_explain_text(explain, &plain, &text);
    render_shown_add(document, &text, NULL);
    render_json_write_document(document, options, out);
}
