/*
 * NAME
 *     render_line - one report per line, as scan writes them
 * DESCRIPTION
 *     The report of check as JSON on one line, with the "id" that came with its
 *     subject. A subject that could not be read has a report, too: its "result"
 *     is null, and "errors" say what is wrong and where.
 * OWNERSHIP
 *     Text goes to `out`.
 * ERRORS
 *     None.
 */
#ifndef RENDER_LINE_H
#define RENDER_LINE_H

#include "model/report.h"
#include "base/sbuf.h"

struct render_line_fault {
    size_t column;    /* from 1 on; 0: the line as a whole */
    const char *key;  /* NULL: none */
    const char *text; /* safe to show */
};

/* the line that could not be read */
struct render_line_unread {
    const char *file;
    size_t line;
    const struct render_line_fault *faults;
    size_t fault_count;
};

/* `id` is JSON; NULL: there was none */
void render_line(const struct report *report, const struct report_options *options,
                 const char *id, struct sbuf *out);
void render_line_unread(const struct render_line_unread *unread, const char *id,
                        struct sbuf *out);

#endif
