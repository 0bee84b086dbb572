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
#include "model/probe_report.h"
#include "base/sbuf.h"
#include "model/report.h"
#include "model/smtp_probe.h"

void render_probe_text(const struct probe_report *report, const struct report_options *options,
                       struct sbuf *out);

/* a line for each host */
void render_probe_jsonl(const struct probe_report *report, const struct report_options *options,
                        struct sbuf *out);
/* the same as JSON, which is the caller's */
json_t *render_probe_document(const struct probe_report *report,
                              const struct report_options *options, struct arena *arena);

#endif
