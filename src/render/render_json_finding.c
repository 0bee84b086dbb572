/* Findings, and the catalogue they come from, as JSON. */
#include "render/render_catalogue.h"
#include "render/render_json.h"
#include "base/sbuf.h"
#include "base/span.h"

/* render_json_standards - "RFC 7208, 4.6.4; RFC 8301, 3.2" as an array */
static json_t *render_json_standards(struct arena *arena, const char *standards)
{
    json_t *array = json_array();
    struct span rest = span_of(standards);

    while (rest.len > 0)
        json_array_append_new(array, render_json_span(arena, span_trim(span_cut(&rest, ';'))));
    return array;
}

/* where_object - the place; what does not apply is null */
static json_t *where_object(struct arena *arena, const struct finding_where *where)
{
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o}", "name", render_json_text(arena, where->name), "type",
        render_json_text(arena, where->type), "term", render_json_text(arena, where->term),
        "file", render_json_raw(arena, where->file), "line", render_json_number(where->line));
}

/* args_object - the named arguments, in the order they were given */
static json_t *args_object(struct arena *arena, const struct finding_arg *arg)
{
    json_t *object = json_object();

    for (; arg != NULL; arg = arg->next)
        json_object_set_new(object, arg->key,
                            arg->text != NULL ? render_json_text(arena, arg->text)
                                              : json_integer((json_int_t)arg->number));
    return object;
}

/* steps_array - what to do at providers */
static json_t *steps_array(struct arena *arena, const struct finding *finding)
{
    json_t *array = json_array();

    for (const struct finding_step *step = finding->steps; step != NULL; step = step->next)
        json_array_append_new(array, json_pack("{s:o, s:o, s:s, s:o}", "provider",
                                               render_json_text(arena, step->name), "title",
                                               render_json_text(arena, step->title), "step",
                                               step->step, "text",
                                               render_json_text(arena, step->text)));
    return array;
}

/* finding_object - one finding */
static json_t *finding_object(struct arena *arena, const struct report *report,
                              const struct finding *finding)
{
    const struct check_row *row = check_row_get(finding->row);

    return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:I, s:I}",
                     "id", finding->id, "severity", severity_to_text(finding->severity),
                     "status", finding_status_to_text(finding->status), "text",
                     render_json_text(arena, check_text(arena, finding)), "hint",
                     render_json_text(arena, check_hint(arena, finding)), "standards",
                     render_json_standards(arena, row->standards), "where",
                     where_object(arena, &finding->where), "args",
                     args_object(arena, finding->args), "fingerprint", finding->fingerprint,
                     "steps", steps_array(arena, finding), "remedy",
                     render_json_remedy(arena, report, finding->remedy), "no_remedy",
                     render_json_text(arena, finding->no_remedy), "unproved",
                     (json_int_t)finding->unproved, "more", (json_int_t)finding->more);
}

json_t *render_json_findings(struct arena *arena, const struct report *report)
{
    json_t *array = json_array();

    for (const struct finding *finding = report->findings; finding; finding = finding->next)
        json_array_append_new(array, finding_object(arena, report, finding));
    return array;
}

/* row_object - one row of the catalogue */
static json_t *row_object(struct arena *arena, const struct check_row *row)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:o}", "id", row->id, "severity",
                     severity_to_text(row->severity), "text", row->text, "hint", row->hint,
                     "standards", render_json_standards(arena, row->standards));
}

void render_catalogue_json(const struct check_catalogue *catalogue,
                           const struct report_options *options, struct sbuf *out)
{
    json_t *rows = json_array();

    (void)options;
    for (size_t i = 0; i < check_row_count(); i++)
        if (catalogue->only == NULL || catalogue->only == check_row_get(i))
            json_array_append_new(rows, row_object(out->arena, check_row_get(i)));
    render_json_write(json_pack("{s:i, s:o}", "schema", REPORT_SCHEMA, "findings", rows), out);
}
