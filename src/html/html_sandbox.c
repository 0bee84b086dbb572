/* The pages of a sandbox: the list, and one message. */
#include "base/arena.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "html/html.h"
#include "html/html_part.h"

/* put_addresses - of a list of Name and Address */
static void put_addresses(struct html *html, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        html_put_literal(html, i > 0 ? ", " : "");
        html_text(html, html_get(json_array_get(list, i), "Address"));
    }
}

/* put_verdict_cell - "not judged" where there is none */
static void put_verdict_cell(struct html *html, const json_t *verdicts, const char *key)
{
    html_put(html, "<td>");
    if (html_has(verdicts, key))
        html_badge(html, html_get(verdicts, key));
    else
        html_put(html, "not judged");
    html_put(html, "</td>");
}

/* put_answer - code and enhanced code */
static void put_answer(struct html *html, const json_t *answer)
{
    html_number(html, json_integer_value(json_object_get(answer, "code")));
    html_put(html, " ");
    html_text(html, html_get(answer, "enhanced"));
}

/* message_row - one of the list */
static void message_row(struct html *html, const json_t *record, const json_t *mail)
{
    const json_t *verdicts = html_find(record, "verdicts");
    const char *subject = html_get(mail, "Subject");

    html_put(html, "<tr><td>");
    html_text(html, html_get(record, "received"));
    html_put(html, "</td><td>");
    html_text(html, html_get(html_find(mail, "From"), "Address"));
    html_put(html, "</td><td>");
    put_addresses(html, html_find(mail, "To"));
    html_put(html, "</td><td><a href=\"messages/");
    html_word(html, html_get(record, "id"));
    html_put(html, "\">");
    html_text(html, subject[0] != '\0' ? subject : "(no subject)");
    html_put(html, "</a></td><td>");
    put_answer(html, html_find(record, "answer"));
    html_put(html, "</td>");
    put_verdict_cell(html, verdicts, "spf");
    put_verdict_cell(html, verdicts, "dkim");
    put_verdict_cell(html, verdicts, "dmarc");
    html_put(html, "</tr>\n");
}

void html_sandbox_list(const json_t *items, json_int_t total, struct sbuf *out)
{
    struct html html = html_open(out, "Sandbox", false);

    html_put(&html, "</header>\n<main>\n<p role=\"status\">Messages: ");
    html_number(&html, total);
    html_put(&html, ", the newest first. The page looks again by itself.</p>\n"
                    "<table class=\"wide\">\n<thead><tr><th>received</th><th>from</th>"
                    "<th>to</th><th>subject</th><th>answer</th><th>SPF</th><th>DKIM</th>"
                    "<th>DMARC</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i);

        message_row(&html, html_find(item, "record"), html_find(item, "mail"));
    }
    html_put(&html, "</tbody>\n</table>\n");
    html_close(&html, NULL);
}

/* ---- one message ---- */

/* put_named_cell - of the table at the top */
static void put_named_cell(struct html *html, const char *name, const char *value)
{
    html_put(html, "<tr><th scope=\"row\">");
    html_text(html, name);
    html_put(html, "</th><td>");
    html_text(html, value);
    html_put(html, "</td></tr>\n");
}

/* put_envelope - who says to send what to whom, and what was answered */
static void put_envelope(struct html *html, const json_t *record)
{
    const json_t *envelope = html_find(record, "envelope");
    const json_t *recipients = html_find(envelope, "rcpt");
    const json_t *lines = html_find(html_find(record, "answer"), "lines");

    html_put(html, "<table>\n<tbody>\n");
    put_named_cell(html, "received", html_get(record, "received"));
    put_named_cell(html, "client", html_get(envelope, "client_ip"));
    put_named_cell(html, "HELO", html_get(envelope, "helo"));
    put_named_cell(html, "MAIL FROM", html_get(envelope, "mail_from"));
    for (size_t i = 0; i < json_array_size(recipients); i++)
        put_named_cell(html, "RCPT TO", html_get(json_array_get(recipients, i), "path"));
    html_put(html, "<tr><th scope=\"row\">answer</th><td>");
    put_answer(html, html_find(record, "answer"));
    for (size_t i = 0; i < json_array_size(lines); i++) {
        const char *line = json_string_value(json_array_get(lines, i));

        html_put(html, "<br>");
        html_text(html, line != NULL ? line : "");
    }
    html_put(html, "</td></tr>\n<tr><th scope=\"row\">SPF, DKIM, DMARC</th>");
    html_put(html, "<td><table><tbody><tr>");
    put_verdict_cell(html, html_find(record, "verdicts"), "spf");
    put_verdict_cell(html, html_find(record, "verdicts"), "dkim");
    put_verdict_cell(html, html_find(record, "verdicts"), "dmarc");
    html_put(html, "</tr></tbody></table></td></tr>\n</tbody>\n</table>\n");
}

void html_part_transcript(struct html *html, const json_t *record)
{
    const json_t *lines = html_find(record, "session");
    const json_t *notes = html_find(record, "notes");

    html_put(html, "<h3>Session</h3>\n<ol class=\"ladder\">\n");
    for (size_t i = 0; i < json_array_size(lines); i++) {
        const json_t *line = json_array_get(lines, i);

        html_put(html, "<li><span class=\"muted\">");
        html_text(html, html_get(line, "side"));
        html_put(html, "</span> <code>");
        html_text(html, html_get(line, "text"));
        html_put(html, "</code></li>\n");
    }
    html_put(html, "</ol>\n");
    for (size_t i = 0; i < json_array_size(notes); i++) {
        const json_t *note = json_array_get(notes, i);

        html_put(html, "<p>");
        html_badge(html, html_get(note, "severity"));
        html_put(html, " ");
        html_text(html, html_get(note, "text"));
        html_put(html, " <span class=\"source\">");
        html_text(html, html_get(note, "standard"));
        html_put(html, "</span></p>\n");
    }
}

/* put_text_lines - a text of many lines: each is escaped, their ends are kept */
static void put_text_lines(struct html *html, const char *text)
{
    struct span rest = span_of(text);

    html_put(html, "<code class=\"record\">");
    while (rest.at != NULL) {
        struct span line = span_cut(&rest, '\n');

        if (line.len > 0 && line.at[line.len - 1] == '\r')
            line.len--;
        html_text(html, arena_strdup_span(html->arena, line));
        html_put(html, "\n");
    }
    html_put(html, "</code>\n");
}

/* put_link - to a part of the message */
static void put_link(struct html *html, const char *id, const char *part, const char *text)
{
    html_put(html, "<a href=\"");
    html_word(html, id);
    html_put(html, "/");
    html_word(html, part);
    html_put(html, "\">");
    html_text(html, text);
    html_put(html, "</a> ");
}

void html_sandbox_message(const json_t *record, const json_t *mail, struct sbuf *out)
{
    const char *subject = html_get(mail, "Subject");
    const char *id = html_get(record, "id");
    struct html html = html_open_framing(out, subject[0] != '\0' ? subject : "(no subject)");

    html_put(&html, "</header>\n<main>\n<p><a href=\"../\">all messages</a> ");
    put_link(&html, id, "report", "report");
    put_link(&html, id, "raw", "source");
    put_link(&html, id, "headers", "headers");
    html_put(&html, "</p>\n");
    put_envelope(&html, record);
    html_part_transcript(&html, record);
    html_heading(&html, "Text");
    put_text_lines(&html, html_get(mail, "Text"));
    if (html_has(mail, "HTML")) {
        html_heading(&html, "HTML");
        html_put(&html, "<p class=\"muted\">In a frame that runs no script and loads nothing."
                        "</p>\n<iframe sandbox title=\"HTML of the message\" width=\"100%\" "
                        "height=\"500\" src=\"");
        html_word(&html, id);
        html_put(&html, "/html\"></iframe>\n");
    }
    html_close(&html, NULL);
}
