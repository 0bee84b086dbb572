/* The catalogue for people. */
#include "base/arena.h"
#include "remedy/remedy.h"
#include "render/render_catalogue.h"
#include "render/render_page.h"

#define COLUMN_ID   10
#define COLUMN_TEXT 10

static const enum page_style styles[] = {PAGE_BAD, PAGE_DOUBT, PAGE_NOTE, PAGE_FAINT};

/* row_line - one row in brief */
static void row_line(struct page *page, const struct check_row *row)
{
    page_put(page, styles[row->severity], severity_to_text(row->severity));
    page_to(page, COLUMN_ID);
    page_put(page, PAGE_STRONG, row->id);
    page_end(page);
    page_to(page, COLUMN_TEXT);
    page_wrap(page, PAGE_PLAIN, row->text);
}

/* catalogue_field - "hint      what to do" */
static void catalogue_field(struct page *page, const char *label, const char *text)
{
    page_put(page, PAGE_FAINT, label);
    page_to(page, COLUMN_TEXT);
    page_wrap(page, PAGE_PLAIN, text);
}

/* catalogue_explain - one row in full */
static void catalogue_explain(struct page *page, const struct check_row *row)
{
    page_put(page, PAGE_STRONG, row->id);
    page_put(page, PAGE_PLAIN, "  ");
    page_put(page, styles[row->severity], severity_to_text(row->severity));
    page_end(page);
    page_end(page);
    catalogue_field(page, "says", row->text);
    catalogue_field(page, "to do", row->hint);
    if (remedy_is_proposed(row->number))
        catalogue_field(page, "remedy",
                        "where one can be proved, check shows the records to publish");
    if (remedy_none_because(row->number) != NULL)
        catalogue_field(page, remedy_is_proposed(row->number) ? "or none" : "remedy",
                        arena_printf(page->arena, "not by the domain's DNS: %s",
                                     remedy_none_because(row->number)));
    catalogue_field(page, "standard", row->standards);
    page_end(page);
    page_wrap(page, PAGE_FAINT,
              "Words in braces are filled in from what was found. To leave it out of a report: "
              "--ignore ID[:REASON].");
}

void render_catalogue_text(const struct check_row *only, const struct report_options *options,
                           struct sbuf *out)
{
    struct page page = page_open(options, out);

    if (only != NULL) {
        catalogue_explain(&page, only);
        return;
    }
    for (size_t i = 0; i < check_row_count(); i++)
        row_line(&page, check_row_get(i));
}
