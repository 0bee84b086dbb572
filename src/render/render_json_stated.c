/* "stated": what others wrote into the message, next to what we compute. */
#include "base/arena.h"
#include "model/explain.h"
#include "model/report.h"
#include "render/render_json.h"

json_t *render_json_stated(struct arena *arena, const struct report *report)
{
    json_t *array = json_array();

    for (size_t i = 0; i < report->stated_count; i++) {
        const struct explain_stated *row = &report->stated[i];

        json_array_append_new(
            array,
            json_pack("{s:s, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "field", row->field,
                      "line", (json_int_t)row->line, "server",
                      render_json_text(arena, row->server[0] != '\0' ? row->server : NULL),
                      "method", render_json_text(arena, row->method), "result",
                      render_json_text(arena, row->result), "about",
                      render_json_text(arena, row->about[0] != '\0' ? row->about : NULL),
                      "ours", render_json_text(arena, row->ours), "same",
                      row->ours != NULL ? json_boolean(row->is_same) : json_null(), "why",
                      render_json_text(arena, row->why)));
    }
    return array;
}
