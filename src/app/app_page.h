/*
 * NAME
 *     app_page - a page of help, as text or as a manual page
 * DESCRIPTION
 *     Who writes a page says what a line is: a section, a paragraph, an entry
 *     with its explanation, an example. PAGE_TEXT lays them out for a terminal
 *     of 80 columns; PAGE_MDOC writes them in mdoc(7). So "mailassay help
 *     check" and "man mailassay-check" have one source.
 * OWNERSHIP
 *     The page holds nothing; it writes to `out`.
 * ERRORS
 *     None.
 * STANDARDS
 *     mdoc(7), as mandoc checks it with -Tlint
 */
#ifndef APP_PAGE_H
#define APP_PAGE_H

#include "base/sbuf.h"

enum app_page_kind { PAGE_TEXT, PAGE_MDOC };

struct app_page {
    enum app_page_kind kind;
    struct sbuf *out;
    bool is_list;     /* entries are being written */
    bool is_examples; /* examples are */
};

/* what is at the top: name, synopsis, and what it is for */
struct app_page_opening {
    const char *command;   /* NULL: the page of the program */
    const char *arguments; /* after the command */
    const char *summary;   /* without a full stop */
    const char *date;      /* "November 29, 2026"; not in text */
};

void app_page_open(struct app_page *page, const struct app_page_opening *opening);

/* a section with its title in sentence case */
void app_page_section(struct app_page *page, const char *title);

/* lines of prose, each ended; a paragraph has an empty line before it */
void app_page_text(struct app_page *page, const char *text);
void app_page_paragraph(struct app_page *page, const char *text);

/* a name and what it means; `width` is the column of the meaning in text */
void app_page_entry(struct app_page *page, unsigned width, const char *name, const char *text);

/* lines to type, each ended */
void app_page_examples(struct app_page *page, const char *lines);

/* what ends the page; `others` are the names of the pages to see also, blank between */
void app_page_close(struct app_page *page, const char *others);

#endif
