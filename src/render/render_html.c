/* The document is made as for JSON, and the page from it. */
#include "render/render_html.h"

#include "html/html.h"
#include "render/render_json.h"
#include "render/render_redact.h"

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

/* redact_stored - all documents, if that is asked for */
static void redact_stored(const struct render_stored *stored,
                          const struct report_options *options, struct sbuf *out)
{
    for (size_t i = 0; options->is_redacted && i < json_array_size(stored->documents); i++)
        render_redact(out->arena, json_array_get(stored->documents, i));
}

void render_stored_html(const struct render_stored *stored,
                        const struct report_options *options, struct sbuf *out)
{
    redact_stored(stored, options, out);
    if (stored->is_list)
        html_list(stored->documents, out);
    else
        html_page(json_array_get(stored->documents, 0), out);
}

void render_stored_json(const struct render_stored *stored,
                        const struct report_options *options, struct sbuf *out)
{
    redact_stored(stored, options, out);
    for (size_t i = 0; i < json_array_size(stored->documents); i++) {
        json_t *document = json_incref(json_array_get(stored->documents, i));

        if (stored->is_list)
            render_json_write_line(document, out);
        else
            render_json_write(document, out);
    }
}
