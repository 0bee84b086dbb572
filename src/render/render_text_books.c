/*
 * Rule books, rule by rule: on the first screen what is not met with the records that meet it,
 * as far as a dozen rows go; else everything.
 */
#include "base/arena.h"
#include "render/render_policies.h"
#include "base/sbuf.h"
#include "model/finding.h"
#include "model/policy.h"
#include "model/report.h"
#include "render/render_page.h"

#define ROWS_BRIEF   12 /* of all rule books on the first screen */
#define COLUMN_STATE 4
#define COLUMN_RULE  17

/* books_style - how loud a state speaks */
static enum page_style books_style(const struct policy_item *item)
{
    if (item->state == POLICY_MET)
        return PAGE_GOOD;
    return item->state == POLICY_UNMET && item->rule->severity == SEV_ERROR ? PAGE_BAD
                                                                            : PAGE_DOUBT;
}

/* books_says - "dmarc: the DMARC policy is not reject" */
static const char *books_says(struct page *page, const struct policy_item *item)
{
    const struct policy_rule *rule = item->rule;
    const char *text = item->state == POLICY_MET     ? rule->asks
                       : item->state == POLICY_UNMET ? rule->says
                                                     : item->unknown;

    return text != NULL ? arena_printf(page->arena, "%s: %s", rule->id, text) : rule->id;
}

/* books_item - one rule, and the records that meet it */
static void books_item(struct page *page, const struct policy_item *item)
{
    page_cell(page, COLUMN_STATE, books_style(item), policy_state_to_text(item->state));
    page_line(page, COLUMN_RULE, PAGE_PLAIN, books_says(page, item));
    for (size_t i = 0; i < item->publish_count && item->state == POLICY_UNMET; i++)
        page_linef(page, COLUMN_RULE, PAGE_FAINT, "to meet it: %s", item->publish[i]);
}

/* books_brief - what is not met, while there are rows; returns how many were left out */
static size_t books_brief(struct page *page, const struct policy_outcome *outcome,
                          size_t *rows_left)
{
    size_t left = 0;

    for (size_t i = 0; i < outcome->item_count; i++) {
        const struct policy_item *item = &outcome->items[i];
        struct sbuf bytes = sbuf_start(page->arena);
        struct page one = *page;
        size_t rows = 0;

        if (item->state != POLICY_UNMET)
            continue;
        one.out = &bytes;
        books_item(&one, item);
        for (size_t k = 0; k < bytes.len; k++)
            rows += sbuf_text(&bytes)[k] == '\n';
        left += rows > *rows_left;
        if (rows > *rows_left)
            continue;
        *rows_left -= rows;
        sbuf_add_span(page->out, sbuf_span(&bytes));
    }
    return left;
}

/* books_head - "  Internet.nl: not met, ..." */
static void books_head(struct page *page, const struct policy_outcome *outcome)
{
    page_to(page, 2);
    page_putf(page, PAGE_STRONG, "%s: ", policy_outcome_label(page->arena, outcome));
    page_wrap(page, render_disposition_style(outcome->disposition),
              policy_outcome_action(page->arena, outcome));
}

void render_text_books(struct page *page, const struct report *report)
{
    size_t rows_left = ROWS_BRIEF;
    size_t left = 0;
    bool has_any = false;

    for (size_t i = 0; i < report->outcome_count; i++) {
        const struct policy_outcome *outcome = &report->outcomes[i];

        if (outcome->policy->kind != POLICY_RULE_BOOK)
            continue;
        if (!has_any) {
            page_end(page);
            page_heading(page, "Rule books");
        }
        has_any = true;
        books_head(page, outcome);
        if (page->is_brief)
            left += books_brief(page, outcome, &rows_left);
        for (size_t k = 0; k < outcome->item_count && !page->is_brief; k++)
            books_item(page, &outcome->items[k]);
    }
    if (left > 0) {
        page_to(page, COLUMN_STATE);
        page_putf(page, PAGE_FAINT, "%s: -v", page_count(page, left, "more rule"));
        page_end(page);
    }
    if (has_any && page->is_brief)
        page_end(page);
}
