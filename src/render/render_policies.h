/*
 * NAME
 *     render_policies - receivers and rule books, shown
 * DESCRIPTION
 *     What policies there are, or one with its rules, dates and sources; and what
 *     the policies of a report predict for its subject.
 * OWNERSHIP
 *     Bytes go to `out` or the page; a JSON value belongs to the caller.
 * ERRORS
 *     None.
 */
#ifndef RENDER_POLICIES_H
#define RENDER_POLICIES_H

#include <jansson.h>

#include "base/arena.h"
#include "base/sbuf.h"
#include "model/policy.h"
#include "model/report.h"
#include "render/render_page.h"

struct render_policies {
    const struct policy *const *list;
    size_t count;
    bool is_full;       /* with all rules */
    bool is_stale_only; /* the rules that are older than `stale_days`, instead */
    int64_t today;
    int64_t stale_days;
};

/* the rule's sources were all read longer ago than `stale_days`; how many rules are so */
bool render_policies_is_stale(const struct render_policies *policies,
                              const struct policy_rule *rule);
size_t render_policies_stale_count(const struct render_policies *policies,
                                   const struct policy *policy);

void render_policies_text(const struct render_policies *policies,
                          const struct report_options *options, struct sbuf *out);
void render_policies_json(const struct render_policies *policies,
                          const struct report_options *options, struct sbuf *out);

/* how loud an outcome speaks */
enum page_style render_disposition_style(enum policy_disposition disposition);
/* the readiness: one line for each outcome about which something can be said */
void render_text_receivers(struct page *page, const struct report *report);
/* every rule book, rule by rule; on the first screen what is not met, as far as there is
 * room */
void render_text_books(struct page *page, const struct report *report);
json_t *render_json_receivers(struct arena *arena, const struct report *report);

/* "G1 Google, Email sender guidelines, https://..., read 2026-03-21" */
const char *render_policy_source(struct arena *arena, const struct policy_source *source);

#endif
