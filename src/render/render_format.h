/*
 * NAME
 *     render_format - the functions behind the rows of render_table.def
 * DESCRIPTION
 *     A report is written in one of several formats, found by name or by suffix.
 * OWNERSHIP
 *     Scratch is in the arena of `out`.
 * ERRORS
 *     None.
 */
#ifndef RENDER_FORMAT_H
#define RENDER_FORMAT_H

#include "report/report.h"

#define RENDER_FORMAT(name, suffix, summary)                                              \
    void render_##name(const struct report *report, const struct report_options *options, \
                       struct sbuf *out);
#include "render/render_table.def"
#undef RENDER_FORMAT

struct render_format {
    const char *name;    /* "text", "json" */
    const char *suffix;  /* ".txt", ".json": for -o */
    const char *summary; /* for --help */
    void (*render)(const struct report *report, const struct report_options *options,
                   struct sbuf *out);
};

size_t render_format_count(void);
const struct render_format *render_format_get(size_t index);
const struct render_format *render_format_find(const char *name); /* NULL: none */
/* by suffix; NULL: none */
const struct render_format *render_format_for_path(const char *path);

/* text that reached us escaped or is our own, made safe whatever it holds: controls and
 * broken UTF-8 are escaped, backslashes are left alone, so safe text stays as it is */
const char *render_safe(struct arena *arena, const char *text);

/* raw bytes made fit to be shown; NULL stays NULL */
const char *render_raw(struct arena *arena, const char *bytes);

/* "SERVFAIL", "SERVFAIL: REFUSED by 192.0.2.53" */
const char *render_trouble(struct arena *arena, const struct dns_answer *answer);

/* the standard judge's word for what a library was asked about; NULL if there is none */
const char *render_standard_word(const struct facts *facts, const char *about);

/* the library had a word, and it is the standard judge's */
bool render_engine_agrees(const struct facts *facts, const struct engine_verdict *engine);

#endif
