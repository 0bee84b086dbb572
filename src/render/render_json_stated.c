/* "stated": what others wrote into the message, next to what we compute. */
#include "explain/explain_stated.h"
#include "render/render_json.h"

json_t *render_json_stated(struct arena *arena, const struct facts *facts)
{
    size_t count = 0;
    const struct explain_stated *rows = explain_stated(arena, facts, &count);
    json_t *array = json_array();

    for (size_t i = 0; i < count; i++) {
        const struct explain_stated *row = &rows[i];
        json_t *object = json_object();

        json_object_set_new(object, "field", json_string(row->field));
        json_object_set_new(object, "line", json_integer(row->line));
        json_object_set_new(
            object, "server",
            render_json_text(arena, row->server[0] != '\0' ? row->server : NULL));
        json_object_set_new(object, "method", render_json_text(arena, row->method));
        json_object_set_new(object, "result", render_json_text(arena, row->result));
        json_object_set_new(object, "about",
                            render_json_text(arena, row->about[0] != '\0' ? row->about : NULL));
        json_object_set_new(object, "ours", render_json_text(arena, row->ours));
        json_object_set_new(object, "same",
                            row->ours != NULL ? json_boolean(row->is_same) : json_null());
        json_object_set_new(object, "why", render_json_text(arena, row->why));
        json_array_append_new(array, object);
    }
    return array;
}
