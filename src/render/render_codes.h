/*
 * NAME
 *     render_codes - reply codes explained
 * DESCRIPTION
 *     All rows, or those that fit a query, as text or JSON. For any code at all
 *     the class says what a sender does; where receivers give a code meanings
 *     of their own, each stands with its name.
 * OWNERSHIP
 *     Bytes go to `out`; scratch is in its arena.
 * ERRORS
 *     None.
 */
#ifndef RENDER_CODES_H
#define RENDER_CODES_H

#include "reply/reply_code.h"
#include "report/report.h"

/* `query` NULL: all rows */
void render_codes_text(const struct reply_code_query *query,
                       const struct report_options *options, struct sbuf *out);
void render_codes_json(const struct reply_code_query *query, struct sbuf *out);

#endif
