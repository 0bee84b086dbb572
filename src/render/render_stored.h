/*
 * NAME
 *     render_stored - reports read from files, again
 * DESCRIPTION
 *     What `mailassay report` writes: documents, pages of them, and the text that they hold.
 * OWNERSHIP
 *     Bytes go to `out`; scratch is in its arena. The documents belong to the caller.
 * ERRORS
 *     None.
 */
#ifndef RENDER_STORED_H
#define RENDER_STORED_H

#include <jansson.h>

#include "base/sbuf.h"
#include "model/issue.h"
#include "model/report.h"

struct render_stored {
    json_t *documents;                  /* an array */
    bool is_list;                       /* JSON Lines */
    const struct report_issues *issues; /* what formats for CI show; NULL: not known */
};

void render_stored_html(const struct render_stored *stored,
                        const struct report_options *options, struct sbuf *out);
void render_stored_text(const struct render_stored *stored,
                        const struct report_options *options, struct sbuf *out);
void render_stored_jsonl(const struct render_stored *stored,
                         const struct report_options *options, struct sbuf *out);
void render_stored_json(const struct render_stored *stored,
                        const struct report_options *options, struct sbuf *out);

#endif
