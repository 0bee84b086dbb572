/* The page of a run of sandbox: the result, what clients did, and each message. */
#include "base/arena.h"
#include "html/html_part.h"

#define MESSAGES_MOST 50 /* in full: the others are in the data below */

/* put_sandbox_message - one message */
static void put_sandbox_message(struct html *html, const json_t *message)
{
    const json_t *report = html_find(message, "report");
    const char *id = html_get(message, "id");

    html_heading(html, arena_printf(html->arena, "Message %s", id));
    html_part_message(html, message, report);
    html_part_findings(html, arena_printf(html->arena, "Findings about message %s", id),
                       html_find(report, "findings"), false);
}

/* put_try - something that a client did and that met trouble */
static void put_try(struct html *html, const json_t *one)
{
    html_fill(html, "<li>$t to $t: $t</li>\n", html_get(one, "from"), html_get(one, "to"),
              html_get(one, "text"));
}

void html_part_sandbox_messages(struct html *html, const json_t *document)
{
    const json_t *messages = html_find(document, "messages");
    size_t count = json_array_size(messages);

    html_made_by(html, document);
    html_fill(html, "<p>Result: $b · messages: $t</p>\n", html_get(document, "result"),
              html_digits(html, html_integer(document, "came")));
    html_paragraph(html, "reason", html_get(document, "reason"));
    html_paragraph(html, "muted", html_get(document, "command"));
    html_put(html, "</header>\n<main>\n");
    html_part_list(html, "<h2 id=\"what-the-clients-did\">What the clients did</h2>\n",
                   html_find(document, "tries"), put_try);
    for (size_t i = 0; i < count && i < MESSAGES_MOST; i++)
        put_sandbox_message(html, json_array_get(messages, i));
    if (count > MESSAGES_MOST)
        html_put(html, "<p>More messages are in the data below.</p>\n");
}
