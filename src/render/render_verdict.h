/*
 * NAME
 *     render_verdict - one verdict
 * DESCRIPTION
 *     What the commands for one verdict print: in text the word, one clause, and below it the
 *     reasons; else the report.
 * ERRORS
 *     None.
 */
#ifndef RENDER_VERDICT_H
#define RENDER_VERDICT_H

#include "base/sbuf.h"
#include "model/report.h"

struct render_verdict {
    const struct report *report;
    enum report_method method;
    struct report_verdict word;
};

/* the line and its reasons */
void render_verdict_text(const struct render_verdict *verdict,
                         const struct report_options *options, struct sbuf *out);
/* the report without an audit */
void render_verdict_json(const struct render_verdict *verdict,
                         const struct report_options *options, struct sbuf *out);

#endif
