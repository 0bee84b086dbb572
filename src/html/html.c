/* Which page a document gets, and the page of many. */
#include "html/html.h"

#include <string.h>

#include "base/arena.h"
#include "base/span.h"
#include "html/html_part.h"

/* ---- which page ---- */

/* first_error - of a line of scan that could not be read */
static const json_t *first_error(const json_t *document)
{
    return json_array_get(html_find(document, "errors"), 0);
}

/* put_error - the page of such a line */
static void put_error(struct html *html, const json_t *document)
{
    html_made_by(html, document);
    html_put(html, "</header>\n<main>\n");
    html_paragraph(html, "error", html_get(first_error(document), "text"));
}

static const struct kind {
    const char *key; /* that only these documents have */
    void (*part)(struct html *html, const json_t *document);
} kinds[] = {
    {"subjects", html_part_gate},
    {"reports", html_part_reports},
    {"recipients", html_part_explain},
    {"hosts", html_part_probe},
    {"findings", html_part_report},
    {"messages", html_part_sandbox_messages},
    {"errors", put_error},
};

/* kind_of - NULL: not one of our documents */
static const struct kind *kind_of(const json_t *document)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (json_is_array(json_object_get(document, kinds[i].key)))
            return &kinds[i];
    return NULL;
}

/* domains_title - the only domain of a list, or how many there are */
static const char *domains_title(struct arena *arena, const json_t *list)
{
    return json_array_size(list) == 1
               ? html_get(json_array_get(list, 0), "domain")
               : arena_printf(arena, "%zu domains", json_array_size(list));
}

/* title_of - whom the document is about */
static const char *title_of(struct arena *arena, const json_t *document)
{
    const json_t *error = first_error(document);
    const char *const names[] = {
        html_get(html_find(document, "subject"), "domain"),
        html_get(document, "domain"),
        html_get(json_array_get(html_find(document, "hosts"), 0), "host"),
    };

    if (error != NULL)
        return arena_printf(arena, "line %" JSON_INTEGER_FORMAT, html_integer(error, "line"));
    if (json_is_array(html_find(document, "reports")))
        return domains_title(arena, html_find(document, "reports"));
    if (html_find(document, "recipients") != NULL)
        return "Refused mail";
    if (html_find(document, "messages") != NULL)
        return "Sandbox";
    if (html_find(document, "subjects") != NULL)
        return domains_title(arena, html_find(document, "subjects"));
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (names[i][0] != '\0')
            return names[i];
    return "a message";
}

const char *html_check(const json_t *document)
{
    const json_t *schema = json_object_get(document, "schema");

    if (!json_is_object(document) || !json_is_integer(schema))
        return "not a JSON report of mailassay";
    if (json_integer_value(schema) != 1)
        return "unknown schema version: expected 1";
    return kind_of(document) == NULL
               ? "not a report of check, explain, gate, probe, sandbox or scan"
               : NULL;
}

void html_page(const json_t *document, struct sbuf *out)
{
    struct html html = html_open(out, title_of(out->arena, document), false);
    const struct kind *kind = kind_of(document);

    if (kind != NULL)
        kind->part(&html, document);
    html_close(&html, document);
}

/* ---- many ---- */

/* subject_row - one subject */
static void subject_row(struct html *html, const json_t *report)
{
    const json_t *summary = html_find(report, "summary");

    html_fill(
        html,
        "<tr><td class=\"who\">$t</td><td>$b</td><td>$b</td><td>$b</td><td>$t</td></tr>\n",
        title_of(html->arena, report), html_get(report, "result"), html_get(summary, "forgery"),
        html_get(summary, "own_mail"), html_get(summary, "headline"));
}

/* unread_row - a line of the list that is not a subject: why */
static void unread_row(struct html *html, const json_t *report)
{
    html_fill(html, "<tr><td>$t</td><td>", title_of(html->arena, report));
    html_badge_as(html, HTML_BAD, "not evaluated");
    html_fill(html, "</td><td></td><td></td><td>$t</td></tr>\n",
              html_get(first_error(report), "text"));
}

/* subject_rows - those with this result; "": lines that could not be read */
static void subject_rows(struct html *html, const json_t *documents, const char *result)
{
    for (size_t i = 0; i < json_array_size(documents); i++) {
        const json_t *report = json_array_get(documents, i);

        if (strcmp(html_get(report, "result"), result) != 0)
            continue;
        if (html_has(report, "errors"))
            unread_row(html, report);
        else
            subject_row(html, report);
    }
}

void html_list(const json_t *documents, struct sbuf *out)
{
    static const char *const results[] = {"", "fail", "undetermined", "pass"};
    struct html html = html_open(
        out, arena_printf(out->arena, "%zu subjects", json_array_size(documents)), false);

    html_made_by(&html, json_array_get(documents, 0));
    html_put(&html, "</header>\n<main>\n<table class=\"wide\">\n<thead><tr><th>domain</th>"
                    "<th>result</th><th>forgery</th><th>own mail</th><th>in words</th></tr>"
                    "</thead>\n<tbody>\n");
    for (size_t i = 0; i < COUNT_OF(results); i++)
        subject_rows(&html, documents, results[i]);
    html_put(&html, "</tbody>\n</table>\n");
    html_close(&html, NULL);
}
