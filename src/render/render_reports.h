/*
 * NAME
 *     render_reports - reports of receivers, domain by domain
 * DESCRIPTION
 *     What explain shows of reports: for each domain the part that check
 *     --reports has. CSV has a row for each sender.
 * OWNERSHIP
 *     Scratch is in the arena of the output.
 * ERRORS
 *     None.
 */
#ifndef RENDER_REPORTS_H
#define RENDER_REPORTS_H

#include "base/arena.h"
#include "base/sbuf.h"
#include "model/facts.h"
#include "model/feedback.h"
#include "model/finding.h"
#include "model/report.h"
#include "model/traffic.h"
#include "render/render_traffic.h"

struct render_reports_domain {
    struct traffic *traffic;
    const struct facts *facts;
    struct finding *findings;
};

struct render_reports {
    const struct feedback_set *set;
    int64_t time;
    struct render_reports_domain *domains;
    size_t count;
    size_t left_off; /* domains beyond LIMIT_REPORTS_DOMAINS */
};

void render_reports_text(const struct render_reports *reports,
                         const struct report_options *options, struct sbuf *out);
/* the document that JSON and the page are made from */
json_t *render_reports_document(const struct render_reports *reports,
                                const struct report_options *options, struct arena *arena);
void render_reports_csv(const struct render_reports *reports,
                        const struct report_options *options, struct sbuf *out);

#endif
