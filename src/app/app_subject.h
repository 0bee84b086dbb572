/*
 * NAME
 *     app_subject - one line of what scan reads
 * DESCRIPTION
 *     A line is a domain, or a JSON object with the keys "id", "domain", "ip",
 *     "helo", "mail_from", "rcpt", "selectors" and "message", which mean what the
 *     options and arguments of check mean. null stands for "not given". Pure:
 *     nothing is opened or asked.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     Total: whatever is wrong is in `faults`, each with its column and key.
 * BUGS
 *     A key that is written with escapes has the column of the line's first octet.
 */
#ifndef APP_SUBJECT_H
#define APP_SUBJECT_H

#include "app/app_options.h"
#include "base/span.h"
#include "render/render_line.h"

struct app_subject {
    const char *id;      /* JSON: a string or an integer; NULL: none */
    const char *domain;  /* as written; NULL: see faults */
    const char *message; /* a file; NULL: none */
    struct render_line_fault *faults;
    size_t fault_count;
};

/* the envelope and the selectors go where options would put them */
void app_subject_parse(struct app_options *options, struct span line,
                       struct app_subject *subject_out);

#endif
