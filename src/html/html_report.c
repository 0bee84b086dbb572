/* The page of check: the headline first, then what to do, then why. */
#include <string.h>

#include "base/arena.h"
#include "base/span.h"
#include "html/html_part.h"

/* ---- what was judged ---- */

/* put_headline - the same as the first line of the text */
static void put_headline(struct html *html, const json_t *report)
{
    const json_t *summary = html_find(report, "summary");
    const char *result = html_get(report, "result");

    html_fill(html, "<p class=\"headline $w\">$t</p>\n<p>Result: $b",
              strcmp(result, "pass") == 0   ? "good"
              : strcmp(result, "fail") == 0 ? "bad"
                                            : "doubt",
              html_has(summary, "headline") ? html_get(summary, "headline") : result, result);
    if (summary != NULL)
        html_fill(html, " · can others send as this domain? $b · its own mail: $b",
                  html_get(summary, "forgery"), html_get(summary, "own_mail"));
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
    html_fill(html, "<tr><th scope=\"row\">$t</th><td>$t</td><td>$b</td><td>$t</td></tr>\n",
              what, about, html_get(verdict, "result"), html_get(verdict, "reason"));
}

/* put_spf - one identity */
static void put_spf(struct html *html, const json_t *one)
{
    const char *identity =
        strcmp(html_get(one, "identity"), "helo") == 0 ? "HELO" : "MAIL FROM";

    put_verdict(html, "SPF",
                arena_printf(html->arena, "%s %s", identity, html_get(one, "domain")), one);
}

/* put_dkim - one signature */
static void put_dkim(struct html *html, const json_t *one)
{
    put_verdict(html, "DKIM",
                arena_printf(html->arena, "%s, selector %s", html_get(one, "domain"),
                             html_get(one, "selector")),
                one);
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
    html_each(html, html_find(report, "spf"), put_spf);
    html_each(html, html_find(report, "dkim"), put_dkim);
    if (html_has(arc, "instances"))
        put_verdict(html, "ARC", "the chain", arc);
    if (html_has(dmarc, "result"))
        put_verdict(html, "DMARC", html_get(dmarc, "record_domain"), dmarc);
    html_put(html, "</tbody>\n</table>\n");
}

/* put_engine - a library that reaches a different result */
static void put_engine(struct html *html, const json_t *one)
{
    if (html_is(one, "agrees"))
        return;
    html_put(html, "<p>");
    html_badge_as(html, HTML_DOUBT, "differs");
    html_fill(html, " $t says $t about $t: $t</p>\n", html_get(one, "library"),
              html_get(one, "result"), html_get(one, "about"), html_get(one, "detail"));
}

/* ---- receivers ---- */

/* first_source - of several: the data below has them all */
static const char *first_source(struct arena *arena, const char *sources)
{
    struct span rest = span_of(sources);

    return arena_strdup_span(arena, span_cut(&rest, ';'));
}

/* put_outcome - of one receiver */
static void put_outcome(struct html *html, const json_t *one)
{
    const char *text = html_get(one, "text");

    html_fill(html, "<tr><td>$b</td><td>$t", html_get(one, "disposition"), text);
    if (html_has(one, "confidence") && strstr(text, "confidence") == NULL)
        html_fill(html, " <span class=\"muted\">(confidence: $t)</span>",
                  html_get(one, "confidence"));
    html_paragraph(html, "source", first_source(html->arena, html_get(one, "source")));
    html_put(html, "</td></tr>\n");
}

void html_part_receivers(struct html *html, const json_t *list)
{
    if (json_array_size(list) == 0)
        return;
    html_heading(html, "Receivers");
    html_put(html, "<table class=\"wide\">\n<thead><tr><th>outcome</th><th>in words</th>"
                   "</tr></thead>\n<tbody>\n");
    html_each(html, list, put_outcome);
    html_put(html, "</tbody>\n</table>\n");
}

/* ---- steps ---- */

/* put_old - a record that goes */
static void put_old(struct html *html, const char *record)
{
    html_fill(html, "<del><code class=\"record old\">$t</code></del>\n", record);
}

/* put_edit - the record as it is, and as it should be */
static void put_edit(struct html *html, const json_t *edit)
{
    const char *action = html_get(edit, "action");

    html_fill(html, "<p>$t at $t, type $t:</p>\n", action, html_get(edit, "name"),
              html_get(edit, "type"));
    if (html_has(edit, "replaces"))
        put_old(html, html_get(edit, "replaces"));
    if (strcmp(action, "remove") == 0)
        put_old(html, html_get(edit, "value"));
    else
        html_record(html, html_get(edit, "value"));
}

/* put_about - links to the findings that a step is about */
static void put_about(struct html *html, const json_t *about)
{
    html_put(html, "\n<p class=\"muted\">for ");
    for (size_t i = 0; i < json_array_size(about); i++) {
        html_put_literal(html, i > 0 ? ", " : "");
        html_fill(html, "<a href=\"#f-$w\">$t</a>", html_item(about, i), html_item(about, i));
    }
    html_put(html, "</p>\n");
}

/* put_advice - who, what, and for which findings */
static void put_advice(struct html *html, const json_t *step)
{
    html_put(html, "<li>");
    if (html_has(step, "severity"))
        html_badge(html, html_get(step, "severity"));
    if (html_has(step, "who"))
        html_fill(html, " <strong>$t:</strong> ", html_get(step, "who"));
    html_text(html, html_get(step, "text"));
    if (html_has(step, "about"))
        put_about(html, html_find(step, "about"));
    html_paragraph(html, "muted", html_get(step, "condition"));
    html_paragraph(html, "muted", html_get(step, "evidence"));
    html_each(html, html_find(step, "edits"), put_edit);
    html_put(html, "</li>\n");
}

void html_part_steps(struct html *html, const json_t *report)
{
    const json_t *steps = html_find(report, "steps");

    if (json_array_size(steps) == 0)
        return;
    html_put(html, "<p class=\"muted\">Each record was tested before it is shown; click one to "
                   "select it.</p>\n<ol class=\"steps\">\n");
    html_each(html, steps, put_advice);
    html_put(html, "</ol>\n");
}

/* ---- what is published ---- */

/* put_published - a record of the audit, or its status */
static void put_published(struct html *html, const char *label, const json_t *part)
{
    const char *status = html_get(part, "status");

    if (part == NULL)
        return;
    html_fill(html, "<dt>$t</dt><dd>", label);
    if (html_has(part, "record"))
        html_record(html, html_get(part, "record"));
    else if (status[0] != '\0' && strcmp(status, "NXDOMAIN") != 0 &&
             strcmp(status, "NODATA") != 0)
        html_text(html, status);
    else
        html_put(html, "no record");
    html_put(html, "</dd>\n");
}

/* put_mail_host - preference and name */
static void put_mail_host(struct html *html, const json_t *host)
{
    html_fill(html, "<dt>MX</dt><dd>$t $t</dd>\n",
              html_digits(html, html_integer(host, "preference")), html_get(host, "host"));
}

/* put_selector - a DKIM key */
static void put_selector(struct html *html, const json_t *one)
{
    put_published(
        html, arena_printf(html->arena, "DKIM, selector %s", html_get(one, "selector")), one);
}

/* put_audit - the records that mail depends on */
static void put_audit(struct html *html, const json_t *report)
{
    const json_t *audit = html_find(report, "audit");

    if (audit == NULL)
        return;
    html_heading(html, "Published");
    html_put(html, "<dl>\n");
    html_each(html, html_find(html_find(audit, "mx"), "hosts"), put_mail_host);
    put_published(html, "SPF", html_find(audit, "spf"));
    put_published(html, "DMARC", html_find(audit, "dmarc"));
    html_each(html, html_find(html_find(audit, "dkim"), "selectors"), put_selector);
    put_published(html, "MTA-STS", html_find(audit, "mta_sts"));
    put_published(html, "TLS-RPT", html_find(audit, "tls_rpt"));
    put_published(html, "BIMI", html_find(audit, "bimi"));
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
    html_part_receivers(html, html_find(report, "receivers"));
    html_part_verdicts(html, report);
    html_each(html, html_find(report, "engines"), put_engine);
    if (html_has(report, "smtp")) {
        html_heading(html, "The expected SMTP session");
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
