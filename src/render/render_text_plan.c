/*
 * What to do, numbered: first the records that can be published as they are, since all choices
 * were proved in the world that they make; then what a person must decide or do elsewhere.
 * Notices are told with the findings, unless records cure them.
 */
#include <string.h>

#include "render/render_text.h"

#define COLUMN_NUMBER 2
#define COLUMN_STEP   6

/* is_step - of what the records leave: somebody must do something about it */
static bool is_step(const struct report *report, const struct finding *finding)
{
    if (finding->status != FINDING_FIRES || finding->severity > SEV_WARNING)
        return false;
    for (const struct finding *first = report->findings; first != NULL; first = first->next)
        if (strcmp(first->fingerprint, finding->fingerprint) == 0)
            return !first->is_excused;
    return false;
}

static void text_plan_add_step(struct text_plan *plan, struct arena *arena,
                               const struct text_step *step)
{
    arena_append(arena, plan->steps, plan->count, *step);
}

struct text_plan text_plan_make(struct arena *arena, const struct report *report)
{
    struct text_plan plan = {NULL, 0};

    if (report->plan == NULL)
        return plan;
    for (const struct remedy *step = report->plan->steps; step != NULL; step = step->next)
        text_plan_add_step(&plan, arena, &(struct text_step){.publish = step});
    for (const struct finding *rest = report->plan->rest; rest != NULL; rest = rest->next)
        if (is_step(report, rest))
            text_plan_add_step(&plan, arena, &(struct text_step){.finding = rest});
    return plan;
}

/* text_plan_is_about - the step is there because of the finding */
static bool text_plan_is_about(const struct text_step *step, const struct finding *finding)
{
    if (step->finding != NULL)
        return strcmp(step->finding->fingerprint, finding->fingerprint) == 0;
    for (size_t i = 0; i < step->publish->proof.cleared_count; i++)
        if (strcmp(step->publish->proof.cleared[i]->fingerprint, finding->fingerprint) == 0)
            return true;
    return false;
}

size_t text_plan_number(const struct text_plan *plan, const struct finding *finding)
{
    for (size_t i = 0; i < plan->count; i++)
        if (text_plan_is_about(&plan->steps[i], finding))
            return i + 1;
    return 0;
}

/* text_plan_publish - records as they are, and what goes with them */
static void text_plan_publish(struct page *page, const struct report *report,
                              const struct remedy *step)
{
    const struct text_edits what = {COLUMN_STEP, report->facts, step->edits};

    page_wrap(page, PAGE_PLAIN,
              arena_printf(page->arena, "publish: %s (clears %s)", step->summary,
                           text_cleared(page->arena, &step->proof)));
    text_records(page, report, &what);
    if (step->next == NULL && text_receivers(page->arena, report, report->plan->fix) != NULL) {
        page_to(page, COLUMN_STEP);
        page_wrap(page, PAGE_NOTE,
                  arena_printf(page->arena, "with all of these published: %s",
                               text_receivers(page->arena, report, report->plan->fix)));
    }
}

/* text_plan_decide - what is to be done elsewhere, or the choices */
static void text_plan_decide(struct page *page, const struct report *report,
                             const struct finding *finding)
{
    page_wrap(
        page, PAGE_PLAIN,
        arena_printf(page->arena, "%s (%s)", check_hint(page->arena, finding), finding->id));
    text_choices(page, COLUMN_STEP, report, finding);
}

void render_text_plan(struct page *page, const struct report *report,
                      const struct text_plan *plan)
{
    if (plan->count == 0)
        return;
    page_title(page, plan->count == 1 ? "Do this" : "Do this, in this order");
    for (size_t i = 0; i < plan->count; i++) {
        const struct text_step *step = &plan->steps[i];

        page_to(page, COLUMN_NUMBER);
        page_putf(page, PAGE_STRONG, "%2zu", i + 1);
        page_to(page, COLUMN_STEP);
        if (step->publish != NULL)
            text_plan_publish(page, report, step->publish);
        else
            text_plan_decide(page, report, step->finding);
    }
    page_end(page);
}
