/* Values of JSON, and how documents are written. */
#include "base/arena.h"
#include "base/clock.h"
#include "base/dns_name.h"
#include "base/escape.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "html/html_dump.h"
#include "model/dns_answer.h"
#include "model/finding.h"
#include "render/render_format.h"
#include "render/render_json.h"

#define INDENT 2

json_t *render_json_text(struct arena *arena, const char *text)
{
    return text == NULL ? json_null() : json_string(render_safe(arena, text));
}

json_t *render_json_raw(struct arena *arena, const char *bytes)
{
    return bytes == NULL ? json_null() : json_string(render_raw(arena, bytes));
}

json_t *render_json_span(struct arena *arena, struct span bytes)
{
    return json_string(escape_to_text(arena, bytes, 0));
}

json_t *render_json_value(struct arena *arena, struct span bytes)
{
    return bytes.len == 0 ? json_null() : render_json_span(arena, bytes);
}

json_t *render_json_name(struct arena *arena, const struct dns_name *name)
{
    return render_json_text(arena, name == NULL ? NULL : name->text);
}

json_t *render_json_joined(struct arena *arena, const struct dns_rr *rr)
{
    return rr == NULL ? json_null() : render_json_span(arena, rr->joined);
}

json_t *render_json_number(int64_t number)
{
    return number == 0 ? json_null() : json_integer(number);
}

json_t *render_json_time(struct arena *arena, int64_t seconds)
{
    return seconds <= 0 ? json_null() : json_string(clock_to_text(arena, seconds));
}

json_t *render_json_texts(struct arena *arena, const char *const *list, size_t count)
{
    json_t *array = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, render_json_text(arena, list[i]));
    return array;
}

json_t *render_json_bulk(bool is_for_bulk, bool is_for_others)
{
    return is_for_bulk == is_for_others ? json_null() : json_boolean(is_for_bulk);
}

json_t *render_json_ids(const struct finding *const *findings, size_t count)
{
    json_t *array = json_array();

    for (size_t i = 0; i < count; i++) {
        bool is_new = true;

        for (size_t j = 0; j < i; j++)
            is_new = is_new && findings[j]->row != findings[i]->row;
        if (is_new)
            json_array_append_new(array, json_string(findings[i]->id));
    }
    return array;
}

/* write_as - with that indent, 0 for compact, and a final line end */
static void write_as(json_t *value, size_t indent, struct sbuf *out)
{
    html_dump(value, indent, out);
    sbuf_add_octet(out, '\n');
    json_decref(value);
}

void render_json_write(json_t *value, struct sbuf *out)
{
    write_as(value, INDENT, out);
}

void render_json_write_line(json_t *value, struct sbuf *out)
{
    write_as(value, 0, out);
}

json_t *render_json_tool(void)
{
    return json_pack("{s:s, s:s}", "name", "mailassay", "version", MAILASSAY_VERSION);
}
