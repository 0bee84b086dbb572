/* Rows of the first screen: a label, a word, and what it is about. */
#include "render/render_text.h"
#include "base/escape.h"
#include "model/report.h"
#include "render/render_format.h"

#define COLUMN_WORD  10
#define COLUMN_ABOUT 24

void text_pair(struct page *page, const char *where, enum page_style style, const char *what)
{
    page_cell(page, TEXT_COLUMN_LINE, PAGE_PLAIN, where);
    page_line(page, TEXT_COLUMN_STATUS, style, what);
}

void text_record(struct page *page, unsigned column, const struct dns_rr *rr)
{
    page_line(page, column, PAGE_PLAIN,
              escape_to_text(page->arena, rr->joined, TEXT_RECORD_SHOWN));
}

void text_row(struct page *page, const struct text_row *row)
{
    page_cell(page, 2, PAGE_STRONG, row->label);
    page_cell(page, COLUMN_WORD, row->style, row->word);
    page_line(page, COLUMN_ABOUT, PAGE_PLAIN, row->about);
}

void text_row_brief(struct page *page, struct text_row *row)
{
    if (page->is_brief)
        row->about = page_cut(page, row->about, page->width - COLUMN_ABOUT);
    text_row(page, row);
}

void text_row_more(struct page *page, enum page_style style, const char *text)
{
    if (!page->is_brief)
        page_line(page, COLUMN_ABOUT, style, text);
}

void text_row_moref(struct page *page, enum page_style style, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    text_row_more(page, style, arena_vprintf(page->arena, format, args));
    va_end(args);
}

const char *text_absence(struct page *page, const struct dns_answer *answer)
{
    if (answer == NULL)
        return "not asked";
    if (!dns_status_is_answer(answer->status))
        return arena_printf(page->arena, "undetermined (%s)",
                            render_trouble(page->arena, answer));
    if (answer->status == DNS_NXDOMAIN)
        return "no such name";
    return arena_printf(page->arena, "no %s record",
                        dns_type_to_text(page->arena, answer->question.type));
}

/* render_text_counted - "2 errors, 1 warning", of what fires and is not known already */
const char *render_text_counted(struct page *page, const struct report *report)
{
    struct sbuf text = sbuf_start(page->arena);
    size_t known = 0;

    for (int severity = SEV_ERROR; severity <= SEV_NOTICE; severity++) {
        size_t count = report_count(report, (enum severity)severity);

        if (count > 0)
            sbuf_add_item(&text, ", ",
                          page_count(page, count, severity_to_text((enum severity)severity)));
    }
    for (const struct finding *finding = report->findings; finding; finding = finding->next)
        known += report_is_known(report, finding);
    if (known > 0)
        sbuf_addf(&text, "%s%zu known", text.len > 0 ? ", " : "", known);
    if (report->ignored_count > 0)
        sbuf_addf(&text, "%s%zu ignored", text.len > 0 ? ", " : "", report->ignored_count);
    return text.len > 0 ? sbuf_text(&text) : "no problems found";
}
