/*
 * NAME
 *     render_codes - reply codes and replies explained
 * DESCRIPTION
 *     All rows of the table of codes, or the replies of a view, as text or JSON. The best
 *     answer of a reply comes first; other meanings of its code are alternatives, which text
 *     shows with -v only.
 * OWNERSHIP
 *     Bytes go to `out`; scratch is in its arena.
 * ERRORS
 *     None.
 */
#ifndef RENDER_CODES_H
#define RENDER_CODES_H

#include <jansson.h>

#include "base/arena.h"
#include "base/sbuf.h"
#include "model/reply_class.h"
#include "model/report.h"

struct codes_view {
    const struct reply_class **classes;
    size_t count; /* 0: all rows of the table are shown */
};

/* where the phrase was read that decided; null where a code did */
json_t *render_json_source(struct arena *arena, const struct reply_class *class);
/* true: final; false: the client tries again; null: neither is known */
json_t *render_json_final(enum reply_finality finality);

void render_codes_text(const struct codes_view *view, const struct report_options *options,
                       struct sbuf *out);
void render_codes_json(const struct codes_view *view, const struct report_options *options,
                       struct sbuf *out);

#endif
