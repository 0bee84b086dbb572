/*
 * NAME
 *     render_gate - what a change of DNS breaks, for people and as JSON
 * DESCRIPTION
 *     One part for each domain, rendered as soon as it is evaluated so that its
 *     facts can be freed, and a frame around all of them.
 * OWNERSHIP
 *     JSON values belong to the caller, text to the arena given.
 * ERRORS
 *     None.
 */
#ifndef RENDER_GATE_H
#define RENDER_GATE_H

#include <jansson.h>

#include "base/arena.h"
#include "base/sbuf.h"
#include "model/gate.h"
#include "render/render_page.h"
#include "model/issue.h"
#include "model/report.h"

struct render_gate_sum {
    size_t subjects;
    size_t failing;
    size_t undetermined;
    size_t changed;
    size_t dismissed;
    size_t already; /* findings */
};

/* what was written about the domains, and how */
struct render_gate_part {
    struct report_options options;
    struct sbuf text;
};

/* a file that a world was read from */
struct render_gate_file {
    const char *world; /* "old" or "new" */
    const char *file;
    const char *format; /* "zone file" */
    bool is_open;
    const char *text; /* a line for people; NULL: a zone file, which needs no explanation */
};

/* the run as a whole */
struct render_gate {
    int64_t time;
    const char *const *old_specs;
    size_t old_count;
    const char *const *new_specs;
    size_t new_count;
    enum report_result result;
    json_t *subjects;
    struct report_issues *issues;
    const struct render_gate_file *files; /* of both worlds */
    size_t file_count;
    const struct report_accepts *accepts;
    size_t questions;
    unsigned rounds;
    struct render_gate_part texts[2]; /* in text: for standard output, and for files */
    struct render_gate_sum sum;
    bool is_short; /* a change that passes: a few lines of text are enough */
};

json_t *render_gate_json_subject(struct arena *arena, const struct report_gate *gate,
                                 const struct report *after);

/* a line for each domain */
void render_gate_jsonl(const struct render_gate *gate, const struct report_options *options,
                       struct sbuf *out);

/* nothing for a domain that the change leaves as it is, unless `has_all` */
void render_gate_text_subject(struct page *page, const struct report_gate *gate,
                              const struct report *after, bool has_all);
/* all of it, and the last lines: accepted losses that count no more, and the sum */
void render_gate_text(const struct render_gate *gate, const struct report_options *options,
                      struct sbuf *out);

/* the same as JSON, which is the caller's */
json_t *render_gate_document(const struct render_gate *gate,
                             const struct report_options *options, struct arena *arena);

#endif
