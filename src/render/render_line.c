/* The objects of render_json.c, compact, and one of the same shape where there is no report. */
#include "base/arena.h"
#include "render/render_json.h"
#include "render/render_line.h"
#include "render/render_report.h"
#include "base/sbuf.h"

/* line_set_id - the same id that came in, or none */
static void line_set_id(json_t *root, const char *id)
{
    if (id != NULL)
        json_object_set_new(root, "id", json_loads(id, JSON_DECODE_ANY, NULL));
}

void render_line(const struct report *report, const struct report_options *options,
                 const char *id, struct sbuf *out)
{
    struct arena *values = arena_open();
    struct arena *before = arena_lend(values); /* thousands of small values that end together */
    json_t *root = render_json_report(report, options, out->arena);

    line_set_id(root, id);
    render_json_write_line(root, out);
    arena_lend(before);
    arena_close(values);
}

void render_json_line(const struct report *report, const struct report_options *options,
                      struct sbuf *out)
{
    render_line(report, options, NULL, out);
}

/* fault_object - what is wrong, and where */
static json_t *fault_object(struct arena *arena, const struct render_line_unread *unread,
                            const struct render_line_fault *fault)
{
    return json_pack("{s:o, s:I, s:o, s:o, s:o}", "file", render_json_raw(arena, unread->file),
                     "line", (json_int_t)unread->line, "column",
                     fault->column > 0 ? json_integer((json_int_t)fault->column) : json_null(),
                     "key", render_json_text(arena, fault->key), "text",
                     render_json_text(arena, fault->text));
}

void render_line_unread(const struct render_line_unread *unread, const char *id,
                        struct sbuf *out)
{
    json_t *errors = json_array();

    for (size_t i = 0; i < unread->fault_count; i++)
        json_array_append_new(errors, fault_object(out->arena, unread, &unread->faults[i]));
    json_t *root = json_pack("{s:i, s:o, s:n, s:o}", "schema", REPORT_SCHEMA, "tool",
                             render_json_tool(), "result", "errors", errors);
    line_set_id(root, id);
    render_json_write_line(root, out);
}
