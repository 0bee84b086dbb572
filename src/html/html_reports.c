/* What receivers reported, evaluated again: sums, senders, TLS, oddities of the reports. */
#include <string.h>

#include "base/arena.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "html/html_part.h"

#define SENDERS_MOST 100 /* in full: the others are in the data below */
#define NOTES_MOST   50
#define BAR          400 /* width of the drawing */
#define DAY_LENGTH   10  /* of "2026-11-01" */

/* day_words - of a time */
static const char *day_words(struct arena *arena, const json_t *object, const char *key)
{
    return arena_strdup_span(arena, span_sub(span_of(html_get(object, key)), 0, DAY_LENGTH));
}

/* ---- sums ---- */

/* what becomes of messages: where the number is, how it looks, what it says */
static const struct fate {
    const char *inside; /* NULL: in the sum itself */
    const char *key;
    enum html_tone tone;
    const char *word;
    const char *text;
} fates[] = {
    {NULL, "pass", HTML_GOOD, "pass", "DMARC with today's records"},
    {"fail_by_owner", "own", HTML_BAD, "fail", "and are yours"},
    {"fail_by_owner", "perhaps", HTML_DOUBT, "fail", "and may be yours"},
    {"fail_by_owner", "forwarded", HTML_DOUBT, "fail",
     "and look forwarded: do not list forwarders in SPF, sign your mail with DKIM"},
    {"fail_by_owner", "foreign", HTML_PLAIN, "fail", "and nothing shows that they are yours"},
    {NULL, "unknown", HTML_DOUBT, "unknown", "could not be evaluated"},
};

#define FATES COUNT_OF(fates)

/* messages_of - with this fate */
static json_int_t messages_of(const json_t *sum, const struct fate *fate)
{
    return html_integer(fate->inside != NULL ? html_find(sum, fate->inside) : sum, fate->key);
}

/* draw_sum - one bar, whose parts are the rows below it */
static void draw_sum(struct html *html, const json_t *sum)
{
    static const char *const classes[] = {[HTML_PLAIN] = "s-box",
                                          [HTML_GOOD] = "s-good",
                                          [HTML_DOUBT] = "s-doubt",
                                          [HTML_BAD] = "s-bad"};
    json_int_t all = html_integer(sum, "messages");
    json_int_t at = 0;

    html_put(html, "<figure><svg viewBox=\"0 0 400 20\" width=\"400\" aria-hidden=\"true\">"
                   "<rect class=\"s-box\" x=\"0\" y=\"2\" width=\"400\" height=\"16\"/>");
    for (size_t i = 0; i < FATES && all > 0; i++) {
        double share = (double)messages_of(sum, &fates[i]) / (double)all;
        json_int_t width = (json_int_t)(share * BAR + 0.5);

        width = share > 0 && width < 2 ? 2 : width;
        if (width <= 0)
            continue;
        html_fill(html, "<rect y=\"2\" height=\"16\" x=\"$t\" width=\"$t\" class=\"$w\"/>",
                  html_digits(html, at + width > BAR ? BAR - width : at),
                  html_digits(html, width), classes[fates[i].tone]);
        at += width;
    }
    html_put(html, "</svg><figcaption>Each part of the bar is a line below.</figcaption>"
                   "</figure>\n");
}

/* put_fate - a row of the table of sums */
static void put_fate(struct html *html, json_int_t messages, const struct fate *fate)
{
    if (messages == 0)
        return;
    html_fill(html, "<tr><td>$t</td><td>", html_grouped(html, messages));
    html_badge_as(html, fate->tone, fate->word);
    html_fill(html, " $t</td></tr>\n", fate->text);
}

/* put_sums - all messages */
static void put_sums(struct html *html, const json_t *traffic)
{
    static const struct fate policies[] = {
        {NULL, "reject", HTML_PLAIN, "refused", "by today's policy, of those that fail"},
        {NULL, "quarantine", HTML_PLAIN, "to junk", "by today's policy, of those that fail"},
    };
    static const struct fate older = {NULL, "pass", HTML_PLAIN, "pass",
                                      "at receivers that still apply RFC 7489"};
    const json_t *sum = html_find(traffic, "now");
    const json_t *before = html_find(sum, "rfc7489");

    html_fill(html, "<p>$t messages, $t to $t; reports: $t, reporters: $t</p>\n",
              html_grouped(html, html_integer(sum, "messages")),
              day_words(html->arena, traffic, "first"), day_words(html->arena, traffic, "last"),
              html_grouped(html, html_integer(traffic, "reports")),
              html_grouped(html, html_integer(traffic, "reporters")));
    draw_sum(html, sum);
    html_put(html, "<table>\n"
                   "<thead><tr><th>messages</th><th>evaluated again</th></tr></thead>\n"
                   "<tbody>\n");
    for (size_t i = 0; i < FATES; i++)
        put_fate(html, messages_of(sum, &fates[i]), &fates[i]);
    for (size_t i = 0; i < COUNT_OF(policies); i++)
        put_fate(html, messages_of(sum, &policies[i]), &policies[i]);
    if (html_integer(before, "pass") != html_integer(sum, "pass"))
        put_fate(html, html_integer(before, "pass"), &older);
    html_put(html, "</tbody>\n</table>\n");
}

/* ---- senders ---- */

/* identity_words - "SPF fail for example.com, DKIM pass for example.com with selector s1" */
static const char *identity_words(struct arena *arena, const json_t *identity)
{
    const json_t *spf = json_array_get(html_find(identity, "spf"), 0);
    const json_t *dkim = html_find(identity, "dkim");
    struct sbuf words = sbuf_start(arena);

    if (spf != NULL)
        sbuf_addf(&words, "SPF %s for %s, ", html_get(spf, "result"), html_get(spf, "domain"));
    for (size_t i = 0; i < json_array_size(dkim) && i < 2; i++) {
        const json_t *one = json_array_get(dkim, i);
        bool has_selector = html_has(one, "selector");

        sbuf_addf(&words, "%sDKIM %s for %s%s%s", i > 0 ? ", " : "", html_get(one, "result"),
                  html_get(one, "domain"), has_selector ? " with selector " : "",
                  has_selector ? html_get(one, "selector") : "");
    }
    if (json_array_size(dkim) == 0)
        sbuf_add(&words, "no DKIM signature");
    return sbuf_text(&words);
}

/* list_words - "192.0.2.7, 192.0.2.8 and 3 more" */
static const char *list_words(struct arena *arena, const json_t *list, json_int_t all)
{
    struct sbuf words = sbuf_start(arena);
    json_int_t shown = 0;

    for (; shown < 3 && shown < (json_int_t)json_array_size(list); shown++)
        sbuf_add_item(&words, ", ", html_item(list, (size_t)shown));
    if (all > shown)
        sbuf_addf(&words, " and %" JSON_INTEGER_FORMAT " more", all - shown);
    return sbuf_text(&words);
}

/* since_words - what newer reports say; "" */
static const char *since_words(struct arena *arena, const json_t *sender)
{
    if (html_has(sender, "passes_since"))
        return arena_printf(
            arena, "failed until %s; newer reports show that it has passed since %s",
            day_words(arena, sender, "failed_until"), day_words(arena, sender, "passes_since"));
    if (html_integer(sender, "not_yet_shown") > 0)
        return arena_printf(arena,
                            "%" JSON_INTEGER_FORMAT
                            " of these failed then and pass with today's "
                            "DNS; no newer report shows it yet",
                            html_integer(sender, "not_yet_shown"));
    return "";
}

/* put_sender_result - "50 fail" */
static void put_sender_result(struct html *html, const json_t *sender)
{
    const json_t *now = html_find(sender, "now");
    json_int_t fail = html_integer(now, "fail");
    bool is_own = strcmp(html_get(sender, "owner"), "own") == 0;

    if (fail > 0)
        html_badge_as(html, is_own ? HTML_BAD : HTML_DOUBT,
                      fail == html_integer(now, "messages")
                          ? "all fail"
                          : arena_printf(html->arena, "%" JSON_INTEGER_FORMAT " fail", fail));
    else
        html_badge(html, html_integer(now, "unknown") > 0 ? "unknown" : "pass");
}

/* put_sender - a row */
static void put_sender(struct html *html, const json_t *sender)
{
    struct arena *arena = html->arena;
    const char *addresses = list_words(arena, html_find(sender, "addresses"),
                                       html_integer(sender, "address_count"));

    html_fill(html, "<tr><td class=\"n\">$t</td><td class=\"who\"><strong>$t</strong>",
              html_grouped(html, html_integer(html_find(sender, "now"), "messages")),
              html_get(sender, "name"));
    if (strcmp(addresses, html_get(sender, "name")) != 0)
        html_paragraph(html, "muted", addresses);
    html_put(html, "</td><td>");
    put_sender_result(html, sender);
    html_fill(html, "</td><td>$t: $t", html_get(sender, "owner"), html_get(sender, "reason"));
    html_paragraph(html, "muted",
                   arena_printf(arena, "%s to %s, reported by %s; %s",
                                day_words(arena, sender, "first"),
                                day_words(arena, sender, "last"),
                                list_words(arena, html_find(sender, "reporters"), 0),
                                identity_words(arena, html_find(sender, "identity"))));
    html_paragraph(html, "note", since_words(arena, sender));
    html_put(html, "</td></tr>\n");
}

/* put_senders - those that fail come first in the document */
static void put_senders(struct html *html, const json_t *traffic)
{
    const json_t *senders = html_find(traffic, "senders");
    size_t count = json_array_size(senders);

    html_put(html, "<h3>Senders</h3>\n"
                   "<table class=\"wide\">\n"
                   "<thead><tr><th>messages</th><th>sender</th><th>with today's "
                   "records</th><th>owner</th></tr></thead>\n"
                   "<tbody>\n");
    for (size_t i = 0; i < count && i < SENDERS_MOST; i++)
        put_sender(html, json_array_get(senders, i));
    html_put(html, "</tbody>\n</table>\n");
    if (count > SENDERS_MOST)
        html_paragraph(html, "muted",
                       arena_printf(html->arena,
                                    "the first %d of %" JSON_INTEGER_FORMAT
                                    " senders are shown",
                                    SENDERS_MOST, html_integer(traffic, "sender_count")));
}

/* ---- TLS ---- */

/* put_tls_failure - a row */
static void put_tls_failure(struct html *html, const json_t *failure)
{
    const json_t *findings = html_find(failure, "findings");

    html_fill(html, "<tr><td class=\"n\">$t</td><td class=\"who\">",
              html_grouped(html, html_integer(failure, "sessions")));
    html_badge_as(html, HTML_BAD, html_get(failure, "type"));
    html_fill(html, "</td><td>$t</td><td>$t",
              html_has(failure, "mx") ? html_get(failure, "mx") : "no particular host",
              html_get(failure, "what"));
    html_paragraph(html, "muted",
                   arena_printf(html->arena, "reported by %s, %s to %s",
                                html_get(failure, "reporter"),
                                day_words(html->arena, failure, "first"),
                                day_words(html->arena, failure, "last")));
    html_paragraph(html, "note",
                   json_array_size(findings) > 0
                       ? arena_printf(html->arena, "the audit finds the same today: %s",
                                      list_words(html->arena, findings, 0))
                       : arena_printf(html->arena, "the audit does not find this today; %s",
                                      html_get(failure, "advice")));
    html_put(html, "</td></tr>\n");
}

/* put_tls_sums - what TLS reports count */
static void put_tls_sums(struct html *html, const json_t *tls)
{
    const json_t *failures = html_find(tls, "failures");

    if (html_integer(tls, "reports") == 0)
        return;
    html_fill(html, "<h3>TLS sessions</h3>\n<p>$t succeeded, $t failed</p>\n",
              html_grouped(html, html_integer(tls, "successful")),
              html_grouped(html, html_integer(tls, "failed")));
    if (json_array_size(failures) == 0)
        return;
    html_put(html, "<table class=\"wide\">\n<thead><tr><th>sessions</th><th>kind</th>"
                   "<th>mail host</th><th>in words</th></tr></thead>\n<tbody>\n");
    html_each(html, failures, put_tls_failure);
    html_put(html, "</tbody>\n</table>\n");
}

/* ---- what is odd ---- */

/* put_policy - a record that reporters saw, if it is not today's */
static void put_policy(struct html *html, const json_t *one)
{
    struct arena *arena = html->arena;

    if (html_is(one, "differs_from_today"))
        html_paragraph(
            html, "note",
            arena_printf(arena, "from %s to %s, %s saw another record at %s than today's: p=%s",
                         day_words(arena, one, "first"), day_words(arena, one, "last"),
                         list_words(arena, html_find(one, "reporters"), 0),
                         html_get(one, "domain"), html_get(one, "p")));
}

/* put_missing_key - a key that receivers saw, if it is not there any more */
static void put_missing_key(struct html *html, const json_t *one)
{
    if (html_is(one, "key_missing") && html_integer(one, "pass") > 0)
        html_paragraph(
            html, "bad",
            arena_printf(html->arena,
                         "%" JSON_INTEGER_FORMAT " messages signed with selector %s of %s "
                         "passed until %s, but no key is there today",
                         html_integer(one, "pass"), html_get(one, "selector"),
                         html_get(one, "domain"), day_words(html->arena, one, "last")));
}

/* put_other - a domain that was not asked about */
static void put_other(struct html *html, const json_t *other)
{
    html_paragraph(html, "muted",
                   arena_printf(html->arena, "not counted, about another domain: %s",
                                html_get(other, "domain")));
}

/* put_report_notes - about the files */
static void put_report_notes(struct html *html, const json_t *notes)
{
    size_t count = json_array_size(notes);

    for (size_t i = 0; i < count && i < NOTES_MOST; i++) {
        const json_t *one = json_array_get(notes, i);

        html_paragraph(
            html, "muted",
            arena_printf(html->arena, "%s: %s", html_get(one, "place"), html_get(one, "text")));
    }
    if (count > NOTES_MOST)
        html_paragraph(html, "muted", "More notes about the reports are in the data below.");
}

void html_part_traffic(struct html *html, const json_t *traffic)
{
    html_paragraph(html, "evidence", html_get(traffic, "evidence"));
    if (html_integer(traffic, "reports") == 0) {
        html_put(html, "<p>No aggregate report about this domain was found.</p>\n");
    } else {
        put_sums(html, traffic);
        put_senders(html, traffic);
    }
    put_tls_sums(html, html_find(traffic, "tls"));
    html_each(html, html_find(traffic, "policies"), put_policy);
    html_each(html, html_find(traffic, "selectors"), put_missing_key);
    html_each(html, html_find(traffic, "other_domains"), put_other);
    put_report_notes(html, html_find(traffic, "notes"));
}

/* put_reported_domain - its traffic */
static void put_reported_domain(struct html *html, const json_t *one)
{
    html_heading(html, html_get(one, "domain"));
    html_part_traffic(html, one);
}

void html_part_reports(struct html *html, const json_t *document)
{
    html_made_by(html, document);
    html_put(html, "<p>What receivers reported, evaluated again with today's DNS.</p>\n"
                   "</header>\n<main>\n");
    html_each(html, html_find(document, "reports"), put_reported_domain);
    if (html_integer(document, "domains_left_off") > 0)
        html_put(html, "<p>The reports cover more domains; those with the most mail were "
                       "evaluated.</p>\n");
}
