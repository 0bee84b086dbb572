/* Findings, and the catalogue they come from. */
#include "render/render_catalogue.h"
#include "render/render_json.h"

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
    json_t *object = json_object();

    json_object_set_new(object, "name", render_json_text(arena, where->name));
    json_object_set_new(object, "type", render_json_text(arena, where->type));
    json_object_set_new(object, "term", render_json_text(arena, where->term));
    json_object_set_new(object, "file", render_json_raw(arena, where->file));
    json_object_set_new(object, "line",
                        where->line > 0 ? json_integer(where->line) : json_null());
    return object;
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

    for (const struct finding_step *step = finding->steps; step != NULL; step = step->next) {
        json_t *object = json_object();

        json_object_set_new(object, "provider", render_json_text(arena, step->name));
        json_object_set_new(object, "title", render_json_text(arena, step->title));
        json_object_set_new(object, "step", json_string(step->step));
        json_object_set_new(object, "text", render_json_text(arena, step->text));
        json_array_append_new(array, object);
    }
    return array;
}

/* finding_object - one finding */
static json_t *finding_object(struct arena *arena, const struct report *report,
                              const struct finding *finding)
{
    const struct check_row *row = check_row_get(finding->row);
    json_t *object = json_object();

    json_object_set_new(object, "id", json_string(finding->id));
    json_object_set_new(object, "severity", json_string(severity_to_text(finding->severity)));
    json_object_set_new(object, "status", json_string(finding_status_to_text(finding->status)));
    json_object_set_new(object, "text", render_json_text(arena, check_text(arena, finding)));
    json_object_set_new(object, "hint", render_json_text(arena, check_hint(arena, finding)));
    json_object_set_new(object, "standards", render_json_standards(arena, row->standards));
    json_object_set_new(object, "where", where_object(arena, &finding->where));
    json_object_set_new(object, "args", args_object(arena, finding->args));
    json_object_set_new(object, "fingerprint", json_string(finding->fingerprint));
    json_object_set_new(object, "steps", steps_array(arena, finding));
    json_object_set_new(object, "remedy", render_json_remedy(arena, report, finding->remedy));
    json_object_set_new(
        object, "no_remedy",
        render_json_text(arena, remedy_none_for(arena, report->facts, finding)));
    json_object_set_new(object, "unproved", json_integer((json_int_t)finding->unproved));
    json_object_set_new(object, "more", json_integer((json_int_t)finding->more));
    return object;
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
    json_t *object = json_object();

    json_object_set_new(object, "id", json_string(row->id));
    json_object_set_new(object, "severity", json_string(severity_to_text(row->severity)));
    json_object_set_new(object, "text", json_string(row->text));
    json_object_set_new(object, "hint", json_string(row->hint));
    json_object_set_new(object, "standards", render_json_standards(arena, row->standards));
    return object;
}

void render_catalogue_json(const struct check_row *only, const struct report_options *options,
                           struct sbuf *out)
{
    json_t *root = json_object();
    json_t *rows = json_array();

    (void)options;

    for (size_t i = 0; i < check_row_count(); i++)
        if (only == NULL || only == check_row_get(i))
            json_array_append_new(rows, row_object(out->arena, check_row_get(i)));
    json_object_set_new(root, "schema", json_integer(REPORT_SCHEMA));
    json_object_set_new(root, "findings", rows);
    render_json_write(root, out);
}
