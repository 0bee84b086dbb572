/*
 * NAME
 *     html_write - the only functions that write text to a page
 * DESCRIPTION
 *     Private to html/. Markup is written by html_put() and html_fill(), which take string
 *     literals and nothing else: anything else does not compile. Text of any origin is
 *     written by the other functions, or fills a place of html_fill(); it is escaped for its
 *     place. So nothing from outside can become markup.
 * OWNERSHIP
 *     Bytes go to the buffer.
 * ERRORS
 *     None. What JSON does not have is the empty text, 0 or false.
 */
#ifndef HTML_WRITE_H
#define HTML_WRITE_H

#include <jansson.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/sbuf.h"

struct html {
    struct sbuf *out;
    struct arena *arena;
    bool has_arrows; /* of ladders: they were drawn */
};

#define html_put(html, literal) html_put_literal((html), "" literal "")
void html_put_literal(struct html *html, const char *literal);

/* markup with places: $t a text, $w a part of an id or class, $b a badge. Each takes one of the
 * texts that follow, in order; tests/lint/json counts them */
#define html_fill(html, literal, ...)                                       \
    html_fill_literal((html), "" literal "", (const char *[]){__VA_ARGS__}, \
                      sizeof((const char *[]){__VA_ARGS__}) / sizeof(const char *))
void html_fill_literal(struct html *html, const char *literal, const char *const *texts,
                       size_t count);

/* between tags, and in quoted attributes */
void html_text(struct html *html, const char *text);
/* one that can be selected with a click */
void html_record(struct html *html, const char *text);
/* a number as a text, for a place of html_fill(); and in groups of three: "1,234" */
const char *html_digits(struct html *html, json_int_t number);
const char *html_grouped(struct html *html, json_int_t number);
/* <pN>text</pN>, left out if empty: a paragraph with a class */
void html_paragraph(struct html *html, const char *class, const char *text);
/* a row of a table of two columns, left out if there is nothing to say */
void html_row(struct html *html, const char *label, const char *text);
/* a heading of level 2, with an id of the same words */
void html_heading(struct html *html, const char *text);

/* what a word means for mail: it chooses colour and shape */
enum html_tone { HTML_PLAIN, HTML_GOOD, HTML_DOUBT, HTML_BAD };
void html_badge(struct html *html, const char *word);
void html_badge_as(struct html *html, enum html_tone tone, const char *word);

/* ---- reading the document ---- */

/* "" where there is none, or it is not text */
const char *html_get(const json_t *object, const char *key);
const char *html_item(const json_t *list, size_t at);
json_int_t html_integer(const json_t *object, const char *key);
bool html_is(const json_t *object, const char *key);
bool html_has(const json_t *object, const char *key); /* and it is not null, "" or [] */
const json_t *html_find(const json_t *object, const char *key); /* may be NULL */
const char *html_join(struct arena *arena, const json_t *texts, const char *separator);
/* one call for each member */
void html_each(struct html *html, const json_t *list,
               void (*put)(struct html *html, const json_t *one));

#endif
