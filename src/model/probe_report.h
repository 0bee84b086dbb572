/*
 * NAME
 *     probe_report - the sessions with live servers of one run
 * DESCRIPTION
 *     What was found at each host, and what it comes to.
 * OWNERSHIP
 *     In the arena of the run.
 * ERRORS
 *     None.
 */
#ifndef MODEL_PROBE_REPORT_H
#define MODEL_PROBE_REPORT_H

#include "base/arena.h"
#include "model/issue.h"
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

#endif
