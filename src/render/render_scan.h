/*
 * NAME
 *     render_scan - one subject of a scan in one line
 * DESCRIPTION
 *     As JSON (the report of check, render_line.h), as a row of 25 flat columns for
 *     spreadsheets and databases, or as a row of a table for a terminal. The columns and
 *     their order are a contract: docs/scale.md.
 * OWNERSHIP
 *     Text goes to `out`.
 * ERRORS
 *     None.
 */
#ifndef RENDER_SCAN_H
#define RENDER_SCAN_H

#include <jansson.h>

#include "render/render_line.h"
#include "model/issue.h"
#include "render/render_view.h"
#include "base/sbuf.h"
#include "model/report.h"

struct render_scan {
    const struct report *report;             /* NULL: see unread */
    const struct render_line_unread *unread; /* what could not be read or judged */
    const char *id;                          /* JSON; NULL: there was none */
    size_t line;
    const struct report_issues *issues; /* of all subjects: formats for CI */
    json_t *documents; /* of all subjects, as far as a page shows them; NULL: not made */
};

void render_scan_jsonl(const struct render_scan *scan, const struct report_options *options,
                       struct sbuf *out);
void render_scan_csv(const struct render_scan *scan, const struct report_options *options,
                     struct sbuf *out);
/* a page with a row for each subject */
void render_scan_html(const struct render_scan *scan, const struct report_options *options,
                      struct sbuf *out);
void render_scan_table(const struct render_scan *scan, const struct report_options *options,
                       struct sbuf *out);

/* a row for each subject, as soon as it is judged; other formats are written at the end */
bool render_scan_is_row(enum render_format format);

/* the line above the rows; nothing for JSON */
void render_scan_head(enum render_format format, struct sbuf *out);

#endif
