/* Every finding with its hint, the most severe first; what needs no action stands apart. */
#include "report/render_text.h"

#define COLUMN_TEXT 12

/* style_of - how loud a finding speaks */
static enum page_style style_of(const struct report *report, const struct finding *finding)
{
    static const enum page_style styles[] = {PAGE_BAD, PAGE_DOUBT, PAGE_NOTE, PAGE_FAINT};

    if (report_is_known(report, finding))
        return PAGE_FAINT;
    return finding->status == FINDING_UNDETERMINED ? PAGE_DOUBT : styles[finding->severity];
}

/* word_of - what stands in the margin */
static const char *word_of(const struct report *report, const struct finding *finding)
{
    if (report_is_known(report, finding))
        return "known";
    return finding->status == FINDING_UNDETERMINED ? "unknown"
                                                   : severity_to_text(finding->severity);
}

/* place - "zone.txt:12", or the name and type the finding speaks of; NULL */
static const char *place(struct page *page, const struct finding_where *where)
{
    if (where->file != NULL && where->line > 0)
        return arena_printf(page->arena, "%s:%d", render_raw(page->arena, where->file),
                            where->line);
    if (where->name != NULL && where->type != NULL)
        return arena_printf(page->arena, "%s %s", where->name, where->type);
    return where->name;
}

/* more - standards and fingerprint, for -v */
static void more(struct page *page, const struct finding *finding)
{
    const struct check_row *row = check_row_get((size_t)finding->row);

    page_to(page, COLUMN_TEXT);
    page_wrap(page, PAGE_FAINT,
              arena_printf(page->arena, "%s; fingerprint %s", row->standards,
                           finding->fingerprint));
}

/* title - id and place; of what could not be determined the place first, for the id of a
 * finding sounds as if it were so */
static void title(struct page *page, const struct finding *finding)
{
    const char *where = place(page, &finding->where);
    const char *first = finding->id;
    const char *second = where;

    if (finding->status == FINDING_UNDETERMINED && where != NULL) {
        first = where;
        second = page->is_verbose ? finding->id : NULL;
    }
    page_put(page, PAGE_STRONG, first);
    if (second != NULL && page->column + 2 + page_columns(second) <= page->width)
        page_putf(page, PAGE_FAINT, "  %s", second);
    page_end(page);
}

/* one - margin word, id and place, text, hint */
static void one(struct page *page, const struct report *report, const struct finding *finding)
{
    page_to(page, 2);
    page_put(page, style_of(report, finding), word_of(report, finding));
    page_to(page, COLUMN_TEXT);
    title(page, finding);
    page_to(page, COLUMN_TEXT);
    page_wrap(page, PAGE_PLAIN, check_text(page->arena, finding));
    page_to(page, COLUMN_TEXT);
    page_put(page, PAGE_NOTE, "-> ");
    page_wrap(page, PAGE_PLAIN, check_hint(page->arena, finding));
    if (page->is_verbose)
        more(page, finding);
}

/* is_told - belongs to what is to be done, or to what is only told */
static bool is_told(const struct finding *finding, bool wants_info)
{
    return (finding->severity == SEV_INFO) == wants_info;
}

/* section - the findings of one of the two kinds, if there are any */
static void section(struct page *page, const struct report *report, const char *title,
                    bool wants_info)
{
    bool has_title = false;

    for (const struct finding *finding = report->findings; finding; finding = finding->next) {
        if (!is_told(finding, wants_info))
            continue;
        if (!has_title)
            page_title(page, title);
        has_title = true;
        page_end(page);
        one(page, report, finding);
    }
}

void render_text_findings(struct page *page, const struct report *report)
{
    section(page, report, "What to do", false);
    section(page, report, "Good to know", true);
}
