/* The page of a run of sandbox: the result, what clients did, and each message. */
#include <string.h>

#include "base/arena.h"
#include "html/html_part.h"

#define MESSAGES_MOST 50 /* in full: the rest is in the data below */

/* expectation_tone - of an expectation */
static enum html_tone expectation_tone(const char *result)
{
    if (strcmp(result, "yes") == 0)
        return HTML_GOOD;
    return strcmp(result, "no") == 0 ? HTML_BAD : HTML_DOUBT;
}

/* put_expectations - each condition, and why it is not so */
static void put_expectations(struct html *html, const json_t *list)
{
    if (json_array_size(list) == 0)
        return;
    html_put(html, "<h3>Expected</h3>\n<ul>\n");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);

        html_put(html, "<li>");
        html_badge_as(html, expectation_tone(html_get(one, "result")), html_get(one, "result"));
        html_put(html, " <code>");
        html_text(html, html_get(one, "condition"));
        html_put(html, "</code>");
        html_paragraph(html, "muted", html_get(one, "because"));
        html_put(html, "</li>\n");
    }
    html_put(html, "</ul>\n");
}

/* put_reply - code, enhanced code and lines of an answer */
static void put_reply(struct html *html, const json_t *answer)
{
    const json_t *lines = html_find(answer, "lines");

    html_put(html, "<tr><th scope=\"row\">answer</th><td>");
    html_number(html, json_integer_value(json_object_get(answer, "code")));
    html_put(html, " ");
    html_text(html, html_get(answer, "enhanced"));
    for (size_t i = 0; i < json_array_size(lines); i++) {
        const char *line = json_string_value(json_array_get(lines, i));

        html_put(html, "<br>");
        html_text(html, line != NULL ? line : "");
    }
    html_put(html, "</td></tr>\n");
}

/* put_sandbox_message - one message */
static void put_sandbox_message(struct html *html, const json_t *message)
{
    const json_t *envelope = html_find(message, "envelope");
    const json_t *recipients = html_find(envelope, "rcpt");
    const json_t *report = html_find(message, "report");
    const char *id = html_get(message, "id");

    html_heading(html, arena_printf(html->arena, "Message %s", id));
    html_put(html, "<table>\n<tbody>\n");
    html_row(html, "received", html_get(message, "received"));
    html_row(html, "client address", html_get(envelope, "client_ip"));
    html_row(html, "HELO", html_get(envelope, "helo"));
    html_row(html, "MAIL FROM", html_get(envelope, "mail_from"));
    for (size_t i = 0; i < json_array_size(recipients); i++)
        html_row(html, "RCPT TO", html_get(json_array_get(recipients, i), "path"));
    put_reply(html, html_find(message, "answer"));
    html_row(html, "rule", html_get(html_find(message, "answer"), "rule"));
    html_put(html, "</tbody>\n</table>\n");
    put_expectations(html, html_find(message, "expectations"));
    html_part_verdicts(html, report);
    html_part_transcript(html, message);
    html_part_findings(html, arena_printf(html->arena, "Findings about message %s", id),
                       html_find(report, "findings"), false);
}

/* put_tries - what clients did that met trouble */
static void put_tries(struct html *html, const json_t *tries)
{
    if (json_array_size(tries) == 0)
        return;
    html_heading(html, "What the clients did");
    html_put(html, "<ul>\n");
    for (size_t i = 0; i < json_array_size(tries); i++) {
        const json_t *one = json_array_get(tries, i);

        html_put(html, "<li>");
        html_text(html, html_get(one, "from"));
        html_put(html, " to ");
        html_text(html, html_get(one, "to"));
        html_put(html, ": ");
        html_text(html, html_get(one, "text"));
        html_put(html, "</li>\n");
    }
    html_put(html, "</ul>\n");
}

void html_part_sandbox_messages(struct html *html, const json_t *document)
{
    const json_t *messages = html_find(document, "messages");
    size_t count = json_array_size(messages);

    html_made_by(html, document);
    html_put(html, "<p>Result: ");
    html_badge(html, html_get(document, "result"));
    html_put(html, " · messages: ");
    html_number(html, json_integer_value(json_object_get(document, "came")));
    html_put(html, "</p>\n");
    html_paragraph(html, "reason", html_get(document, "reason"));
    html_paragraph(html, "muted", html_get(document, "command"));
    html_put(html, "</header>\n<main>\n");
    put_tries(html, html_find(document, "tries"));
    for (size_t i = 0; i < count && i < MESSAGES_MOST; i++)
        put_sandbox_message(html, json_array_get(messages, i));
    if (count > MESSAGES_MOST)
        html_put(html, "<p>More messages are in the data below.</p>\n");
}
