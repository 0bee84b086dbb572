/* A cursor, a width and seven styles. */
#include <stdio.h>
#include <string.h>

#include "render/render_page.h"
#include "base/sbuf.h"
#include "base/span.h"

#define WIDTH_DEFAULT 80
#define ROOM_LEAST    16 /* of wrapped text, whatever precedes it */

struct page page_open(const struct report_options *options, struct sbuf *out)
{
    struct page page = {.arena = out->arena,
                        .out = out,
                        .width = options->width == 0 ? WIDTH_DEFAULT : options->width,
                        .has_color = options->has_color,
                        .is_verbose = options->is_verbose};

    if (page.width < REPORT_WIDTH_LEAST)
        page.width = REPORT_WIDTH_LEAST;
    if (page.width > REPORT_WIDTH_MOST)
        page.width = REPORT_WIDTH_MOST;
    return page;
}

enum page_style page_severity_style(enum severity severity)
{
    static const enum page_style styles[] = {[SEV_ERROR] = PAGE_BAD,
                                             [SEV_WARNING] = PAGE_DOUBT,
                                             [SEV_NOTICE] = PAGE_NOTE,
                                             [SEV_INFO] = PAGE_FAINT};

    return styles[severity];
}

enum page_style page_result_style(enum report_result result)
{
    static const enum page_style styles[] = {[REPORT_PASS] = PAGE_GOOD,
                                             [REPORT_FAIL] = PAGE_BAD,
                                             [REPORT_UNDETERMINED] = PAGE_DOUBT};

    return styles[result];
}

/* span_columns - characters of a span of UTF-8 */
static unsigned span_columns(struct span text)
{
    unsigned columns = 0;

    for (size_t i = 0; i < text.len; i++)
        columns += ((unsigned char)text.at[i] & 0xc0) != 0x80;
    return columns;
}

unsigned page_columns(const char *text)
{
    return span_columns(span_of(text));
}

/* put_span - text that is safe already, in a style */
static void put_span(struct page *page, enum page_style style, struct span text)
{
    static const char *const codes[] = {"",           "\033[1m",  "\033[2m", "\033[1;32m",
                                        "\033[1;31m", "\033[33m", "\033[36m"};
    bool is_styled = page->has_color && style != PAGE_PLAIN && text.len > 0;

    if (is_styled)
        sbuf_add(page->out, codes[style]);
    sbuf_add_span(page->out, text);
    if (is_styled)
        sbuf_add(page->out, "\033[0m");
    page->column += span_columns(text);
}

void page_put(struct page *page, enum page_style style, const char *text)
{
    put_span(page, style, span_of(render_safe(page->arena, text)));
}

void page_putf(struct page *page, enum page_style style, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    page_put(page, style, arena_vprintf(page->arena, format, args));
    va_end(args);
}

void page_to(struct page *page, unsigned column)
{
    do {
        sbuf_add_octet(page->out, ' ');
        page->column++;
    } while (page->column < column);
}

void page_cell(struct page *page, unsigned column, enum page_style style, const char *text)
{
    page_to(page, column);
    page_put(page, style, text);
}

/* is_after_gap - the last line is empty already */
static bool is_after_gap(const struct page *page)
{
    const struct sbuf *out = page->out;

    return page->column == 0 && out->len >= 2 && out->bytes[out->len - 1] == '\n' &&
           out->bytes[out->len - 2] == '\n';
}

void page_end(struct page *page)
{
    if (is_after_gap(page))
        return;
    sbuf_add_octet(page->out, '\n');
    page->column = 0;
}

/* octets_of - how many octets the first `columns` characters take */
static size_t octets_of(struct span text, unsigned columns)
{
    size_t at = 0;

    while (at < text.len) {
        if (((unsigned char)text.at[at] & 0xc0) != 0x80 && columns-- == 0)
            break;
        at++;
    }
    return at;
}

size_t page_fitting(struct span text, unsigned columns)
{
    size_t fits = octets_of(text, columns);
    ptrdiff_t blank = -1;

    if (fits == text.len || text.at[fits] == ' ')
        return fits;
    blank = span_find_last(span_sub(text, 0, fits), ' ');
    return blank > 0 ? (size_t)blank : fits;
}

void page_wrap(struct page *page, enum page_style style, const char *text)
{
    struct span rest = span_trim(span_of(render_safe(page->arena, text)));
    unsigned indent = page->column;
    unsigned room = page->width > indent + ROOM_LEAST ? page->width - indent : ROOM_LEAST;

    while (rest.len > 0) {
        size_t len = page_fitting(rest, room);

        put_span(page, style, span_sub(rest, 0, len));
        page_end(page);
        rest = span_trim(span_from(rest, len));
        if (rest.len > 0 && indent > 0)
            page_to(page, indent);
    }
    if (page->column > 0)
        page_end(page);
}

void page_right(struct page *page, unsigned column, unsigned width, const char *text)
{
    unsigned columns = page_columns(text);

    page_to(page, column + (columns < width ? width - columns : 0));
    page_put(page, PAGE_STRONG, text);
}

void page_line(struct page *page, unsigned column, enum page_style style, const char *text)
{
    page_to(page, column);
    page_wrap(page, style, text);
}

void page_wrapf(struct page *page, enum page_style style, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    page_wrap(page, style, arena_vprintf(page->arena, format, args));
    va_end(args);
}

void page_linef(struct page *page, unsigned column, enum page_style style, const char *format,
                ...)
{
    va_list args;

    va_start(args, format);
    page_line(page, column, style, arena_vprintf(page->arena, format, args));
    va_end(args);
}

void page_field(struct page *page, unsigned column, const char *label, const char *text)
{
    if (text == NULL || text[0] == '\0')
        return;
    page_cell(page, 2, PAGE_FAINT, label);
    page_line(page, column, PAGE_PLAIN, text);
}

void page_item(struct page *page, unsigned column, const char *mark, const char *text)
{
    page_cell(page, column,
              strcmp(mark, "+ ") == 0   ? PAGE_GOOD
              : strcmp(mark, "- ") == 0 ? PAGE_BAD
                                        : PAGE_NOTE,
              mark);
    page_wrap(page, PAGE_PLAIN, text);
}

const char *page_cut(struct page *page, const char *text, unsigned columns)
{
    static const char dots[] = "...";
    struct span safe = span_of(render_safe(page->arena, text));

    if (span_columns(safe) <= columns || columns < sizeof(dots))
        return arena_strdup_span(page->arena, safe);
    return arena_printf(page->arena, "%.*s%s",
                        (int)octets_of(safe, columns - (unsigned)sizeof(dots) + 1), safe.at,
                        dots);
}

void page_title(struct page *page, const char *text)
{
    page_wrap(page, PAGE_STRONG, text);
    page_end(page);
}

void page_heading(struct page *page, const char *text)
{
    page_put(page, PAGE_STRONG, text);
    page_end(page);
}

void page_section(struct page *page, const char *text)
{
    page_end(page);
    page_cell(page, 2, PAGE_STRONG, text);
    page_end(page);
}

const char *page_count(struct page *page, size_t count, const char *noun)
{
    return arena_printf(page->arena, "%zu %s%s", count, noun, count == 1 ? "" : "s");
}
