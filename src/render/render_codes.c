/* Codes for people and for programs. */
#include "base/limits.h"
#include "render/render_codes.h"
#include "render/render_json.h"
#include "render/render_page.h"

#define COLUMN_TEXT 10
#define COLUMN_MORE 26

/* rows_of - what fits the query, or all */
static const struct reply_code **
rows_of(struct arena *arena, const struct reply_code_query *query, size_t *count_out)
{
    const struct reply_code **rows = NULL;

    if (query != NULL)
        return reply_code_find(arena, query, count_out);
    *count_out = reply_code_count();
    rows = arena_array_of(arena, const struct reply_code *, *count_out);
    for (size_t i = 0; i < *count_out; i++)
        rows[i] = reply_code_get(i);
    return rows;
}

/* code_text - "550 5.7.1 [S3150]" */
static const char *code_text(struct arena *arena, const struct reply_code *row)
{
    struct sbuf text = sbuf_start(arena);

    if (row->reply != 0)
        sbuf_addf(&text, "%u", row->reply);
    if (row->enhanced != NULL)
        sbuf_addf(&text, "%s%s", text.len > 0 ? " " : "", row->enhanced);
    if (row->mark != NULL)
        sbuf_addf(&text, " \"%s\"", row->mark);
    return sbuf_text(&text);
}

/* class_style - how bad it is */
static enum page_style class_style(unsigned number)
{
    return number == 5 ? PAGE_BAD : number == 4 ? PAGE_DOUBT : PAGE_GOOD;
}

/* codes_field - "to do     what" unless there is nothing to say */
static void codes_field(struct page *page, const char *label, const char *text)
{
    if (text == NULL || text[0] == '\0')
        return;
    page_to(page, 2);
    page_put(page, PAGE_FAINT, label);
    page_to(page, COLUMN_TEXT + 2);
    page_wrap(page, PAGE_PLAIN, text);
}

/* codes_explain - one row in full */
static void codes_explain(struct page *page, const struct reply_code *row)
{
    page_put(page, PAGE_STRONG, row->who);
    page_put(page, PAGE_PLAIN, "  ");
    page_put(page, PAGE_FAINT, code_text(page->arena, row));
    page_end(page);
    codes_field(page, "means", row->meaning);
    codes_field(page, "cause", row->cause);
    codes_field(page, "to do", row->remedy);
    codes_field(page, "see", row->standard);
    page_end(page);
}

/* codes_class_of - of the query: the reply decides, not the enhanced code; 0: neither is
 * given */
static unsigned codes_class_of(const struct reply_code_query *query)
{
    return query->reply != 0 ? query->reply / 100 : query->enhanced.kind;
}

/* explain_class - what any code of this kind asks of a sender */
static void explain_class(struct page *page, const struct reply_code_query *query)
{
    const struct smtp_class *kind = smtp_class_get(codes_class_of(query));
    const char *about = query->reply != 0 ? reply_code_category(query->reply) : NULL;

    if (kind == NULL)
        return;
    if (query->enhanced.kind != 0)
        about = smtp_enhanced_subject(query->enhanced.subject);
    page_put(page, class_style(kind->number), arena_printf(page->arena, "%uxx", kind->number));
    page_to(page, COLUMN_TEXT);
    page_wrap(page, PAGE_PLAIN,
              arena_printf(page->arena, "%s%s%s; a sender does this: %s", kind->name,
                           about != NULL ? ", about " : "", about != NULL ? about : "",
                           kind->action));
    if (query->reply != 0 && query->enhanced.kind != 0 &&
        query->enhanced.kind != query->reply / 100) {
        page_to(page, COLUMN_TEXT);
        page_wrap(page, PAGE_DOUBT,
                  "the enhanced code contradicts the reply code; senders "
                  "follow the reply code");
    }
    page_end(page);
}

/* explain_query - class, then every row that fits */
static void explain_query(struct page *page, const struct reply_code_query *query)
{
    size_t count = 0;
    const struct reply_code **rows = rows_of(page->arena, query, &count);

    explain_class(page, query);
    for (size_t i = 0; i < count; i++)
        codes_explain(page, rows[i]);
    if (count == 0)
        page_wrap(page, PAGE_PLAIN,
                  "Neither a standard nor a receiver known here says more about this code: the "
                  "text of the reply is all there is.");
    else if (count > 1)
        page_wrap(page, PAGE_FAINT,
                  "Several meanings: go by who sent the reply, and by its text.");
}

/* list_row - one row in brief */
static void list_row(struct page *page, const struct reply_code *row)
{
    unsigned number = row->reply != 0 ? row->reply / 100 : (unsigned)(row->enhanced[0] - '0');

    page_put(page, class_style(number), code_text(page->arena, row));
    page_to(page, COLUMN_MORE);
    page_wrap(page, PAGE_PLAIN, arena_printf(page->arena, "%s: %s", row->who, row->meaning));
}

void render_codes_text(const struct reply_code_query *query,
                       const struct report_options *options, struct sbuf *out)
{
    struct page page = page_open(options, out);

    if (query != NULL) {
        explain_query(&page, query);
        return;
    }
    for (size_t i = 0; i < reply_code_count(); i++)
        list_row(&page, reply_code_get(i));
}

/* ---- JSON ---- */

/* row_json - one row */
static json_t *row_json(struct arena *arena, const struct reply_code *row)
{
    unsigned number = row->reply != 0 ? row->reply / 100 : (unsigned)(row->enhanced[0] - '0');
    json_t *object = json_object();

    json_object_set_new(object, "reply",
                        row->reply != 0 ? json_integer((json_int_t)row->reply) : json_null());
    json_object_set_new(object, "enhanced", render_json_text(arena, row->enhanced));
    json_object_set_new(object, "mark", render_json_text(arena, row->mark));
    json_object_set_new(object, "who", render_json_text(arena, row->who));
    json_object_set_new(object, "class", json_string(smtp_class_get(number)->name));
    json_object_set_new(object, "action", json_string(smtp_class_get(number)->action));
    json_object_set_new(object, "meaning", render_json_text(arena, row->meaning));
    json_object_set_new(object, "cause", render_json_text(arena, row->cause));
    json_object_set_new(object, "remedy", render_json_text(arena, row->remedy));
    json_object_set_new(object, "standard", render_json_text(arena, row->standard));
    return object;
}

void render_codes_json(const struct reply_code_query *query, struct sbuf *out)
{
    size_t count = 0;
    const struct reply_code **rows = rows_of(out->arena, query, &count);
    json_t *array = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, row_json(out->arena, rows[i]));
    render_json_write(array, out);
}
