/* Findings, folded: the line says what, the rest explains it from nothing. */
#include <string.h>

#include "base/arena.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "html/html_part.h"

/* the first family that an id begins with counts */
static const struct {
    const char *prefix;
    const char *why;
} whys[] = {
#define HTML_WHY(prefix, why) {prefix, why},
#include "html/html_why.def"
};

/* html_why - why findings of this kind matter, for a reader without the standards */
static const char *html_why(const char *id)
{
    for (size_t i = 0; i < COUNT_OF(whys); i++)
        if (span_starts_with(span_of(id), whys[i].prefix))
            return whys[i].why;
    return "";
}

/* put_term - "why it matters", and the text */
static void put_term(struct html *html, const char *label, const char *text)
{
    if (text[0] != '\0') /* the next tag ends the paragraph: HTML, 13.1.2.4 */
        html_fill(html, "<p><b>$t:</b> $t\n", label, text);
}

/* place_words - "broken.example TXT, world.zone:30" */
static const char *place_words(struct arena *arena, const json_t *where)
{
    struct sbuf place = sbuf_start(arena);
    static const char *const keys[] = {"name", "type", "term"};

    for (size_t i = 0; i < COUNT_OF(keys); i++)
        if (html_has(where, keys[i]))
            sbuf_add_item(&place, " ", html_get(where, keys[i]));
    if (html_has(where, "file"))
        sbuf_addf(&place, "%s%s:%" JSON_INTEGER_FORMAT, place.len > 0 ? ", " : "",
                  html_get(where, "file"), html_integer(where, "line"));
    return sbuf_text(&place);
}

/* put_finding - `is_target` of the links of steps: the first of its id; `why` may be "" */
static void put_finding(struct html *html, const json_t *finding, const char *why,
                        bool is_target)
{
    const char *id = html_get(finding, "id");
    bool is_unknown = strcmp(html_get(finding, "status"), "undetermined") == 0;

    html_put(html, "<details");
    if (is_target)
        html_fill(html, " id=\"f-$w\"", id);
    html_fill(html, "><summary>$b $t</summary>\n",
              is_unknown ? "undetermined" : html_get(finding, "severity"),
              html_get(finding, "text"));
    put_term(html, "Where", place_words(html->arena, html_find(finding, "where")));
    put_term(html, "Why it matters", why);
    put_term(html, "What to do", html_get(finding, "hint"));
    put_term(html, "Why no record is proposed", html_get(finding, "no_remedy"));
    put_term(html, "Source", html_join(html->arena, html_find(finding, "standards"), "; "));
    put_term(html, "Name", id);
    html_put(html, "</details>\n");
}

/* is_first_of - no earlier finding of the list has the id */
static bool is_first_of(const json_t *findings, size_t at)
{
    const char *id = html_get(json_array_get(findings, at), "id");

    for (size_t i = 0; i < at; i++)
        if (strcmp(html_get(json_array_get(findings, i), "id"), id) == 0)
            return false;
    return true;
}

/* new_why - why it matters, where no earlier finding of the list has said so */
static const char *new_why(const json_t *findings, size_t at)
{
    const char *why = html_why(html_get(json_array_get(findings, at), "id"));

    for (size_t i = 0; i < at; i++)
        if (html_why(html_get(json_array_get(findings, i), "id")) == why)
            return "";
    return why;
}

void html_part_findings(struct html *html, const char *title, const json_t *findings,
                        bool has_targets)
{
    if (json_array_size(findings) == 0)
        return;
    html_heading(html, title);
    for (size_t i = 0; i < json_array_size(findings); i++)
        put_finding(html, json_array_get(findings, i), new_why(findings, i),
                    has_targets && is_first_of(findings, i));
}
