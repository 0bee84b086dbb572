/*
 * NAME
 *     render_explain - refusals explained, for people and as JSON
 * DESCRIPTION
 *     Private to render/. What explain writes. A mailbox or a log is a table by cause and
 *     receiver.
 * OWNERSHIP
 *     Bytes go to `out`; scratch is in its arena.
 * ERRORS
 *     None.
 */
#ifndef RENDER_EXPLAIN_H
#define RENDER_EXPLAIN_H

#include <jansson.h>

#include "base/arena.h"
#include "base/sbuf.h"
#include "model/explain.h"
#include "model/report.h"

void render_explain_text(const struct explain *explain, const struct report_options *options,
                         struct sbuf *out);
/* the document on one line */
void render_explain_jsonl(const struct explain *explain, const struct report_options *options,
                          struct sbuf *out);
/* a row for each recipient; where those were not kept, for each row of the table */
void render_explain_csv(const struct explain *explain, const struct report_options *options,
                        struct sbuf *out);

/* the same as JSON, which is the caller's */
json_t *render_explain_document(const struct explain *explain,
                                const struct report_options *options, struct arena *arena);

#endif
