/* What receivers reported, judged again: sums, senders, TLS, and what is odd about reports. */
#include <string.h>

#include "base/arena.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "html/html_part.h"

#define SENDERS_MOST 100 /* in full: the rest is in the data below */
#define NOTES_MOST   50
#define BAR          400 /* width of the drawing */
#define DAY_LENGTH   10  /* of "2026-11-01" */

/* reported_count - a count of the document */
static json_int_t reported_count(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

/* day_words - of a time */
static const char *day_words(struct arena *arena, const json_t *object, const char *key)
{
    return arena_strdup_span(arena, span_sub(span_of(html_get(object, key)), 0, DAY_LENGTH));
}

/* put_count - "1,234" */
static void put_count(struct html *html, json_int_t number)
{
    if (number >= 1000) {
        put_count(html, number / 1000);
        html_text(html, arena_printf(html->arena, ",%03d", (int)(number % 1000)));
    } else {
        html_number(html, number);
    }
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
    {NULL, "pass", HTML_GOOD, "pass", "DMARC by the records of today"},
    {"fail_by_owner", "own", HTML_BAD, "fail", "and are yours"},
    {"fail_by_owner", "perhaps", HTML_DOUBT, "fail", "and may be yours"},
    {"fail_by_owner", "forwarded", HTML_DOUBT, "fail",
     "and look forwarded: list no forwarder, sign your mail with DKIM"},
    {"fail_by_owner", "foreign", HTML_PLAIN, "fail", "and nothing says that they are yours"},
    {NULL, "unknown", HTML_DOUBT, "unknown", "could not be judged"},
};

#define FATES (sizeof(fates) / sizeof(fates[0]))

/* messages_of - with this fate */
static json_int_t messages_of(const json_t *sum, const struct fate *fate)
{
    return reported_count(fate->inside != NULL ? html_find(sum, fate->inside) : sum, fate->key);
}

/* draw_sum - one bar, whose parts are the rows below it */
static void draw_sum(struct html *html, const json_t *sum)
{
    json_int_t all = reported_count(sum, "messages");
    json_int_t at = 0;

    html_put(html, "<figure><svg viewBox=\"0 0 400 20\" width=\"400\" aria-hidden=\"true\">"
                   "<rect class=\"s-box\" x=\"0\" y=\"2\" width=\"400\" height=\"16\"/>");
    for (size_t i = 0; i < FATES && all > 0; i++) {
        double share = (double)messages_of(sum, &fates[i]) / (double)all;
        json_int_t width = (json_int_t)(share * BAR + 0.5);

        width = share > 0 && width < 2 ? 2 : width;
        if (width <= 0)
            continue;
        html_put(html, "<rect y=\"2\" height=\"16\" x=\"");
        html_number(html, at + width > BAR ? BAR - width : at);
        html_put(html, "\" width=\"");
        html_number(html, width);
        html_put(html, "\" class=\"");
        html_put_literal(html, fates[i].tone == HTML_GOOD    ? "s-good"
                               : fates[i].tone == HTML_BAD   ? "s-bad"
                               : fates[i].tone == HTML_DOUBT ? "s-doubt"
                                                             : "s-box");
        html_put(html, "\"/>");
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
    html_put(html, "<tr><td>");
    put_count(html, messages);
    html_put(html, "</td><td>");
    html_badge_as(html, fate->tone, fate->word);
    html_put(html, " ");
    html_text(html, fate->text);
    html_put(html, "</td></tr>\n");
}

/* put_sums - all messages */
static void put_sums(struct html *html, const json_t *traffic)
{
    static const struct fate policies[] = {
        {NULL, "reject", HTML_PLAIN, "refused", "by the policy of today, of those that fail"},
        {NULL, "quarantine", HTML_PLAIN, "to junk",
         "by the policy of today, of those that fail"},
    };
    static const struct fate older = {NULL, "pass", HTML_PLAIN, "pass",
                                      "at receivers that still go by RFC 7489"};
    const json_t *sum = html_find(traffic, "now");
    const json_t *before = html_find(sum, "rfc7489");

    html_put(html, "<p>");
    put_count(html, reported_count(sum, "messages"));
    html_put(html, " messages, ");
    html_text(html, day_words(html->arena, traffic, "first"));
    html_put(html, " to ");
    html_text(html, day_words(html->arena, traffic, "last"));
    html_put(html, "; reports: ");
    put_count(html, reported_count(traffic, "reports"));
    html_put(html, ", reporters: ");
    put_count(html, reported_count(traffic, "reporters"));
    html_put(html, "</p>\n");
    draw_sum(html, sum);
    html_put(html, "<table>\n"
                   "<thead><tr><th>messages</th><th>evaluated again</th></tr></thead>\n"
                   "<tbody>\n");
    for (size_t i = 0; i < FATES; i++)
        put_fate(html, messages_of(sum, &fates[i]), &fates[i]);
    for (size_t i = 0; i < sizeof(policies) / sizeof(policies[0]); i++)
        put_fate(html, messages_of(sum, &policies[i]), &policies[i]);
    if (reported_count(before, "pass") != reported_count(sum, "pass"))
        put_fate(html, reported_count(before, "pass"), &older);
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

    for (; shown < 3 && shown < (json_int_t)json_array_size(list); shown++) {
        const char *one = json_string_value(json_array_get(list, (size_t)shown));

        sbuf_addf(&words, "%s%s", shown > 0 ? ", " : "", one != NULL ? one : "");
    }
    if (all > shown)
        sbuf_addf(&words, " and %" JSON_INTEGER_FORMAT " more", all - shown);
    return sbuf_text(&words);
}

/* since_words - what newer reports say; "" */
static const char *since_words(struct arena *arena, const json_t *sender)
{
    if (html_has(sender, "passes_since"))
        return arena_printf(
            arena, "failed until %s; newer reports show that it passes since %s",
            day_words(arena, sender, "failed_until"), day_words(arena, sender, "passes_since"));
    if (reported_count(sender, "not_yet_shown") > 0)
        return arena_printf(arena,
                            "%" JSON_INTEGER_FORMAT " of it failed then and pass by the DNS of "
                            "today; no newer report shows it yet",
                            reported_count(sender, "not_yet_shown"));
    return "";
}

/* put_sender_result - "50 fail" */
static void put_sender_result(struct html *html, const json_t *sender)
{
    const json_t *now = html_find(sender, "now");
    json_int_t fail = reported_count(now, "fail");
    bool is_own = strcmp(html_get(sender, "owner"), "own") == 0;

    if (fail > 0)
        html_badge_as(html, is_own ? HTML_BAD : HTML_DOUBT,
                      fail == reported_count(now, "messages")
                          ? "all fail"
                          : arena_printf(html->arena, "%" JSON_INTEGER_FORMAT " fail", fail));
    else
        html_badge(html, reported_count(now, "unknown") > 0 ? "unknown" : "pass");
}

/* put_sender - a row */
static void put_sender(struct html *html, const json_t *sender)
{
    struct arena *arena = html->arena;
    const char *addresses = list_words(arena, html_find(sender, "addresses"),
                                       reported_count(sender, "address_count"));

    html_put(html, "<tr><td class=\"n\">");
    put_count(html, reported_count(html_find(sender, "now"), "messages"));
    html_put(html, "</td><td class=\"who\"><strong>");
    html_text(html, html_get(sender, "name"));
    html_put(html, "</strong>");
    if (strcmp(addresses, html_get(sender, "name")) != 0)
        html_paragraph(html, "muted", addresses);
    html_put(html, "</td><td>");
    put_sender_result(html, sender);
    html_put(html, "</td><td>");
    html_text(html, html_get(sender, "owner"));
    html_put(html, ": ");
    html_text(html, html_get(sender, "reason"));
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
                   "<thead><tr><th>messages</th><th>sender</th><th>with the records of "
                   "today</th><th>owner</th></tr></thead>\n"
                   "<tbody>\n");
    for (size_t i = 0; i < count && i < SENDERS_MOST; i++)
        put_sender(html, json_array_get(senders, i));
    html_put(html, "</tbody>\n</table>\n");
    if (count > SENDERS_MOST)
        html_paragraph(html, "muted",
                       arena_printf(html->arena,
                                    "of %" JSON_INTEGER_FORMAT
                                    " senders the first %d are shown",
                                    reported_count(traffic, "sender_count"), SENDERS_MOST));
}

/* ---- TLS ---- */

/* put_tls_failure - a row */
static void put_tls_failure(struct html *html, const json_t *failure)
{
    const json_t *findings = html_find(failure, "findings");

    html_put(html, "<tr><td class=\"n\">");
    put_count(html, reported_count(failure, "sessions"));
    html_put(html, "</td><td class=\"who\">");
    html_badge_as(html, HTML_BAD, html_get(failure, "type"));
    html_put(html, "</td><td>");
    html_text(html,
              html_has(failure, "mx") ? html_get(failure, "mx") : "no host in particular");
    html_put(html, "</td><td>");
    html_text(html, html_get(failure, "what"));
    html_paragraph(html, "muted",
                   arena_printf(html->arena, "reported by %s, %s to %s",
                                html_get(failure, "reporter"),
                                day_words(html->arena, failure, "first"),
                                day_words(html->arena, failure, "last")));
    html_paragraph(html, "note",
                   json_array_size(findings) > 0
                       ? arena_printf(html->arena, "the audit finds the same today: %s",
                                      list_words(html->arena, findings, 0))
                       : arena_printf(html->arena, "the audit sees nothing of it today; %s",
                                      html_get(failure, "advice")));
    html_put(html, "</td></tr>\n");
}

/* put_tls_sums - what TLS reports count */
static void put_tls_sums(struct html *html, const json_t *tls)
{
    const json_t *failures = html_find(tls, "failures");

    if (reported_count(tls, "reports") == 0)
        return;
    html_put(html, "<h3>TLS sessions</h3>\n<p>");
    put_count(html, reported_count(tls, "successful"));
    html_put(html, " succeeded, ");
    put_count(html, reported_count(tls, "failed"));
    html_put(html, " failed</p>\n");
    if (json_array_size(failures) == 0)
        return;
    html_put(html, "<table class=\"wide\">\n<thead><tr><th>sessions</th><th>kind</th>"
                   "<th>mail host</th><th>in words</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < json_array_size(failures); i++)
        put_tls_failure(html, json_array_get(failures, i));
    html_put(html, "</tbody>\n</table>\n");
}

/* ---- what is odd ---- */

/* put_policies - records that reporters saw, and that are not those of today */
static void put_policies(struct html *html, const json_t *policies)
{
    struct arena *arena = html->arena;

    for (size_t i = 0; i < json_array_size(policies); i++) {
        const json_t *one = json_array_get(policies, i);

        if (json_is_true(json_object_get(one, "differs_from_today")))
            html_paragraph(html, "note",
                           arena_printf(arena,
                                        "%s saw another record at %s than that of today, %s to "
                                        "%s: p=%s",
                                        list_words(arena, html_find(one, "reporters"), 0),
                                        html_get(one, "domain"), day_words(arena, one, "first"),
                                        day_words(arena, one, "last"), html_get(one, "p")));
    }
}

/* put_selectors - keys that receivers saw, and that are not there any more */
static void put_selectors(struct html *html, const json_t *selectors)
{
    struct arena *arena = html->arena;

    for (size_t i = 0; i < json_array_size(selectors); i++) {
        const json_t *one = json_array_get(selectors, i);

        if (json_is_true(json_object_get(one, "key_missing")) &&
            reported_count(one, "pass") > 0)
            html_paragraph(
                html, "bad",
                arena_printf(arena,
                             "%" JSON_INTEGER_FORMAT " messages signed with selector %s of %s "
                             "passed until %s, but no key is there today",
                             reported_count(one, "pass"), html_get(one, "selector"),
                             html_get(one, "domain"), day_words(arena, one, "last")));
    }
}

/* put_others - domains that were not asked about */
static void put_others(struct html *html, const json_t *others)
{
    for (size_t i = 0; i < json_array_size(others); i++)
        html_paragraph(html, "muted",
                       arena_printf(html->arena,
                                    "not counted, because about another domain: %s",
                                    html_get(json_array_get(others, i), "domain")));
}

/* put_report_notes - a sentence each about the files */
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
        html_paragraph(html, "muted",
                       "More sentences about the reports are in the data below.");
}

void html_part_traffic(struct html *html, const json_t *traffic)
{
    html_paragraph(html, "evidence", html_get(traffic, "evidence"));
    if (reported_count(traffic, "reports") == 0) {
        html_put(html, "<p>No aggregate report about this domain was found.</p>\n");
    } else {
        put_sums(html, traffic);
        put_senders(html, traffic);
    }
    put_tls_sums(html, html_find(traffic, "tls"));
    put_policies(html, html_find(traffic, "policies"));
    put_selectors(html, html_find(traffic, "selectors"));
    put_others(html, html_find(traffic, "other_domains"));
    put_report_notes(html, html_find(traffic, "notes"));
}

void html_part_reports(struct html *html, const json_t *document)
{
    const json_t *list = html_find(document, "reports");

    html_made_by(html, document);
    html_put(html, "<p>What receivers reported, evaluated again with the DNS of today.</p>\n"
                   "</header>\n"
                   "<main>\n");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);

        html_heading(html, html_get(one, "domain"));
        html_part_traffic(html, one);
    }
    if (reported_count(document, "domains_left_off") > 0)
        html_put(html, "<p>The reports are about more domains; those with most mail are "
                       "judged.</p>\n");
}
