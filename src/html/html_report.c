/* The page of check: the headline first, then what to do, then why. */
#include <string.h>

#include "base/arena.h"
#include "base/span.h"
#include "html/html_part.h"

/* ---- what was judged ---- */

/* put_headline - word by word as the first line of the text */
static void put_headline(struct html *html, const json_t *report)
{
    const json_t *summary = html_find(report, "summary");
    const char *result = html_get(report, "result");

    html_put(html, "<p class=\"headline ");
    html_put_literal(html, strcmp(result, "pass") == 0   ? "good"
                           : strcmp(result, "fail") == 0 ? "bad"
                                                         : "doubt");
    html_put(html, "\">");
    html_text(html, html_has(summary, "headline") ? html_get(summary, "headline") : result);
    html_put(html, "</p>\n<p>Result: ");
    html_badge(html, result);
    if (summary != NULL) {
        html_put(html, " · can others send as this domain? ");
        html_badge(html, html_get(summary, "forgery"));
        html_put(html, " · its own mail: ");
        html_badge(html, html_get(summary, "own_mail"));
    }
    html_put(html, "</p>\n");
}

/* put_subject - message and envelope */
static void put_subject(struct html *html, const json_t *report)
{
    const json_t *subject = html_find(report, "subject");
    const json_t *message = html_find(subject, "message");

    if (message == NULL && !html_has(subject, "ip") && !html_has(subject, "mail_from"))
        return;
    html_put(html, "<table>\n<tbody>\n");
    html_row(html, "From", html_get(message, "from"));
    html_row(html, "Message-ID", html_get(message, "message_id"));
    html_row(html, "client address", html_get(subject, "ip"));
    html_row(html, "HELO", html_get(subject, "helo"));
    html_row(html, "MAIL FROM", html_get(subject, "mail_from"));
    html_row(html, "RCPT TO", html_get(subject, "rcpt"));
    html_put(html, "</tbody>\n</table>\n");
}

/* ---- verdicts ---- */

/* put_verdict - one row: what was judged, the result, the reason */
static void put_verdict(struct html *html, const char *what, const char *about,
                        const json_t *verdict)
{
    html_put(html, "<tr><th scope=\"row\">");
    html_text(html, what);
    html_put(html, "</th><td>");
    html_text(html, about);
    html_put(html, "</td><td>");
    html_badge(html, html_get(verdict, "result"));
    html_put(html, "</td><td>");
    html_text(html, html_get(verdict, "reason"));
    html_put(html, "</td></tr>\n");
}

/* put_spf - one row for each identity */
static void put_spf(struct html *html, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);

        put_verdict(
            html, "SPF",
            arena_printf(html->arena, "%s %s",
                         strcmp(html_get(one, "identity"), "helo") == 0 ? "HELO" : "MAIL FROM",
                         html_get(one, "domain")),
            one);
    }
}

/* put_dkim - one row for each signature */
static void put_dkim(struct html *html, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);

        put_verdict(html, "DKIM",
                    arena_printf(html->arena, "%s, selector %s", html_get(one, "domain"),
                                 html_get(one, "selector")),
                    one);
    }
}

void html_part_verdicts(struct html *html, const json_t *report)
{
    const json_t *dmarc = html_find(report, "dmarc");
    const json_t *arc = html_find(report, "arc");

    if (!html_has(report, "spf") && !html_has(report, "dkim") && !html_has(dmarc, "result"))
        return;
    html_put(html, "<h3>Verdicts</h3>\n");

    html_draw_alignment(html, report);
    html_put(html, "<table class=\"wide\">\n<thead><tr><th>by</th><th>about</th>"
                   "<th>result</th><th>because</th></tr></thead>\n<tbody>\n");
    put_spf(html, html_find(report, "spf"));
    put_dkim(html, html_find(report, "dkim"));
    if (html_has(arc, "instances"))
        put_verdict(html, "ARC", "the chain", arc);
    if (html_has(dmarc, "result"))
        put_verdict(html, "DMARC", html_get(dmarc, "record_domain"), dmarc);
    html_put(html, "</tbody>\n</table>\n");
}

/* put_engines - the libraries where they say something else */
static void put_engines(struct html *html, const json_t *report)
{
    const json_t *engines = html_find(report, "engines");

    for (size_t i = 0; i < json_array_size(engines); i++) {
        const json_t *one = json_array_get(engines, i);

        if (json_is_true(json_object_get(one, "agrees")))
            continue;
        html_put(html, "<p>");
        html_badge_as(html, HTML_DOUBT, "differs");
        html_put(html, " ");
        html_text(html, html_get(one, "library"));
        html_put(html, " says ");
        html_text(html, html_get(one, "result"));
        html_put(html, " about ");
        html_text(html, html_get(one, "about"));
        html_put(html, ": ");
        html_text(html, html_get(one, "detail"));
        html_put(html, "</p>\n");
    }
}

/* ---- receivers ---- */

/* first_source - of several: the data below has them all */
static const char *first_source(struct arena *arena, const char *sources)
{
    struct span rest = span_of(sources);

    return arena_strdup_span(arena, span_cut(&rest, ';'));
}

/* put_receivers - one row for each outcome */
static void put_receivers(struct html *html, const json_t *list)
{
    if (json_array_size(list) == 0)
        return;
    html_heading(html, "Receivers");
    html_put(html, "<table class=\"wide\">\n<thead><tr><th>outcome</th><th>in words</th>"
                   "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);

        html_put(html, "<tr><td>");
        html_badge(html, html_get(one, "disposition"));
        html_put(html, "</td><td>");
        html_text(html, html_get(one, "text"));
        if (html_has(one, "confidence") &&
            strstr(html_get(one, "text"), "confidence") == NULL) {
            html_put(html, " <span class=\"muted\">(confidence: ");
            html_text(html, html_get(one, "confidence"));
            html_put(html, ")</span>");
        }
        html_paragraph(html, "source", first_source(html->arena, html_get(one, "source")));
        html_put(html, "</td></tr>\n");
    }
    html_put(html, "</tbody>\n</table>\n");
}

/* ---- steps ---- */

/* put_old - a record that goes */
static void put_old(struct html *html, const char *record)
{
    html_put(html, "<del><code class=\"record old\">");
    html_text(html, record);
    html_put(html, "</code></del>\n");
}

/* put_edit - the record as it is, and as it should be */
static void put_edit(struct html *html, const json_t *edit)
{
    html_put(html, "<p>");
    html_text(html, html_get(edit, "action"));
    html_put(html, " at ");
    html_text(html, html_get(edit, "name"));
    html_put(html, ", type ");
    html_text(html, html_get(edit, "type"));
    html_put(html, ":</p>\n");
    if (html_has(edit, "replaces")) {
        put_old(html, html_get(edit, "replaces"));
    }
    if (strcmp(html_get(edit, "action"), "remove") == 0) {
        put_old(html, html_get(edit, "value"));
    } else {
        html_record(html, html_get(edit, "value"));
    }
}

/* put_about - links to the findings that a step is about */
static void put_about(struct html *html, const json_t *about)
{
    html_put(html, "\n<p class=\"muted\">for ");
    for (size_t i = 0; i < json_array_size(about); i++) {
        const char *id = json_string_value(json_array_get(about, i));

        html_put_literal(html, i > 0 ? ", " : "");
        html_put(html, "<a href=\"#f-");
        html_word(html, id != NULL ? id : "");
        html_put(html, "\">");
        html_text(html, id != NULL ? id : "");
        html_put(html, "</a>");
    }
    html_put(html, "</p>\n");
}

/* put_advice - who, what, and for which findings */
static void put_advice(struct html *html, const json_t *step)
{
    const json_t *about = html_find(step, "about");
    const json_t *edits = html_find(step, "edits");

    html_put(html, "<li>");
    if (html_has(step, "severity"))
        html_badge(html, html_get(step, "severity"));
    if (html_has(step, "who")) {
        html_put(html, " <strong>");
        html_text(html, html_get(step, "who"));
        html_put(html, ":</strong> ");
    }
    html_text(html, html_get(step, "text"));
    if (json_array_size(about) > 0)
        put_about(html, about);
    html_paragraph(html, "muted", html_get(step, "condition"));
    html_paragraph(html, "muted", html_get(step, "evidence"));
    for (size_t i = 0; i < json_array_size(edits); i++)
        put_edit(html, json_array_get(edits, i));
    html_put(html, "</li>\n");
}

void html_part_steps(struct html *html, const json_t *report)
{
    const json_t *steps = html_find(report, "steps");

    if (json_array_size(steps) == 0)
        return;
    html_put(html, "<p class=\"muted\">Records were tried before they are shown; a click "
                   "selects one.</p>\n<ol class=\"steps\">\n");
    for (size_t i = 0; i < json_array_size(steps); i++)
        put_advice(html, json_array_get(steps, i));
    html_put(html, "</ol>\n");
}

/* ---- what is published ---- */

/* put_published - a record of the audit, or its status */
static void put_published(struct html *html, const char *label, const json_t *part,
                          const char *key)
{
    if (part == NULL)
        return;
    html_put(html, "<dt>");
    html_text(html, label);
    html_put(html, "</dt><dd>");
    if (html_has(part, key))
        html_record(html, html_get(part, key));
    else if (html_has(part, "status") && strcmp(html_get(part, "status"), "NXDOMAIN") != 0 &&
             strcmp(html_get(part, "status"), "NODATA") != 0)
        html_text(html, html_get(part, "status"));
    else
        html_put(html, "no record");
    html_put(html, "</dd>\n");
}

/* put_mail_hosts - preference and name */
static void put_mail_hosts(struct html *html, const json_t *mx)
{
    const json_t *hosts = html_find(mx, "hosts");

    for (size_t i = 0; i < json_array_size(hosts); i++) {
        const json_t *host = json_array_get(hosts, i);

        html_put(html, "<dt>MX</dt><dd>");
        html_number(html, json_integer_value(json_object_get(host, "preference")));
        html_put(html, " ");
        html_text(html, html_get(host, "host"));
        html_put(html, "</dd>\n");
    }
}

/* put_audit - the records that mail depends on */
static void put_audit(struct html *html, const json_t *report)
{
    const json_t *audit = html_find(report, "audit");
    const json_t *selectors = html_find(html_find(audit, "dkim"), "selectors");

    if (audit == NULL)
        return;
    html_heading(html, "Published");
    html_put(html, "<dl>\n");
    put_mail_hosts(html, html_find(audit, "mx"));
    put_published(html, "SPF", html_find(audit, "spf"), "record");
    put_published(html, "DMARC", html_find(audit, "dmarc"), "record");
    for (size_t i = 0; i < json_array_size(selectors); i++) {
        const json_t *one = json_array_get(selectors, i);

        put_published(html,
                      arena_printf(html->arena, "DKIM, selector %s", html_get(one, "selector")),
                      one, "record");
    }
    put_published(html, "MTA-STS", html_find(audit, "mta_sts"), "record");
    put_published(html, "TLS-RPT", html_find(audit, "tls_rpt"), "record");
    put_published(html, "BIMI", html_find(audit, "bimi"), "record");
    html_put(html, "</dl>\n");
}

void html_part_report(struct html *html, const json_t *report)
{
    html_made_by(html, report);
    put_headline(html, report);
    put_subject(html, report);
    html_put(html, "</header>\n<main>\n");
    if (html_has(report, "steps"))
        html_heading(html, "Do this, in this order");
    html_part_steps(html, report);
    put_receivers(html, html_find(report, "receivers"));
    html_part_verdicts(html, report);
    put_engines(html, report);
    if (html_has(report, "smtp")) {
        html_heading(html, "The SMTP session as it would go");
        html_part_session(html, html_find(report, "smtp"), html_find(report, "findings"));
    }
    html_part_findings(html, "Findings", html_find(report, "findings"), true);
    if (html_has(report, "reports")) {
        html_heading(html, "What receivers reported, evaluated again");
        html_part_traffic(html, html_find(report, "reports"));
    }
    html_draw_spf(html, report);
    html_draw_forgery(html, report);
    put_audit(html, report);
}
