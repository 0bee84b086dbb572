/*
 * NAME
 *     render_report - the whole report as text, and on one line
 * DESCRIPTION
 *     Private to render/. What check writes.
 * OWNERSHIP
 *     Bytes go to `out`; scratch is in its arena.
 * ERRORS
 *     None.
 */
#ifndef RENDER_REPORT_H
#define RENDER_REPORT_H

#include "base/sbuf.h"
#include "model/report.h"

void render_text(const struct report *report, const struct report_options *options,
                 struct sbuf *out);
/* the document on one line */
void render_json_line(const struct report *report, const struct report_options *options,
                      struct sbuf *out);

#endif
