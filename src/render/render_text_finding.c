/* Every finding, the most severe first; what needs no action comes separately. */
#include <string.h>

#include "model/finding_id.h"
#include "render/render_text.h"
#include "model/report.h"

#define COLUMN_TEXT 12

/* text_finding_style_of - how loud a finding speaks */
static enum page_style text_finding_style_of(const struct report *report,
                                             const struct finding *finding)
{
    if (report_is_known(report, finding))
        return PAGE_FAINT;
    return finding->status == FINDING_UNDETERMINED ? PAGE_DOUBT
                                                   : page_severity_style(finding->severity);
}

/* text_finding_word_of - what is in the margin */
static const char *text_finding_word_of(const struct report *report,
                                        const struct finding *finding)
{
    if (report_is_known(report, finding))
        return "known";
    return finding->status == FINDING_UNDETERMINED ? "unknown"
                                                   : severity_to_text(finding->severity);
}

/* text_finding_margin - the word, as loud as it is */
static void text_finding_margin(struct page *page, const struct report *report,
                                const struct finding *finding)
{
    page_cell(page, 2, text_finding_style_of(report, finding),
              text_finding_word_of(report, finding));
}

/* text_finding_more - why DNS does not cure it, standards and fingerprint, for -v */
static void text_finding_more(struct page *page, const struct finding *finding)
{
    const struct check_row *row = check_row_get(finding->row);

    if (finding->no_remedy != NULL)
        page_linef(page, COLUMN_TEXT, PAGE_FAINT, "not cured by DNS: %s", finding->no_remedy);
    page_linef(page, COLUMN_TEXT, PAGE_FAINT, "%s; fingerprint %s", row->standards,
               finding->fingerprint);
}

/* left_out - how many of the same id are not shown one by one */
static void left_out(struct page *page, const struct finding *finding)
{
    if (finding->more == 0)
        return;
    page_linef(page, COLUMN_TEXT, PAGE_STRONG, "%zu more of %s are not shown", finding->more,
               finding->id);
}

struct findings {
    const struct report *report;
    const struct report_steps *steps;
};

/* has_id - one of the list is of this kind */
static bool has_id(const struct finding *list, enum finding_id id)
{
    while (list != NULL && list->row != id)
        list = list->next;
    return list != NULL;
}

/* text_finding_is_new - a step of the plan leaves it behind: neither is it reported, nor was it
 * ignored */
static bool text_finding_is_new(const struct report *report, const struct finding *rest)
{
    return !has_id(report->findings, rest->row) && !has_id(report->ignored, rest->row);
}

/* is_there - both speak of the same records */
static bool is_there(const struct finding_where *a, const struct finding_where *b)
{
    return a->name != NULL && b->name != NULL && strcmp(a->name, b->name) == 0 &&
           a->type != NULL && b->type != NULL && strcmp(a->type, b->type) == 0;
}

/* is_first_there - no earlier finding speaks of the same records and is a step */
static bool is_first_there(const struct findings *all, const struct finding *finding)
{
    const struct finding *first = all->report->findings;

    while (first != finding && (!is_there(&first->where, &finding->where) ||
                                report_step_number(all->steps, first) == 0))
        first = first->next;
    return first == finding;
}

/* text_finding_afterwards - the next step once the record of the step is there */
static void text_finding_afterwards(struct page *page, const struct findings *all,
                                    const struct finding *finding)
{
    const struct report *report = all->report;

    if (!is_first_there(all, finding))
        return;
    for (const struct finding *rest = report->plan->rest; rest != NULL; rest = rest->next) {
        if (rest->remedy == NULL || rest->severity > SEV_NOTICE ||
            !text_finding_is_new(report, rest) || !is_there(&rest->where, &finding->where))
            continue;
        page_item(page, COLUMN_TEXT, "-> ",
                  arena_printf(page->arena, "then %s", check_hint(page->arena, rest)));
        text_choices(page, COLUMN_TEXT, report, rest);
    }
}

/* what_to_do - the step that is there for it, or the hint and what can be chosen */
static void what_to_do(struct page *page, const struct findings *all,
                       const struct finding *finding)
{
    size_t number = report_step_number(all->steps, finding);
    const struct finding *rest = NULL;

    page_cell(page, COLUMN_TEXT, PAGE_NOTE, "-> ");
    if (number > 0) {
        page_wrapf(page, PAGE_PLAIN, "step %zu", number);
        text_finding_afterwards(page, all, finding);
        return;
    }
    page_wrap(page, PAGE_PLAIN, check_hint(page->arena, finding));
    if (all->report->plan != NULL)
        rest = remedy_plan_rest(all->report->plan, finding);
    if (rest != NULL)
        text_choices(page, COLUMN_TEXT, all->report, rest);
}

/* at_providers - what is to be done there and not in DNS */
static void at_providers(struct page *page, const struct finding *finding)
{
    for (const struct finding_step *step = finding->steps; step != NULL; step = step->next) {
        page_item(page, COLUMN_TEXT, "-> ",
                  arena_printf(page->arena, "at %s: %s", step->title, step->text));
    }
}

/* text_finding_one - margin word, id and place, text, what to do */
static void text_finding_one(struct page *page, const struct findings *all,
                             const struct finding *finding)
{
    const struct report *report = all->report;
    const char *where = report_place(page->arena, &finding->where);

    text_finding_margin(page, report, finding);
    page_cell(page, COLUMN_TEXT, PAGE_STRONG, finding->id);
    if (where != NULL && page->column + 2 + page_columns(where) <= page->width)
        page_putf(page, PAGE_FAINT, "  %s", where);
    page_end(page);
    page_line(page, COLUMN_TEXT, PAGE_PLAIN, check_text(page->arena, finding));
    what_to_do(page, all, finding);
    at_providers(page, finding);
    if (page->is_verbose)
        text_finding_more(page, finding);
    left_out(page, finding);
    page_end(page);
}

/* text_finding_section - the findings of one kind, if there are any */
static void text_finding_section(struct page *page, const struct findings *all,
                                 const char *title, bool wants_info)
{
    bool has_title = false;

    for (const struct finding *finding = all->report->findings; finding != NULL;
         finding = finding->next) {
        if (finding->status == FINDING_UNDETERMINED ||
            (finding->severity == SEV_INFO) != wants_info)
            continue;
        if (!has_title)
            page_title(page, title);
        has_title = true;
        text_finding_one(page, all, finding);
    }
}

/* text_finding_reason_of - why the facts could not be had */
static const char *text_finding_reason_of(struct page *page, const struct finding *finding)
{
    const char *reason = finding_text_of(finding, "reason");

    return reason != NULL ? reason : check_text(page->arena, finding);
}

/* open_question - a check that could not be made. The id is shown with -v only: "spf_missing"
 * would sound as if it were so. */
static void open_question(struct page *page, const struct report *report,
                          const struct finding *finding)
{
    const char *where = report_place(page->arena, &finding->where);

    text_finding_margin(page, report, finding);
    page_to(page, COLUMN_TEXT);
    if (where != NULL || page->is_verbose) {
        page_heading(page, where != NULL ? where : "");
        page_to(page, COLUMN_TEXT);
    }
    page_wrap(page, PAGE_PLAIN, text_finding_reason_of(page, finding));
    left_out(page, finding);
    if (!page->is_verbose)
        return;
    page_line(page, COLUMN_TEXT, PAGE_FAINT, finding->id);
    text_finding_more(page, finding);
}

/* open_questions - what could not be determined, and the one thing to do about it */
static void open_questions(struct page *page, const struct report *report)
{
    const struct finding *last = NULL;

    for (const struct finding *finding = report->findings; finding; finding = finding->next) {
        if (finding->status != FINDING_UNDETERMINED)
            continue;
        if (last == NULL)
            page_title(page, "Could not be determined");
        open_question(page, report, finding);
        last = finding;
    }
    if (last == NULL)
        return;
    page_item(page, COLUMN_TEXT, "-> ", check_hint(page->arena, last));
    page_end(page);
}

void render_text_findings(struct page *page, const struct report *report,
                          const struct report_steps *steps)
{
    const struct findings all = {report, steps};

    text_finding_section(page, &all, "What was found", false);
    open_questions(page, report);
    text_finding_section(page, &all, "Good to know", true);
}

void render_text_finding_line(struct page *page, const struct report *report,
                              const struct finding *finding)
{
    bool is_unknown = finding->status == FINDING_UNDETERMINED;
    const char *where = report_place(page->arena, &finding->where);

    text_finding_margin(page, report, finding);
    page_cell(
        page, COLUMN_TEXT, PAGE_PLAIN,
        page_cut(page,
                 arena_printf(page->arena, "%s%s%s",
                              is_unknown ? text_finding_reason_of(page, finding) : finding->id,
                              where != NULL && !is_unknown ? "  " : "",
                              where != NULL && !is_unknown ? where : ""),
                 page->width - COLUMN_TEXT));
    page_end(page);
}

void render_text_quiet(struct page *page, const struct report *report)
{
    if (report->summary != NULL)
        page_heading(page, report_headline(page->arena, report->summary));
    for (const struct finding *one = report->findings; one != NULL; one = one->next) {
        const char *where = report_place(page->arena, &one->where);

        if (one->severity != SEV_ERROR || one->status != FINDING_FIRES ||
            report_is_known(report, one))
            continue;
        page_putf(page, PAGE_PLAIN, "%s%s%s: %s", one->id, where != NULL ? " " : "",
                  where != NULL ? where : "", check_text(page->arena, one));
        page_end(page);
    }
}
