/* The pages of a sandbox: the list, and one message. */
#include <string.h>

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

/* put_named_verdict - with its name, which a table on a phone would not show */
static void put_named_verdict(struct html *html, const json_t *record, const char *key,
                              const char *name)
{
    const json_t *verdicts = html_find(record, "verdicts");

    html_fill(html, "<span class=\"muted\">$t</span> ", name);
    if (html_has(verdicts, key))
        html_fill(html, "$b ", html_get(verdicts, key));
    else
        html_put(html, "not evaluated ");
}

/* put_answer - code and enhanced code */
static void put_answer(struct html *html, const json_t *answer)
{
    html_fill(html, "$t $t", html_digits(html, html_integer(answer, "code")),
              html_get(answer, "enhanced"));
}

/* subject_words - of a message */
static const char *subject_words(const json_t *mail)
{
    return html_has(mail, "Subject") ? html_get(mail, "Subject") : "(no subject)";
}

/* message_row - one of the list */
static void message_row(struct html *html, const json_t *item)
{
    const json_t *record = html_find(item, "record");
    const json_t *mail = html_find(item, "mail");

    html_fill(html, "<tr><td>$t</td><td>$t</td><td>", html_get(record, "received"),
              html_get(html_find(mail, "From"), "Address"));
    put_addresses(html, html_find(mail, "To"));
    html_fill(html, "</td><td><a href=\"messages/$w\">$t</a></td><td>", html_get(record, "id"),
              subject_words(mail));
    put_answer(html, html_find(record, "answer"));
    html_put(html, "</td><td>");
    put_named_verdict(html, record, "spf", "SPF");
    put_named_verdict(html, record, "dkim", "DKIM");
    put_named_verdict(html, record, "dmarc", "DMARC");
    html_put(html, "</td></tr>\n");
}

void html_sandbox_list(const json_t *items, json_int_t total, struct sbuf *out)
{
    struct html html = html_open(out, "Sandbox", false);

    html_fill(&html, "</header>\n<main>\n<p role=\"status\">Messages: $t, newest first. ",
              html_digits(&html, total));
    if ((size_t)total > json_array_size(items))
        html_fill(&html, "Shown: $t. ", html_digits(&html, (json_int_t)json_array_size(items)));
    html_put(
        &html,
        "This page reloads by itself.</p>\n"
        "<table class=\"wide\">\n<thead><tr><th>received</th><th>from</th>"
        "<th>to</th><th>subject</th><th>answer</th><th>verdicts</th></tr></thead>\n<tbody>\n");
    html_each(&html, items, message_row);
    html_put(&html, "</tbody>\n</table>\n");
    html_close(&html, NULL);
}

/* ---- one message ---- */

/* put_recipient - of the envelope */
static void put_recipient(struct html *html, const json_t *recipient)
{
    html_row(html, "RCPT TO", html_get(recipient, "path"));
}

/* put_envelope - who sends what to whom, and the answer */
static void put_envelope(struct html *html, const json_t *record)
{
    const json_t *envelope = html_find(record, "envelope");
    const json_t *answer = html_find(record, "answer");
    const json_t *lines = html_find(answer, "lines");

    html_put(html, "<table>\n<tbody>\n");
    html_row(html, "received", html_get(record, "received"));
    html_row(html, "client address",
             html_has(envelope, "client_ip") ? html_get(envelope, "client_ip") : "not given");
    html_row(html, "HELO", html_get(envelope, "helo"));
    html_row(html, "TLS", html_get(envelope, "tls"));
    html_row(html, "MAIL FROM",
             html_has(envelope, "mail_from") ? html_get(envelope, "mail_from") : "<>");
    html_each(html, html_find(envelope, "rcpt"), put_recipient);
    html_put(html, "<tr><th scope=\"row\">answer</th><td>");
    put_answer(html, answer);
    for (size_t i = 0; i < json_array_size(lines); i++)
        html_fill(html, "<br>$t", html_item(lines, i));
    html_put(html, "</td></tr>\n");
    html_row(html, "rule", html_get(answer, "rule"));
    html_put(html, "</tbody>\n</table>\n");
}

/* expectation_tone - of an expectation */
static enum html_tone expectation_tone(const char *result)
{
    if (strcmp(result, "yes") == 0)
        return HTML_GOOD;
    return strcmp(result, "no") == 0 ? HTML_BAD : HTML_DOUBT;
}

/* put_expectation - a condition, and why it does not hold */
static void put_expectation(struct html *html, const json_t *one)
{
    html_put(html, "<li>");
    html_badge_as(html, expectation_tone(html_get(one, "result")), html_get(one, "result"));
    html_fill(html, " <code>$t</code>", html_get(one, "condition"));
    html_paragraph(html, "muted", html_get(one, "because"));
    html_put(html, "</li>\n");
}

/* put_said - a line of a session */
static void put_said(struct html *html, const char *side, const char *text)
{
    html_fill(html, "<li><span class=\"muted\">$t</span> <code>$t</code></li>\n", side, text);
}

/* put_line - of what was said before the end of the message */
static void put_line(struct html *html, const json_t *line)
{
    put_said(html, html_get(line, "side"), html_get(line, "text"));
}

/* put_end_of_message - the message, and the lines of the answer as they went */
static void put_end_of_message(struct html *html, const json_t *record)
{
    const json_t *answer = html_find(record, "answer");
    const json_t *lines = html_find(answer, "lines");
    size_t count = json_array_size(lines);

    if (!html_is(html_find(record, "envelope"), "chunked"))
        put_said(html, "client",
                 arena_printf(html->arena, "(%lld octets of message) .",
                              (long long)html_integer(record, "size")));
    for (size_t i = 0; i < count; i++)
        put_said(html, "server",
                 arena_printf(html->arena, "%lld%c%s%s%s",
                              (long long)html_integer(answer, "code"),
                              i + 1 < count ? '-' : ' ', html_get(answer, "enhanced"),
                              html_has(answer, "enhanced") ? " " : "", html_item(lines, i)));
}

/* put_note - what receivers mind about a session */
static void put_note(struct html *html, const json_t *note)
{
    html_fill(html, "<p>$b $t <span class=\"source\">$t</span></p>\n",
              html_get(note, "severity"), html_get(note, "text"), html_get(note, "standard"));
}

/* put_transcript - the session, and what receivers mind about it */
static void put_transcript(struct html *html, const json_t *record)
{
    html_put(html, "<h3>Session</h3>\n<ol class=\"ladder\">\n");
    html_each(html, html_find(record, "session"), put_line);
    put_end_of_message(html, record);
    html_put(html, "</ol>\n");
    html_each(html, html_find(record, "notes"), put_note);
}

void html_part_message(struct html *html, const json_t *record, const json_t *report)
{
    put_envelope(html, record);
    html_part_list(html, "<h3>Expected</h3>\n", html_find(record, "expectations"),
                   put_expectation);
    html_part_verdicts(html, report);
    put_transcript(html, record);
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
        html_fill(html, "$t\n", arena_strdup_span(html->arena, line));
    }
    html_put(html, "</code>\n");
}

void html_sandbox_message(const json_t *record, const json_t *mail, const json_t *report,
                          struct sbuf *out)
{
    const char *id = html_get(record, "id");
    struct html html = html_open_framing(out, subject_words(mail));

    html_fill(&html,
              "</header>\n<main>\n<p><a href=\"../\">all messages</a> "
              "<a href=\"$w/report\">report</a> <a href=\"$w/raw\">source</a> "
              "<a href=\"$w/headers\">headers</a> </p>\n",
              id, id, id);
    html_heading(&html, "What was answered");
    html_part_message(&html, record, report);
    html_heading(&html, "Text");
    put_text_lines(&html, html_get(mail, "Text"));
    if (html_has(mail, "HTML")) {
        html_heading(&html, "HTML");
        html_fill(&html,
                  "<p class=\"muted\">In a frame that runs no script and loads nothing."
                  "</p>\n<iframe sandbox title=\"HTML of the message\" width=\"100%\" "
                  "height=\"500\" src=\"$w/html\"></iframe>\n",
                  id);
    }
    html_part_receivers(&html, html_find(report, "receivers"));
    if (html_has(report, "steps"))
        html_heading(&html, "Do this, in this order");
    html_part_steps(&html, report);
    html_part_findings(&html, "Findings", html_find(report, "findings"), true);
    html_close(&html, NULL);
}
