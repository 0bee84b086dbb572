/*
 * NAME
 *     report - facts and findings, rendered
 * DESCRIPTION
 *     A report is facts plus findings plus the overall result. Renderers are
 *     rows of render_table.def and write bytes into a buffer; they neither
 *     print nor ask. The exit status follows from the report alone.
 * OWNERSHIP
 *     In the subject's arena.
 * ERRORS
 *     None.
 */
#ifndef REPORT_H
#define REPORT_H

#include "base/sbuf.h"
#include "check/check.h"

#define REPORT_SCHEMA 1

enum report_result { REPORT_PASS, REPORT_FAIL, REPORT_UNDETERMINED };
enum report_threshold { THRESHOLD_ERROR, THRESHOLD_WARNING, THRESHOLD_NOTICE, THRESHOLD_NEVER };

struct report {
    const struct facts *facts;
    struct finding *findings;
    enum report_result result;
};

struct report_options {
    bool has_color;
    bool is_verbose;          /* -v: every answer, every finding's standards */
    bool is_quiet;            /* -q: verdicts only */
    unsigned width;           /* columns for text; 0: 80 */
    enum report_threshold threshold;
};

/* fail: a verdict fails or a finding of severity error fires; undetermined: something needed
 * could not be asked and nothing fails; else pass */
enum report_result report_judge(const struct facts *facts, const struct finding *findings);

/* 0, 1 or 3 of the contract; 1 wins over 3 */
int report_exit_status(const struct report *report, enum report_threshold threshold);

/* one clause: why the status is not 0; NULL for 0 */
const char *report_exit_reason(struct arena *arena, const struct report *report,
                               enum report_threshold threshold);

struct render_format {
    const char *name;        /* "text", "json" */
    const char *suffix;      /* ".txt", ".json": for -o */
    const char *summary;     /* for --help */
    void (*render)(const struct report *report, const struct report_options *options,
                   struct sbuf *out);
};

size_t render_format_count(void);
const struct render_format *render_format_get(size_t index);
const struct render_format *render_format_find(const char *name);   /* NULL: none */
/* by suffix; NULL: none */
const struct render_format *render_format_for_path(const char *path);

#endif
