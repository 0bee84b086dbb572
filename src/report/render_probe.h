/*
 * NAME
 *     render_probe - what live servers said
 * DESCRIPTION
 *     Sessions of smtp_client as text or JSON: the dialogue in two columns with
 *     each reply explained, what the server offers before and under TLS, its
 *     certificates, and what is wrong with what to change.
 * OWNERSHIP
 *     Bytes go to `out`; scratch is in its arena.
 * ERRORS
 *     None.
 */
#ifndef RENDER_PROBE_H
#define RENDER_PROBE_H

#include "report/report.h"
#include "smtp/smtp_client.h"

struct probe_report {
    const char *domain;     /* whose mail hosts; NULL: one host was named */
    int64_t now;
    const struct smtp_session *const *sessions;
    size_t count;
};

/* worst thing first: fail, undetermined, pass */
enum report_result probe_result(const struct smtp_session *session);

void render_probe_text(const struct probe_report *report, const struct report_options *options,
                       struct sbuf *out);
void render_probe_json(const struct probe_report *report, struct sbuf *out);

#endif
