/* What receivers would do, a line each. */
#include "model/policy.h"
#include "render/render_policies.h"
#include "model/report.h"
#include "render/render_page.h"

#define COLUMN_MORE 6

/* text_receivers_more - the rule behind it, its sources and the reply, for -v */
static void text_receivers_more(struct page *page, const struct policy_outcome *outcome)
{
    const struct policy_rule *rule = outcome->rule != NULL ? outcome->rule : outcome->otherwise;

    if (rule == NULL)
        return;
    page_linef(page, COLUMN_MORE, PAGE_FAINT, "rule %s of %s, confidence %s", rule->id,
               outcome->policy->name, policy_confidence_to_text(rule->confidence));
    for (size_t i = 0; i < rule->source_count; i++)
        page_line(page, COLUMN_MORE, PAGE_FAINT,
                  render_policy_source(page->arena, rule->sources[i]));
    if (outcome->reply == NULL)
        return;
    page_linef(page, COLUMN_MORE, PAGE_FAINT, "reply: %s", outcome->reply);
}

void render_text_receivers(struct page *page, const struct report *report)
{
    bool has_any = false;

    for (size_t i = 0; i < report->outcome_count; i++)
        has_any = has_any || report_outcome_is_shown(report, &report->outcomes[i]);
    if (has_any) {
        page_end(page);
        page_title(page, "Receivers");
    }
    for (size_t i = 0; i < report->outcome_count; i++) {
        const struct policy_outcome *outcome = &report->outcomes[i];

        if (!report_outcome_is_shown(report, outcome))
            continue;
        page_to(page, 2);
        page_putf(page, PAGE_STRONG, "%s: ", policy_outcome_label(page->arena, outcome));
        page_wrap(page, render_disposition_style(outcome->disposition),
                  policy_outcome_action(page->arena, outcome));
        if (page->is_verbose)
            text_receivers_more(page, outcome);
    }
    render_text_books(page, report);
}
