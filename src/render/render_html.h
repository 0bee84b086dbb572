/*
 * NAME
 *     render_html - reports as pages, and stored reports again
 * DESCRIPTION
 *     A page is made from the JSON document of a report, so that a stored one
 *     (render_stored) gives the same page as the run that wrote it.
 * OWNERSHIP
 *     Bytes go to `out`; scratch is in its arena. The documents of render_stored belong
 *     to the caller.
 * ERRORS
 *     None.
 */
#ifndef RENDER_HTML_H
#define RENDER_HTML_H

#include <jansson.h>

#include "base/sbuf.h"
#include "model/explain.h"
#include "model/issue.h"
#include "model/probe_report.h"
#include "model/report.h"
#include "render/render_explain.h"
#include "render/render_gate.h"
#include "render/render_probe.h"
#include "render/render_reports.h"
#include "render/render_sandbox.h"

/* reports read from a file */
struct render_stored {
    json_t *documents;                  /* an array */
    bool is_list;                       /* JSON Lines */
    const struct report_issues *issues; /* what formats for CI show; NULL: not known */
};

void render_html(const struct report *report, const struct report_options *options,
                 struct sbuf *out);
void render_gate_html(const struct render_gate *gate, const struct report_options *options,
                      struct sbuf *out);
void render_probe_html(const struct probe_report *report, const struct report_options *options,
                       struct sbuf *out);
void render_explain_html(const struct explain *explain, const struct report_options *options,
                         struct sbuf *out);
void render_reports_html(const struct render_reports *reports,
                         const struct report_options *options, struct sbuf *out);
void render_sandbox_html(const struct render_sandbox *sandbox,
                         const struct report_options *options, struct sbuf *out);
void render_stored_html(const struct render_stored *stored,
                        const struct report_options *options, struct sbuf *out);
void render_stored_text(const struct render_stored *stored,
                        const struct report_options *options, struct sbuf *out);
void render_stored_jsonl(const struct render_stored *stored,
                         const struct report_options *options, struct sbuf *out);
void render_stored_json(const struct render_stored *stored,
                        const struct report_options *options, struct sbuf *out);

#endif
