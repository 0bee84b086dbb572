/*
 * NAME
 *     render_probe - the sessions with live servers
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

#include <jansson.h>

#include "base/arena.h"
#include "model/issue.h"
#include "smtp/smtp_client.h"
#include "base/sbuf.h"
#include "model/report.h"
#include "model/smtp_probe.h"

struct probe_report {
    const char *domain; /* whose mail hosts; NULL: one host was named */
    int64_t now;
    const struct smtp_session *const *sessions;
    size_t count;
    size_t left_out; /* addresses beyond LIMIT_PROBE_TARGETS */
    /* rule books, judged with what was found; NULL: none was asked for */
    const struct report *judged;
    const struct report_issues *issues; /* what formats for CI show */
};

/* worst thing first: fail, undetermined, pass */
enum report_result probe_result(const struct smtp_session *session);

/* an address that this machine has no route to decides nothing where the host was reached at
 * another one */
bool probe_counts(const struct smtp_session *session);

/* the diagnosis that decides it; NULL for a pass */
const struct smtp_diagnosis_row *probe_worst(const struct smtp_session *session);

/* "mx.example.com [192.0.2.1] port 25 (relay)" */
const char *probe_where_text(struct arena *arena, const struct smtp_probe *probe);

void render_probe_text(const struct probe_report *report, const struct report_options *options,
                       struct sbuf *out);
void render_probe_json(const struct probe_report *report, const struct report_options *options,
                       struct sbuf *out);

/* a line for each host */
void render_probe_jsonl(const struct probe_report *report, const struct report_options *options,
                        struct sbuf *out);
/* the same as JSON, which is the caller's */
json_t *render_probe_document(const struct probe_report *report, struct arena *arena);

#endif
