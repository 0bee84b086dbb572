/* Documents are written as they are; pages and lines are without what other formats show. */
#include "render/render_stored.h"

#include "base/arena.h"
#include "html/html.h"
#include "render/render_json.h"
#include "render/render_redact.h"
#include "render/render_shown.h"

/* stored_document - one of them, as it is to be shown; the caller's */
static json_t *stored_document(const struct render_stored *stored, size_t at,
                               const struct report_options *options, struct arena *arena)
{
    json_t *document = json_copy(json_array_get(stored->documents, at));

    return options->is_redacted ? render_redact(arena, document) : document;
}

void render_stored_html(const struct render_stored *stored,
                        const struct report_options *options, struct sbuf *out)
{
    json_t *documents = json_array();

    for (size_t i = 0; i < json_array_size(stored->documents); i++) {
        json_t *document = stored_document(stored, i, options, out->arena);

        render_shown_drop(document);
        json_array_append_new(documents, document);
    }
    if (stored->is_list)
        html_list(documents, out);
    else
        html_page(json_array_get(documents, 0), out);
    json_decref(documents);
}

void render_stored_json(const struct render_stored *stored,
                        const struct report_options *options, struct sbuf *out)
{
    for (size_t i = 0; i < json_array_size(stored->documents); i++) {
        json_t *document = stored_document(stored, i, options, out->arena);

        if (stored->is_list)
            render_json_write_line(document, out);
        else
            render_json_write(document, out);
    }
}

void render_stored_jsonl(const struct render_stored *stored,
                         const struct report_options *options, struct sbuf *out)
{
    for (size_t i = 0; i < json_array_size(stored->documents); i++) {
        json_t *document = stored_document(stored, i, options, out->arena);

        render_shown_drop(document);
        render_json_write_line(document, out);
    }
}

void render_stored_text(const struct render_stored *stored,
                        const struct report_options *options, struct sbuf *out)
{
    (void)options;
    sbuf_add(out, render_shown_text(out->arena, json_array_get(stored->documents, 0)));
}
