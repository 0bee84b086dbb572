/* The document is made as for JSON, and the page from it. */
#include "render/render_html.h"

#include "html/html.h"
#include "render/render_json.h"
#include "render/render_redact.h"
#include "render/render_scan.h"
#include "render/render_shown.h"

/* write_page - of a document that is not needed any more */
static void write_page(json_t *document, const struct report_options *options, struct sbuf *out)
{
    if (options->is_redacted)
        render_redact(out->arena, document);
    html_page(document, out);
    json_decref(document);
}

void render_html(const struct report *report, const struct report_options *options,
                 struct sbuf *out)
{
    write_page(render_json_report(report, options, out->arena), options, out);
}

void render_gate_html(const struct render_gate *gate, const struct report_options *options,
                      struct sbuf *out)
{
    write_page(render_gate_document(gate, out->arena), options, out);
}

void render_probe_html(const struct probe_report *report, const struct report_options *options,
                       struct sbuf *out)
{
    write_page(render_probe_document(report, out->arena), options, out);
}

void render_explain_html(const struct explain *explain, const struct report_options *options,
                         struct sbuf *out)
{
    write_page(render_explain_document(explain, options, out->arena), options, out);
}

void render_reports_html(const struct render_reports *reports,
                         const struct report_options *options, struct sbuf *out)
{
    write_page(render_reports_document(reports, out->arena), options, out);
}

void render_sandbox_html(const struct render_sandbox *sandbox,
                         const struct report_options *options, struct sbuf *out)
{
    write_page(render_sandbox_document(sandbox, out->arena), options, out);
}

void render_scan_html(const struct render_scan *scan, const struct report_options *options,
                      struct sbuf *out)
{
    if (options->is_redacted)
        render_redact(out->arena, scan->documents);
    html_list(scan->documents, out);
}

/* stored_document - one of them, as it is to be shown; the caller's */
static json_t *stored_document(const struct render_stored *stored, size_t at,
                               const struct report_options *options, struct arena *arena)
{
    json_t *document = json_array_get(stored->documents, at);

    if (!options->is_redacted)
        return json_copy(document);
    document = json_deep_copy(document);
    render_redact(arena, document);
    return document;
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
