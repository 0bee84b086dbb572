/*
 * What to do, numbered, in order of harm. In full: every record and every choice. In brief: the
 * first choice alone, for the first screen.
 */
#include <string.h>

#include "base/span.h"
#include "model/finding_id.h"
#include "model/rec_dmarc.h"
#include "render/render_text.h"

#define COLUMN_NUMBER 2
#define COLUMN_STEP   6
#define WRAP_LOSS     24 /* columns that stay empty where a row is wrapped, and signs between */

/* text_plan_clause - as many whole clauses as fit; where not even one does, all of it. "if ..."
 * alone is none; what is quoted or in parentheses is not cut. `mark` shows that more follows */
static const char *text_plan_clause(struct page *page, const char *text, unsigned columns,
                                    const char *mark)
{
    struct span rest = span_of(text);
    bool is_condition = span_starts_with(rest, "if ");
    bool is_quoted = false;
    int depth = 0;
    size_t end = 0;

    if (page_columns(text) <= columns)
        return text;
    columns -= columns > page_columns(mark) ? page_columns(mark) : 0;
    for (size_t i = 0; i + 1 < rest.len; i++) {
        bool is_end = (rest.at[i] == ';' || rest.at[i] == ',') && rest.at[i + 1] == ' ' &&
                      !is_quoted && depth == 0;

        if (is_end && !is_condition &&
            page_columns(arena_printf(page->arena, "%.*s", (int)i, text)) <= columns)
            end = i;
        is_condition = is_condition && !is_end;
        is_quoted = is_quoted != (rest.at[i] == '"');
        depth += (rest.at[i] == '(') - (rest.at[i] == ')');
    }
    return end > 0 ? arena_printf(page->arena, "%.*s%s", (int)end, text, mark) : text;
}

/* text_plan_head - number, who acts, what to do, and for which findings; in brief two rows */
static void text_plan_head(struct page *page, const struct report_step *step, size_t number)
{
    const char *ids = text_ids(page->arena, step->about, step->about_count);
    unsigned room = 2 * (page->width - COLUMN_STEP);
    unsigned taken = page_columns(step->who) + page_columns(ids) + WRAP_LOSS;
    const char *text = step->text;

    if (page->is_brief && taken < room)
        text = text_plan_clause(page, text, room - taken, step->publish != NULL ? " ..." : "");
    page_to(page, COLUMN_NUMBER);
    page_putf(page, PAGE_STRONG, "%2zu", number);
    page_linef(page, COLUMN_STEP, PAGE_PLAIN, "%s: %s (%s)", step->who, text, ids);
}

/* text_plan_publish - records as they are */
static void text_plan_publish(struct page *page, const struct report *report,
                              const struct report_step *step, bool is_brief)
{
    const struct text_edits what = {COLUMN_STEP, step->publish, is_brief, false};

    text_records(page, report, &what);
}

/* is_hint_shown - the step itself or a finding of it before says the same */
static bool is_hint_shown(const struct page *page, const struct report_step *step, size_t at)
{
    const char *hint = check_hint(page->arena, step->rest[at]);
    bool is_reported = at > 0 && strcmp(step->text, hint) == 0;

    for (size_t i = 0; i < at && !is_reported; i++)
        is_reported = strcmp(check_hint(page->arena, step->rest[i]), hint) == 0;
    return is_reported;
}

/* text_plan_full - everything about the step; a choice is introduced where records came
 * first */
static void text_plan_full(struct page *page, const struct report *report,
                           const struct report_step *step)
{
    if (step->publish != NULL)
        text_plan_publish(page, report, step, false);
    for (size_t i = 0; i < step->rest_count; i++) {
        if ((step->publish != NULL || i > 0) && !is_hint_shown(page, step, i))
            page_item(page, COLUMN_STEP, "-> ",
                      arena_printf(page->arena, "%s%s (%s)",
                                   step->publish != NULL ? "then " : "",
                                   check_hint(page->arena, step->rest[i]), step->rest[i]->id));
        text_choices(page, COLUMN_STEP, report, step->rest[i]);
    }
}

void render_text_plan(struct page *page, const struct report *report,
                      const struct report_steps *steps)
{
    if (steps->count == 0)
        return;
    page_title(page, steps->count == 1 ? "Do this" : "Do this, in this order");
    for (size_t i = 0; i < steps->count; i++) {
        text_plan_head(page, &steps->list[i], i + 1);
        text_plan_full(page, report, &steps->list[i]);
    }
    if (report->plan->steps != NULL &&
        text_receivers(page->arena, report, report->plan->fix) != NULL)
        page_linef(page, COLUMN_STEP, PAGE_NOTE,
                   "with all records published that need no decision: %s",
                   text_receivers(page->arena, report, report->plan->fix));
    page_end(page);
}

/* ---- in brief ---- */

/* first_choice - the first finding of the step with something to choose; NULL */
static const struct finding *first_choice(const struct report_step *step)
{
    for (size_t i = 0; i < step->rest_count; i++)
        if (step->rest[i]->remedy != NULL)
            return step->rest[i];
    return NULL;
}

/* has_same_edits - do both choices publish the same */
static bool has_same_edits(const struct remedy *a, const struct remedy *b)
{
    const struct remedy_edit *one = a->edits;
    const struct remedy_edit *other = b->edits;

    while (one != NULL && other != NULL && one->action == other->action &&
           strcmp(one->rr->text, other->rr->text) == 0) {
        one = one->next;
        other = other->next;
    }
    return one == NULL && other == NULL;
}

/* is_first_choice - no finding of the step before this one has the same choice */
static bool is_first_choice(const struct report_step *step, size_t at,
                            const struct remedy *choice)
{
    for (size_t i = 0; i < at; i++)
        for (const struct remedy *one = step->rest[i]->remedy; one != NULL; one = one->next)
            if (has_same_edits(one, choice))
                return false;
    return true;
}

/* choices_of - how many records there are to choose from */
static size_t choices_of(const struct report_step *step)
{
    size_t count = 0;

    for (size_t i = 0; i < step->rest_count; i++)
        for (const struct remedy *one = step->rest[i]->remedy; one != NULL; one = one->next)
            count += is_first_choice(step, i, one);
    return count;
}

/* text_plan_words - what has to be so, and what the records do; `more` choices are not shown */
static void text_plan_words(struct page *page, const char *lead, const struct remedy *remedy,
                            size_t more)
{
    page_cell(page, COLUMN_STEP, PAGE_NOTE, lead);
    page_wrapf(page, PAGE_PLAIN, "%s%s%s%s", remedy->condition != NULL ? remedy->condition : "",
               remedy->condition != NULL ? ": " : "", remedy->summary,
               more > 0 ? arena_printf(page->arena, " (%zu more: -v)", more) : "");
}

/* policy_acts - with the record of the choice published a policy acts */
static bool policy_acts(const struct remedy *remedy)
{
    const struct facts *then = remedy->proof.facts_after;

    return then != NULL && then->domain.dmarc != NULL && then->domain.dmarc->step != NULL &&
           then->domain.dmarc->policy != REC_DMARC_NONE;
}

/* text_plan_goal - where the first choice for a missing record asks for nothing yet: the first
 * of those that follow which does */
static void text_plan_goal(struct page *page, const struct report *report,
                           const struct finding *finding)
{
    struct text_edits what = {COLUMN_STEP, NULL, true, true};
    const struct remedy *remedy = finding->remedy;

    if (finding->row != ID_dmarc_missing || policy_acts(remedy))
        return;
    while (remedy != NULL && !policy_acts(remedy))
        remedy = remedy->next;
    if (remedy == NULL)
        return;
    text_plan_words(page, "then ", remedy, 0);
    what.remedy = remedy;
    text_records(page, report, &what);
}

/* text_plan_choice - the first choice, and how many more there are */
static void text_plan_choice(struct page *page, const struct report *report,
                             const struct report_step *step)
{
    const struct finding *finding = first_choice(step);
    const struct remedy *remedy = finding != NULL ? finding->remedy : NULL;
    struct text_edits what = {COLUMN_STEP, NULL, true, step->publish != NULL};
    size_t more = choices_of(step);
    const char *evidence = NULL;

    if (remedy == NULL)
        return;
    evidence = report->traffic != NULL ? report_evidence_of_all(report, finding->remedy) : NULL;
    if (evidence != NULL)
        page_line(page, COLUMN_STEP, PAGE_NOTE, evidence);
    text_plan_words(page, step->publish != NULL ? "then " : "=> ", remedy, more - 1);
    what.remedy = remedy;
    text_records(page, report, &what);
    text_plan_goal(page, report, finding);
}

void render_text_step(struct page *page, const struct report *report,
                      const struct report_step *step, size_t number)
{
    text_plan_head(page, step, number);
    if (step->publish != NULL)
        text_plan_publish(page, report, step, true);
    text_plan_choice(page, report, step);
}
