/* Escaping, by place; and words that have a colour. */
#include "html/html_write.h"

#include <string.h>

#include "base/escape.h"
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

    for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++)
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
    html_put(html, "<code class=\"record\">");
    html_text(html, text);
    html_put(html, "</code>");
}

void html_number(struct html *html, json_int_t number)
{
    sbuf_addf(html->out, "%" JSON_INTEGER_FORMAT, number);
}

void html_word(struct html *html, const char *text)
{
    for (; *text != '\0'; text++)
        sbuf_add_octet(html->out, ascii_is_alnum(*text) ? ascii_to_lower(*text) : '-');
}

void html_paragraph(struct html *html, const char *class, const char *text)
{
    if (text[0] == '\0')
        return;
    html_put(html, "<p class=\"");
    html_word(html, class);
    html_put(html, "\">");
    html_text(html, text);
    html_put(html, "</p>\n");
}

void html_row(struct html *html, const char *label, const char *text)
{
    if (text[0] == '\0')
        return;
    html_put(html, "<tr><th scope=\"row\">");
    html_text(html, label);
    html_put(html, "</th><td>");
    html_text(html, text);
    html_put(html, "</td></tr>\n");
}

void html_heading(struct html *html, const char *text)
{
    html_put(html, "<h2 id=\"");
    html_word(html, text);
    html_put(html, "\">");
    html_text(html, text);
    html_put(html, "</h2>\n");
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

    for (size_t i = 0; i < sizeof(tones) / sizeof(tones[0]); i++)
        if (strcmp(tones[i].word, word) == 0)
            return tones[i].tone;
    return HTML_PLAIN;
}

void html_badge_as(struct html *html, enum html_tone tone, const char *word)
{
    switch (tone) {
    case HTML_GOOD:
        html_put(html, "<b class=\"good\">");
        break;
    case HTML_BAD:
        html_put(html, "<b class=\"bad\">");
        break;
    case HTML_DOUBT:
        html_put(html, "<b class=\"doubt\">");
        break;
    case HTML_PLAIN:
        html_put(html, "<b class=\"plain\">");
        break;
    }
    html_text(html, word);
    html_put(html, "</b>");
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

const char *html_get(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text != NULL ? text : "";
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
