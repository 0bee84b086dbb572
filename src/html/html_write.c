/* Escaping, by place; and words that have a colour. */
#include "html/html_write.h"

#include <string.h>

#include "base/escape.h"
#include "base/must.h"
#include "base/span.h"

void html_put_literal(struct html *html, const char *literal)
{
    sbuf_add(html->out, literal);
}

/* put_octets - one character, escaped where HTML gives it a meaning */
static void put_octets(struct html *html, struct span octets)
{
    static const struct {
        char octet;
        const char *entity;
    } entities[] = {
        {'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};

    for (size_t i = 0; i < COUNT_OF(entities); i++)
        if (octets.len == 1 && octets.at[0] == entities[i].octet) {
            sbuf_add(html->out, entities[i].entity);
            return;
        }
    sbuf_add_span(html->out, octets);
}

void html_text(struct html *html, const char *text)
{
    /* a stored report may hold what ours never does: control characters, what turns lines */
    struct span rest = span_of(escape_safe(html->arena, text));

    while (rest.len > 0) {
        uint32_t code = 0;
        size_t len = utf8_next(rest, &code);

        put_octets(html, span_sub(rest, 0, len == 0 ? 1 : len));
        rest = span_from(rest, len == 0 ? 1 : len);
    }
}

void html_record(struct html *html, const char *text)
{
    html_fill(html, "<code class=\"record\">$t</code>", text);
}

const char *html_digits(struct html *html, json_int_t number)
{
    return arena_printf(html->arena, "%" JSON_INTEGER_FORMAT, number);
}

const char *html_grouped(struct html *html, json_int_t number)
{
    struct sbuf text = sbuf_start(html->arena);

    sbuf_add_grouped(&text, html_digits(html, number));
    return sbuf_text(&text);
}

/* put_word - letters and digits stay */
static void put_word(struct html *html, const char *text)
{
    for (; *text != '\0'; text++)
        sbuf_add_octet(html->out, ascii_is_alnum(*text) ? ascii_to_lower(*text) : '-');
}

/* fill_place - a place of html_fill() */
static void fill_place(struct html *html, char kind, const char *text)
{
    must(kind == 't' || kind == 'w' || kind == 'b');
    if (kind == 't')
        html_text(html, text);
    else if (kind == 'w')
        put_word(html, text);
    else
        html_badge(html, text);
}

void html_fill_literal(struct html *html, const char *literal, const char *const *texts,
                       size_t count)
{
    size_t used = 0;

    for (const char *at; (at = strchr(literal, '$')) != NULL; literal = at + 2) {
        sbuf_add_span(html->out, span_make(literal, (size_t)(at - literal)));
        must(used < count);
        fill_place(html, at[1], texts[used++]);
    }
    must(used == count);
    sbuf_add(html->out, literal);
}

void html_paragraph(struct html *html, const char *class, const char *text)
{
    if (text[0] != '\0')
        html_fill(html, "<p class=\"$w\">$t</p>\n", class, text);
}

void html_row(struct html *html, const char *label, const char *text)
{
    if (text[0] != '\0')
        html_fill(html, "<tr><th scope=\"row\">$t</th><td>$t</td></tr>\n", label, text);
}

void html_heading(struct html *html, const char *text)
{
    html_fill(html, "<h2 id=\"$w\">$t</h2>\n", text, text);
}

/* ---- tones ---- */

static enum html_tone html_tone_of(const char *word)
{
    static const struct {
        const char *word;
        enum html_tone tone;
    } tones[] = {
        {"pass", HTML_GOOD},     {"accept", HTML_GOOD},        {"believed", HTML_GOOD},
        {"closed", HTML_GOOD},   {"ready", HTML_GOOD},         {"fail", HTML_BAD},
        {"error", HTML_BAD},     {"reject", HTML_BAD},         {"refused", HTML_BAD},
        {"open", HTML_BAD},      {"broken", HTML_BAD},         {"missing", HTML_BAD},
        {"permerror", HTML_BAD}, {"mismatch", HTML_BAD},       {"none", HTML_DOUBT},
        {"warning", HTML_DOUBT}, {"softfail", HTML_DOUBT},     {"neutral", HTML_DOUBT},
        {"junk", HTML_DOUBT},    {"defer", HTML_DOUBT},        {"temperror", HTML_DOUBT},
        {"unknown", HTML_DOUBT}, {"undetermined", HTML_DOUBT}, {"partly", HTML_DOUBT},
        {"junked", HTML_DOUBT},
    };

    for (size_t i = 0; i < COUNT_OF(tones); i++)
        if (strcmp(tones[i].word, word) == 0)
            return tones[i].tone;
    return HTML_PLAIN;
}

void html_badge_as(struct html *html, enum html_tone tone, const char *word)
{
    static const char *const classes[] = {[HTML_PLAIN] = "plain",
                                          [HTML_GOOD] = "good",
                                          [HTML_DOUBT] = "doubt",
                                          [HTML_BAD] = "bad"};

    html_fill(html, "<b class=\"$w\">$t</b>", classes[tone], word);
}

void html_badge(struct html *html, const char *word)
{
    html_badge_as(html, html_tone_of(word), word);
}

/* ---- reading ---- */

const json_t *html_find(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    return json_is_null(value) ? NULL : value;
}

/* text_or_empty - "" for what is not text */
static const char *text_or_empty(const json_t *value)
{
    return json_is_string(value) ? json_string_value(value) : "";
}

const char *html_get(const json_t *object, const char *key)
{
    return text_or_empty(json_object_get(object, key));
}

const char *html_item(const json_t *list, size_t at)
{
    return text_or_empty(json_array_get(list, at));
}

json_int_t html_integer(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

bool html_is(const json_t *object, const char *key)
{
    return json_is_true(json_object_get(object, key));
}

bool html_has(const json_t *object, const char *key)
{
    const json_t *value = html_find(object, key);

    if (json_is_array(value))
        return json_array_size(value) > 0;
    if (json_is_string(value))
        return json_string_length(value) > 0;
    return value != NULL;
}

const char *html_join(struct arena *arena, const json_t *texts, const char *separator)
{
    struct sbuf joined = sbuf_start(arena);

    for (size_t i = 0; i < json_array_size(texts); i++)
        sbuf_addf(&joined, "%s%s", i > 0 ? separator : "", html_item(texts, i));
    return sbuf_text(&joined);
}

void html_each(struct html *html, const json_t *list,
               void (*put)(struct html *html, const json_t *one))
{
    for (size_t i = 0; i < json_array_size(list); i++)
        put(html, json_array_get(list, i));
}
