/* The objects of render_json.c, compact, and one of the same shape where there is no report. */
#include "render/render_json.h"
#include "render/render_line.h"

/* line_set_id - the same id that came in, or none */
static void line_set_id(json_t *root, const char *id)
{
    if (id != NULL)
        json_object_set_new(root, "id", json_loads(id, JSON_DECODE_ANY, NULL));
}

void render_line(const struct report *report, const struct report_options *options,
                 const char *id, struct sbuf *out)
{
    json_t *root = render_json_report(report, options, out->arena);

    line_set_id(root, id);
    render_json_write_line(root, out);
}

/* fault_object - what is wrong, and where */
static json_t *fault_object(struct arena *arena, const struct render_line_unread *unread,
                            const struct render_line_fault *fault)
{
    json_t *object = json_object();

    json_object_set_new(object, "file", render_json_raw(arena, unread->file));
    json_object_set_new(object, "line", json_integer((json_int_t)unread->line));
    json_object_set_new(object, "column",
                        fault->column > 0 ? json_integer((json_int_t)fault->column)
                                          : json_null());
    json_object_set_new(object, "key", render_json_text(arena, fault->key));
    json_object_set_new(object, "text", render_json_text(arena, fault->text));
    return object;
}

void render_line_unread(const struct render_line_unread *unread, const char *id,
                        struct sbuf *out)
{
    json_t *root = json_object();
    json_t *errors = json_array();

    json_object_set_new(root, "schema", json_integer(REPORT_SCHEMA));
    json_object_set_new(root, "tool", render_json_tool());
    json_object_set_new(root, "result", json_null());
    for (size_t i = 0; i < unread->fault_count; i++)
        json_array_append_new(errors, fault_object(out->arena, unread, &unread->faults[i]));
    json_object_set_new(root, "errors", errors);
    line_set_id(root, id);
    render_json_write_line(root, out);
}
