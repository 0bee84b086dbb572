/*
 * The session as a ladder: a rung is what the client sends and what the server answers, with
 * an arrow for who speaks. The findings that a rung leads to are under it.
 */
#include <string.h>

#include "base/arena.h"
#include "base/span.h"
#include "html/html_part.h"

/* which findings belong to which step of the dialogue */
static const struct {
    const char *step;
    const char *prefix;
} causes[] = {
    {"connect", "dns_client_"}, {"ehlo", "spf_helo_"},    {"starttls", "dane_"},
    {"starttls", "mta_sts_"},   {"mail", "spf_result_"},  {"content", "dkim_"},
    {"content", "message_"},    {"dot", "dmarc_result_"}, {"dot", "dmarc_spf_"},
    {"dot", "receiver_"},       {"dot", "dmarc_dkim_"},
};

/* step_leads_to - the finding is what the step leads to */
static bool step_leads_to(const json_t *finding, const char *step)
{
    const char *severity = html_get(finding, "severity");

    if (strcmp(severity, "error") != 0 && strcmp(severity, "warning") != 0)
        return false;
    for (size_t i = 0; i < COUNT_OF(causes); i++)
        if (strcmp(causes[i].step, step) == 0 &&
            span_starts_with(span_of(html_get(finding, "id")), causes[i].prefix))
            return true;
    return false;
}

/* put_causes - links to them */
static void put_causes(struct html *html, const char *step, const json_t *findings)
{
    for (size_t i = 0; i < json_array_size(findings); i++) {
        const json_t *finding = json_array_get(findings, i);

        if (step_leads_to(finding, step))
            html_fill(html, "<p>$b <a href=\"#f-$w\">$t</a></p>\n",
                      html_get(finding, "severity"), html_get(finding, "id"),
                      html_get(finding, "text"));
    }
}

/* put_lines - what goes over the wire; LF between lines */
static void put_lines(struct html *html, const char *who, const char *text)
{
    struct span rest = span_of(text);

    html_put(html, "<code>");
    while (rest.len > 0) {
        struct span line = span_cut(&rest, '\n');

        html_fill(html, "$t$t", who, arena_strdup_span(html->arena, line));
        html_put_literal(html, rest.len > 0 ? "\n" : "");
    }
    html_put(html, "</code>");
}

/* put_arrow - who speaks; both: the answer comes back */
static void put_arrow(struct html *html, bool is_sent, bool is_answered)
{
    if (!is_sent && !is_answered)
        return;
    html_put(html, "<svg aria-hidden=\"true\"><use href=\"#");
    html_put_literal(html, !is_answered ? "sent" : !is_sent ? "answered" : "both");
    html_put(html, "\"/></svg>");
}

/* put_notes - what the server looks at */
static void put_notes(struct html *html, const json_t *notes)
{
    if (json_array_size(notes) == 0)
        return;
    html_put(html, "<ul>");
    for (size_t i = 0; i < json_array_size(notes); i++)
        html_fill(html, "<li>$t", html_item(notes, i));
    html_put(html, "</ul>\n");
}

/* put_reply - what a single receiver answers here */
static void put_reply(struct html *html, const json_t *reply)
{
    html_fill(html, "<div>$b ", html_get(reply, "disposition"));
    put_lines(html, "S: ", html_get(reply, "server"));
    put_notes(html, html_find(reply, "notes"));
    html_put(html, "</div>\n");
}

/* put_step_line - one step */
static void put_step_line(struct html *html, const json_t *step, const json_t *findings)
{
    const char *client = html_get(step, "client");
    const char *server = html_get(step, "server");

    html_put(html, "<li><div class=\"rung\">");
    if (client[0] != '\0')
        put_lines(html, "C: ", client);
    else
        html_fill(html, "<span>$t</span>", html_get(step, "step"));
    put_arrow(html, client[0] != '\0', server[0] != '\0');
    if (server[0] != '\0')
        put_lines(html, "S: ", server);
    html_put(html, "</div>\n");
    put_notes(html, html_find(step, "notes"));
    html_each(html, html_find(step, "replies"), put_reply);
    put_causes(html, html_get(step, "step"), findings);
    html_put(html, "</li>\n");
}

/* put_whose - the receivers of the transcript that begins */
static void put_whose(struct html *html, const json_t *step, json_int_t number)
{
    const char *receivers = html_join(html->arena, html_find(step, "receivers"), ", ");

    html_fill(html, "<h3>Transcript $t$t$t</h3>\n", html_digits(html, number),
              receivers[0] != '\0' ? ": " : "", receivers);
}

/* put_arrows - drawn once on the page, used at each rung */
static void put_arrows(struct html *html)
{
    if (html->has_arrows)
        return;
    html->has_arrows = true;
    html_put(
        html,
        "<svg width=\"0\" height=\"0\" aria-hidden=\"true\">"
        "<symbol id=\"sent\" viewBox=\"0 0 60 16\"><path d=\"M0 4H58M52 1l6 3-6 3\"/></symbol>"
        "<symbol id=\"answered\" viewBox=\"0 0 60 16\"><path d=\"M60 12H2M8 9l-6 3 6 "
        "3\"/></symbol>"
        "<symbol id=\"both\" viewBox=\"0 0 60 16\"><path d=\"M0 4H58M52 1l6 3-6 3M60 12H2M8 "
        "9l-6 3 6 3\"/></symbol>"
        "</svg>\n");
}

void html_part_session(struct html *html, const json_t *steps, const json_t *findings)
{
    json_int_t last = -1;

    if (json_array_size(steps) == 0)
        return;
    put_arrows(html);
    html_put(html, "<p class=\"muted\">The client is on the left, the server on the right; "
                   "below a step: what the server checks, and the findings it leads to.</p>\n");
    for (size_t i = 0; i < json_array_size(steps); i++) {
        const json_t *step = json_array_get(steps, i);
        json_int_t number = html_integer(step, "conversation");

        if (number != last) {
            html_put_literal(html, i > 0 ? "</ol>\n" : "");
            if (number > 0)
                put_whose(html, step, number);
            html_put(html, "<ol class=\"ladder\">\n");
        }
        put_step_line(html, step, number > 1 ? NULL : findings);
        last = number;
    }
    html_put(html, "</ol>\n");
}
