/*
 * Two writers behind one interface. In mdoc every word of ours is text, never a macro: a line
 * begins with no dot, a hyphen is one that can be copied, and each sentence has a line of its
 * own, as mandoc asks.
 */
#include "app/app_page.h"

#include <string.h>

#include "base/arena.h"
#include "base/span.h"

#define TEXT_WIDTH 80
#define MDOC_WIDTH 76 /* mandoc asks for 80 octets at most, escapes included */

/* ---- text ---- */

/* text_wrap - into the right column, line by line */
static void text_wrap(struct sbuf *out, unsigned column, const char *text)
{
    struct span rest = span_of(text);
    size_t width = TEXT_WIDTH - column;

    while (rest.len > width) {
        struct span line = span_sub(rest, 0, width + 1);
        ptrdiff_t blank = span_find_last(line, ' ');

        if (blank <= 0)
            break;
        sbuf_add_span(out, span_sub(rest, 0, (size_t)blank));
        sbuf_addf(out, "\n%*s", (int)column, "");
        rest = span_from(rest, (size_t)blank + 1);
    }
    sbuf_add_span(out, rest);
    sbuf_add_octet(out, '\n');
}

/* text_entry - "  name      text" */
static void text_entry(struct sbuf *out, unsigned column, const char *name, const char *text)
{
    if (strlen(name) + 2 < column)
        sbuf_addf(out, "  %-*s", (int)column - 2, name);
    else
        sbuf_addf(out, "  %s\n%*s", name, (int)column, "");
    text_wrap(out, column, text);
}

/* text_examples - one a line, indented */
static void text_examples(struct sbuf *out, struct span rest)
{
    while (rest.len > 0) {
        struct span line = span_cut(&rest, '\n');

        if (line.len > 0)
            sbuf_addf(out, "  %.*s\n", SPAN_ARG(line));
    }
}

/* ---- mdoc ---- */

/* mdoc_escape - a word that means itself */
static void mdoc_escape(struct sbuf *out, struct span word)
{
    if (word.len > 0 && (word.at[0] == '.' || word.at[0] == '\''))
        sbuf_add(out, "\\&");
    for (size_t i = 0; i < word.len; i++) {
        if (word.at[i] == '\\')
            sbuf_add(out, "\\e");
        else if (word.at[i] == '-')
            sbuf_add(out, "\\-");
        else
            sbuf_add_octet(out, word.at[i]);
    }
}

/* mdoc_ends_sentence - a full stop, also one before a bracket or a quote */
static bool mdoc_ends_sentence(struct span word)
{
    while (word.len > 0 && strchr(")\"'", word.at[word.len - 1]) != NULL)
        word.len--;
    return word.len > 0 && strchr(".?!", word.at[word.len - 1]) != NULL;
}

/* mdoc_prose - text in lines of moderate length; line ends of the source mean nothing */
static void mdoc_prose(struct sbuf *out, const char *text)
{
    struct span rest = span_of(text);
    size_t start = out->len;
    bool is_first = true;

    while (rest.len > 0) {
        size_t len = 0;

        while (len < rest.len && strchr(" \n", rest.at[len]) == NULL)
            len++;
        if (len > 0) {
            bool is_new = !is_first && out->len - start + 2 * len > MDOC_WIDTH;

            if (!is_first)
                sbuf_add_octet(out, is_new ? '\n' : ' ');
            start = is_new ? out->len : start;
            mdoc_escape(out, span_sub(rest, 0, len));
            is_first = mdoc_ends_sentence(span_sub(rest, 0, len));
            if (is_first) {
                sbuf_add_octet(out, '\n');
                start = out->len;
            }
        }
        rest = span_from(rest, len < rest.len ? len + 1 : len);
    }
    if (!is_first)
        sbuf_add_octet(out, '\n');
}

/* mdoc_end_list - what runs when something else begins */
static void mdoc_end_list(struct app_page *page)
{
    if (page->is_list)
        sbuf_add(page->out, ".El\n");
    if (page->is_examples)
        sbuf_add(page->out, ".Ed\n");
    page->is_list = false;
    page->is_examples = false;
}

/* mdoc_upper - titles are in capitals */
static void mdoc_upper(struct sbuf *out, const char *text)
{
    for (; *text != '\0'; text++)
        sbuf_add_octet(out, ascii_to_upper(*text));
}

/* mdoc_open - from .Dd to the synopsis */
static void mdoc_open(struct sbuf *out, const struct app_page_opening *opening)
{
    const char *dash = opening->command != NULL ? "-" : "";
    const char *command = opening->command != NULL ? opening->command : "";

    sbuf_addf(out, ".Dd %s\n.Dt MAILASSAY%s", opening->date, dash);
    mdoc_upper(out, command);
    sbuf_addf(out, " 1\n.Os\n.Sh NAME\n.Nm mailassay%s%s\n.Nd ", dash, command);
    mdoc_prose(out, opening->summary);
    sbuf_addf(out, ".Sh SYNOPSIS\n.Nm mailassay%s%s\n", command[0] != '\0' ? " " : "", command);
    sbuf_add(out, ".Op Ar OPTION ...\n");
    if (opening->arguments[0] != '\0') {
        sbuf_add(out, ".Ar ");
        mdoc_escape(out, span_of(opening->arguments));
        sbuf_add_octet(out, '\n');
    }
    sbuf_add(out, ".Sh DESCRIPTION\n");
}

/* mdoc_entry - one item of a list that begins with the first */
static void mdoc_entry(struct app_page *page, const char *name, const char *text)
{
    if (!page->is_list)
        sbuf_add(page->out, ".Bl -tag -width Ds\n");
    page->is_list = true;
    sbuf_add(page->out, ".It Sy \"");
    for (; *name != '\0'; name++)
        if (*name == '"')
            sbuf_add(page->out, "\\(dq");
        else
            mdoc_escape(page->out, span_make(name, 1));
    sbuf_add(page->out, "\"\n");
    mdoc_prose(page->out, text);
}

/* mdoc_examples - as they are typed */
static void mdoc_examples(struct app_page *page, struct span rest)
{
    if (!page->is_examples)
        sbuf_add(page->out, ".Bd -literal\n");
    page->is_examples = true;
    while (rest.len > 0) {
        mdoc_escape(page->out, span_cut(&rest, '\n'));
        sbuf_add_octet(page->out, '\n');
    }
}

/* ---- both ---- */

void app_page_open(struct app_page *page, const struct app_page_opening *opening)
{
    const char *command = opening->command != NULL ? opening->command : "";

    if (page->kind == PAGE_MDOC)
        mdoc_open(page->out, opening);
    else
        sbuf_addf(page->out, "usage: mailassay %s%s[OPTION...]%s%s\n\n", command,
                  command[0] != '\0' ? " " : "", opening->arguments[0] != '\0' ? " " : "",
                  opening->arguments);
    app_page_text(page,
                  arena_printf(page->out->arena, "%c%s.\n", ascii_to_upper(opening->summary[0]),
                               opening->summary + 1));
}

void app_page_section(struct app_page *page, const char *title)
{
    if (page->kind == PAGE_TEXT) {
        sbuf_addf(page->out, "\n%s\n", title);
        return;
    }
    mdoc_end_list(page);
    sbuf_add(page->out, ".Sh ");
    mdoc_upper(page->out, title);
    sbuf_add_octet(page->out, '\n');
}

void app_page_text(struct app_page *page, const char *text)
{
    if (page->kind == PAGE_TEXT) {
        sbuf_add(page->out, text);
        return;
    }
    mdoc_end_list(page);
    mdoc_prose(page->out, text);
}

void app_page_paragraph(struct app_page *page, const char *text)
{
    if (page->kind == PAGE_TEXT)
        sbuf_add_octet(page->out, '\n');
    else if (!page->is_list)
        sbuf_add(page->out, ".Pp\n");
    app_page_text(page, text);
}

void app_page_entry(struct app_page *page, unsigned width, const char *name, const char *text)
{
    if (page->kind == PAGE_TEXT)
        text_entry(page->out, width, name, text);
    else
        mdoc_entry(page, name, text);
}

void app_page_examples(struct app_page *page, const char *lines)
{
    if (page->kind == PAGE_TEXT)
        text_examples(page->out, span_of(lines));
    else
        mdoc_examples(page, span_of(lines));
}

void app_page_close(struct app_page *page, const char *others)
{
    struct span rest = span_of(others);

    if (page->kind == PAGE_TEXT)
        return;
    mdoc_end_list(page);
    sbuf_add(page->out, ".Sh SEE ALSO\n");
    while (rest.len > 0) {
        struct span name = span_cut(&rest, ' ');

        sbuf_addf(page->out, ".Xr %.*s 1%s\n", SPAN_ARG(name), rest.len > 0 ? " ," : "");
    }
    /* not as the argument of .Os, which is for systems: mandoc -T lint reports others */
    sbuf_add(page->out, ".Sh VERSION\nmailassay " MAILASSAY_VERSION "\n");
}
