/* The catalogue for people. */
#include "base/arena.h"
#include "render/render_catalogue.h"
#include "render/render_page.h"

#define COLUMN_ID   10
#define COLUMN_TEXT 10

/* row_line - one row in brief */
static void row_line(struct page *page, const struct check_row *row)
{
    page_put(page, page_severity_style(row->severity), severity_to_text(row->severity));
    page_cell(page, COLUMN_ID, PAGE_STRONG, row->id);
    page_end(page);
    page_line(page, COLUMN_TEXT, PAGE_PLAIN, row->text);
}

/* catalogue_field - "hint      what to do" */
static void catalogue_field(struct page *page, const char *label, const char *text)
{
    page_put(page, PAGE_FAINT, label);
    page_line(page, COLUMN_TEXT, PAGE_PLAIN, text);
}

/* catalogue_explain - one row in full */
static void catalogue_explain(struct page *page, const struct check_row *row,
                              const struct check_cure *cure)
{
    page_put(page, PAGE_STRONG, row->id);
    page_put(page, PAGE_PLAIN, "  ");
    page_put(page, page_severity_style(row->severity), severity_to_text(row->severity));
    page_end(page);
    page_end(page);
    catalogue_field(page, "says", row->text);
    catalogue_field(page, "to do", row->hint);
    if (cure->is_proposed)
        catalogue_field(page, "remedy",
                        "where one can be proved, check shows the records to publish");
    if (cure->none_because != NULL)
        catalogue_field(
            page, cure->is_proposed ? "or none" : "remedy",
            arena_printf(page->arena, "not by the domain's DNS: %s", cure->none_because));
    catalogue_field(page, "standard", row->standards);
    page_end(page);
    page_wrap(page, PAGE_FAINT,
              "Words in braces are filled in from what was found. To leave it out of a report: "
              "--ignore ID[:REASON].");
}

void render_catalogue_text(const struct check_catalogue *catalogue,
                           const struct report_options *options, struct sbuf *out)
{
    struct page page = page_open(options, out);

    if (catalogue->only != NULL) {
        catalogue_explain(&page, catalogue->only, &catalogue->cures[catalogue->only->number]);
        return;
    }
    for (size_t i = 0; i < check_row_count(); i++)
        row_line(&page, check_row_get(i));
}
