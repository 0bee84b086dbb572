/*
 * NAME
 *     render_page - text in columns
 * DESCRIPTION
 *     A page knows its width and whether it is coloured;
 *     text is put at the cursor or wrapped into the column where the cursor
 *     is. Everything given to a page is made safe on the way.
 * OWNERSHIP
 *     Bytes go to `out`; scratch is in its arena.
 * ERRORS
 *     None.
 * BUGS
 *     One character is taken for one column: East Asian wide characters and
 *     combining ones shift what follows.
 */
#ifndef RENDER_PAGE_H
#define RENDER_PAGE_H

#include "base/arena.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "model/finding.h"
#include "model/report.h"
#include "render/render_format.h"

enum page_style {
    PAGE_PLAIN,
    PAGE_STRONG,
    PAGE_FAINT,
    PAGE_GOOD,
    PAGE_BAD,
    PAGE_DOUBT,
    PAGE_NOTE
};

struct page {
    struct arena *arena;
    struct sbuf *out;
    unsigned width;
    unsigned column; /* of the cursor */
    bool has_color;
    bool is_verbose;
    bool is_brief; /* the first screen: a line for each verdict */
};

/* how loud a severity, a result speaks */
enum page_style page_severity_style(enum severity severity);
enum page_style page_result_style(enum report_result result);

struct page page_open(const struct report_options *options, struct sbuf *out);

void page_put(struct page *page, enum page_style style, const char *text);
void page_putf(struct page *page, enum page_style style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* blanks up to the column; one blank if the cursor is there or beyond it */
void page_to(struct page *page, unsigned column);
/* text that begins at the column */
void page_cell(struct page *page, unsigned column, enum page_style style, const char *text);
/* flush right in a field */
void page_right(struct page *page, unsigned column, unsigned width, const char *text);
/* end the line; without one make an empty line, but never two in a row */
void page_end(struct page *page);

/* wrap at blanks, every further line beginning where the first does; ends the line */
void page_wrap(struct page *page, enum page_style style, const char *text);
void page_wrapf(struct page *page, enum page_style style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* the same, beginning at the column */
void page_line(struct page *page, unsigned column, enum page_style style, const char *text);
void page_linef(struct page *page, unsigned column, enum page_style style, const char *format,
                ...) __attribute__((format(printf, 4, 5)));
/* the same behind a mark, in its colour: "-> ", "=> ", "+ ", "- " */
void page_item(struct page *page, unsigned column, const char *mark, const char *text);

/* "  label    text"; nothing without a text */
void page_field(struct page *page, unsigned column, const char *label, const char *text);

/* a title: with an empty line below it, without one, and of a part, with one above it */
void page_title(struct page *page, const char *text);
void page_heading(struct page *page, const char *text);
void page_section(struct page *page, const char *text);

/* octets of the text that fit into the columns, up to a blank if there is one */
size_t page_fitting(struct span text, unsigned columns);

/* columns that the text takes */
unsigned page_columns(const char *text);

/* text that takes no more columns, with "..." where it was cut */
const char *page_cut(struct page *page, const char *text, unsigned columns);

/* "1 host", "2 hosts" */
const char *page_count(struct page *page, size_t count, const char *noun);

#endif
