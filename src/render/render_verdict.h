/*
 * NAME
 *     render_verdict - one verdict
 * DESCRIPTION
 *     What the commands for one verdict print: in text the word, one clause, and below it the
 *     reasons; else the report.
 * OWNERSHIP
 *     Bytes go to `out`; scratch is in its arena. A document belongs to the caller.
 * ERRORS
 *     None.
 */
#ifndef RENDER_VERDICT_H
#define RENDER_VERDICT_H

#include <jansson.h>

#include "base/arena.h"
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
/* the report without an audit; the caller's */
json_t *render_verdict_document(const struct render_verdict *verdict,
                                const struct report_options *options, struct arena *arena);

#endif
