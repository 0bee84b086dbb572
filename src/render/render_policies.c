/* Policies for people: a list, or one with all that is in its file. */
#include "render/render_policies.h"
#include "base/sbuf.h"

#define COLUMN_TITLE 18
#define COLUMN_RULE  4
#define COLUMN_STALE 26

const char *render_policy_source(struct arena *arena, const struct policy_source *source)
{
    return arena_printf(arena, "%s %s%s%s%s%s", source->id, source->title,
                        source->url != NULL ? ", " : "", source->url != NULL ? source->url : "",
                        source->read != NULL ? ", read " : "",
                        source->read != NULL ? source->read : "");
}

enum page_style render_disposition_style(enum policy_disposition disposition)
{
    static const enum page_style styles[] = {
        [POLICY_ACCEPT] = PAGE_GOOD, [POLICY_JUNK] = PAGE_DOUBT,    [POLICY_DEFER] = PAGE_DOUBT,
        [POLICY_REJECT] = PAGE_BAD,  [POLICY_UNKNOWN] = PAGE_DOUBT,
    };

    return styles[disposition];
}

/* ---- age ---- */

size_t render_policies_stale_count(const struct render_policies *policies,
                                   const struct policy *policy)
{
    size_t count = 0;

    for (size_t i = 0; i < policy->rule_count; i++)
        count += render_policies_is_stale(policies, &policy->rules[i]);
    return count;
}

bool render_policies_is_stale(const struct render_policies *policies,
                              const struct policy_rule *rule)
{
    return policies->today - rule->read_day > policies->stale_days;
}

/* policies_stale - the rules of one policy that nobody looked up for long */
static void policies_stale(struct page *page, const struct render_policies *policies,
                           const struct policy *policy)
{
    if (render_policies_stale_count(policies, policy) == 0)
        return;
    page_title(page, policy->name);
    for (size_t i = 0; i < policy->rule_count; i++) {
        const struct policy_rule *rule = &policy->rules[i];
        const char *read = rule->read;
        int64_t day = rule->read_day;

        if (!render_policies_is_stale(policies, rule))
            continue;
        page_cell(page, 2, PAGE_STRONG, rule->id);
        page_to(page, COLUMN_STALE);
        page_putf(page, PAGE_PLAIN, "read %s, %lld days ago:", read,
                  (long long)(policies->today - day));
        for (size_t k = 0; k < rule->source_count; k++)
            page_putf(page, PAGE_PLAIN, "%s %s", k > 0 ? "," : "", rule->sources[k]->id);
        page_end(page);
    }
}

/* policies_stale_all - of all policies, or that there are none */
static void policies_stale_all(struct page *page, const struct render_policies *policies)
{
    size_t count = 0;

    for (size_t i = 0; i < policies->count; i++) {
        policies_stale(page, policies, policies->list[i]);
        count += render_policies_stale_count(policies, policies->list[i]);
    }
    if (count == 0)
        page_wrapf(page, PAGE_PLAIN, "no rule was read more than %lld days ago",
                   (long long)policies->stale_days);
}

/* ---- the list ---- */

/* policies_line - one policy in brief */
static void policies_line(struct page *page, const struct render_policies *policies,
                          const struct policy *policy)
{
    size_t stale = render_policies_stale_count(policies, policy);

    page_cell(page, 2, PAGE_STRONG, policy->name);
    page_line(page, COLUMN_TITLE, PAGE_PLAIN, policy->about);
    page_linef(
        page, COLUMN_TITLE, PAGE_FAINT, "%zu rules, as of %s%s%s", policy->rule_count,
        policy->as_of, policy->is_default ? ", used by default" : "",
        stale == 0 ? "" : arena_printf(page->arena, "; %zu read more than a year ago", stale));
}

/* policies_lines - all policies of a kind under a title */
static void policies_lines(struct page *page, const struct render_policies *policies,
                           enum policy_kind kind, const char *title)
{
    page_end(page);
    page_title(page, title);
    for (size_t i = 0; i < policies->count; i++)
        if (policies->list[i]->kind == kind)
            policies_line(page, policies, policies->list[i]);
}

/* ---- one in full ---- */

/* policies_paragraph - indented; NULL: nothing */
static void policies_paragraph(struct page *page, enum page_style style, const char *text)
{
    if (text == NULL)
        return;
    page_line(page, COLUMN_RULE, style, text);
}

/* policies_cited - "high confidence: G1, G3" */
static const char *policies_cited(struct arena *arena, enum policy_confidence confidence,
                                  const struct policy_source *const *sources, size_t count)
{
    struct sbuf text = sbuf_start(arena);

    sbuf_addf(&text, "%s confidence:", policy_confidence_to_text(confidence));
    for (size_t i = 0; i < count; i++)
        sbuf_addf(&text, "%s %s", i > 0 ? "," : "", sources[i]->id);
    return sbuf_text(&text);
}

/* in_force - "since 2024-02-01, until 2025-11"; NULL: always */
static const char *in_force(struct arena *arena, const struct policy_dates *dates)
{
    if (dates->since == NULL && dates->until == NULL)
        return NULL;
    return arena_printf(arena, "%s%s%s%s%s", dates->since != NULL ? "since " : "",
                        dates->since != NULL ? dates->since : "",
                        dates->since != NULL && dates->until != NULL ? ", " : "",
                        dates->until != NULL ? "until " : "",
                        dates->until != NULL ? dates->until : "");
}

/* policies_rule - one of them with all it has */
static void policies_rule(struct page *page, const struct render_policies *policies,
                          const struct policy_rule *rule)
{
    bool is_stale = render_policies_is_stale(policies, rule);
    const char *read = rule->read;

    page_cell(page, 2, PAGE_STRONG, rule->id);
    page_putf(page, PAGE_PLAIN, "  %s%s%s%s%s", policy_disposition_to_text(rule->disposition),
              rule->code != NULL ? " " : "", rule->code != NULL ? rule->code : "",
              rule->enhanced != NULL ? " " : "", rule->enhanced != NULL ? rule->enhanced : "");
    if (rule->is_for_bulk)
        page_put(page, PAGE_PLAIN, "  bulk senders only");
    page_end(page);
    policies_paragraph(page, PAGE_PLAIN, rule->says);
    if (rule->asks != NULL)
        policies_paragraph(page, PAGE_PLAIN, arena_printf(page->arena, "asks: %s", rule->asks));
    if (rule->applies_text != NULL)
        policies_paragraph(page, PAGE_PLAIN,
                           arena_printf(page->arena, "applies where %s", rule->applies_text));
    policies_paragraph(page, PAGE_PLAIN, arena_printf(page->arena, "when %s", rule->when));
    policies_paragraph(page, PAGE_PLAIN, in_force(page->arena, &rule->dates));
    if (rule->reply != NULL)
        policies_paragraph(page, PAGE_PLAIN,
                           arena_printf(page->arena, "reply: %s", rule->reply));
    for (size_t i = 0; i < rule->publish_count; i++)
        policies_paragraph(page, PAGE_PLAIN,
                           arena_printf(page->arena, "met by: %s", rule->publish[i]));
    policies_paragraph(page, PAGE_FAINT, rule->note);
    policies_paragraph(
        page, PAGE_FAINT,
        policies_cited(page->arena, rule->confidence, rule->sources, rule->source_count));
    if (is_stale)
        policies_paragraph(page, PAGE_FAINT,
                           arena_printf(page->arena, "read %s: more than a year ago", read));
    page_end(page);
}

/* policies_advice - what no fact can show */
static void policies_advice(struct page *page, const struct policy_advice *advice)
{
    page_cell(page, 2, PAGE_STRONG, advice->id);
    if (advice->since != NULL)
        page_putf(page, PAGE_PLAIN, "  since %s", advice->since);
    page_end(page);
    policies_paragraph(page, PAGE_PLAIN, advice->says);
    policies_paragraph(
        page, PAGE_FAINT,
        policies_cited(page->arena, advice->confidence, advice->sources, advice->source_count));
    page_end(page);
}

/* policies_full - head, rules, advice, sources */
static void policies_full(struct page *page, const struct render_policies *policies,
                          const struct policy *policy)
{
    page_put(page, PAGE_STRONG, policy->title);
    page_putf(page, PAGE_PLAIN, "  %s, as of %s", policy_kind_to_text(policy->kind),
              policy->as_of);
    page_end(page);
    page_wrap(page, PAGE_PLAIN, policy->about);
    page_end(page);
    if (policy->standard != POLICY_EITHER_STANDARD)
        page_wrapf(page, PAGE_PLAIN, "Applies RFC %s for DMARC.",
                   policy->standard == POLICY_RFC9989 ? "9989" : "7489");
    page_title(page, policy->kind == POLICY_RECEIVER ? "Rules; the first that holds decides"
                                                     : "Rules; each says when it is not met");
    for (size_t i = 0; i < policy->rule_count; i++)
        policies_rule(page, policies, &policy->rules[i]);
    if (policy->advice_count > 0)
        page_title(page, "Also required, but cannot be checked here");
    for (size_t i = 0; i < policy->advice_count; i++)
        policies_advice(page, &policy->advice[i]);
    page_title(page, "Sources");
    for (size_t i = 0; i < policy->source_count; i++)
        page_line(page, 2, PAGE_PLAIN, render_policy_source(page->arena, &policy->sources[i]));
}

void render_policies_text(const struct render_policies *policies,
                          const struct report_options *options, struct sbuf *out)
{
    struct page page = page_open(options, out);

    if (policies->is_stale_only) {
        policies_stale_all(&page, policies);
        return;
    }
    if (policies->is_full) {
        for (size_t i = 0; i < policies->count; i++)
            policies_full(&page, policies, policies->list[i]);
        return;
    }
    policies_lines(&page, policies, POLICY_RECEIVER, "Receivers: what would they do?");
    policies_lines(&page, policies, POLICY_RULE_BOOK, "Rule books: does the domain meet them?");
    page_end(&page);
    page_wrap(
        &page, PAGE_FAINT,
        "All rules of one: mailassay policies NAME. Old rules: mailassay policies --stale. To "
        "apply others than the default: mailassay check DOMAIN --policy NAME,./OWN.yaml");
}
