/*
 * Drawings, each with the same in words for those who hear the page. What has words in it is a
 * list with lines, so that its letters keep their size.
 */
#include <string.h>

#include "base/arena.h"
#include "base/span.h"
#include "html/html_part.h"

/* ---- SPF ---- */

#define LOOKUPS_MAX  10 /* RFC 7208, 4.6.4 */
#define LOOKUPS_SEEN 40 /* boxes that are drawn: what is beyond them is counted */
#define BOX          14
#define TREE_DEPTH   12 /* of a stored report that claims more */

/* draw_boxes - those from one number up to another: a thick line with gaps */
static void draw_boxes(struct html *html, const char *class, json_int_t from, json_int_t to)
{
    if (from >= to)
        return;
    html_fill(html, "<path class=\"$w\" d=\"M$t 10H$t\"/>", class,
              html_digits(html, from * (BOX + 2)), html_digits(html, to * (BOX + 2)));
}

/* draw_lookups - a box for each lookup, those beyond the limit in the colour of failure */
static void draw_lookups(struct html *html, json_int_t lookups)
{
    json_int_t seen = lookups > LOOKUPS_SEEN ? LOOKUPS_SEEN : lookups;
    json_int_t boxes = seen > LOOKUPS_MAX ? seen : LOOKUPS_MAX;
    json_int_t fine = seen < LOOKUPS_MAX ? seen : LOOKUPS_MAX;

    html_fill(html,
              "<figure><svg class=\"boxes\" viewBox=\"0 0 $t 20\" width=\"$t\" "
              "aria-hidden=\"true\">",
              html_digits(html, boxes * (BOX + 2)), html_digits(html, boxes * (BOX + 2)));
    draw_boxes(html, "s-good", 0, fine);
    draw_boxes(html, "s-bad", LOOKUPS_MAX, seen);
    draw_boxes(html, "s-line", fine, LOOKUPS_MAX);
    html_fill(html,
              "</svg><figcaption>$t of 10 DNS lookups; a receiver stops at the eleventh with "
              "permerror</figcaption></figure>\n",
              html_digits(html, lookups));
}

/* put_tree - the terms that cost lookups, and where they lead */
static void put_tree(struct html *html, const json_t *node, int depth)
{
    const json_t *terms = html_find(node, "terms");
    size_t count = 0;

    for (size_t i = 0; i < json_array_size(terms); i++) {
        const json_t *term = json_array_get(terms, i);
        json_int_t cost = html_integer(term, "lookups");

        if (cost == 0)
            continue;
        html_put_literal(html, count++ == 0 ? "<ul class=\"tree\">\n" : "");
        html_fill(html, "<li><code>$t</code> $t lookup$t", html_get(term, "term"),
                  html_digits(html, cost), cost == 1 ? "" : "s");
        if (html_is(term, "void"))
            html_put(html, " <span class=\"doubt\">leads nowhere</span>");
        if (depth < TREE_DEPTH && html_has(term, "leads_to"))
            put_tree(html, html_find(term, "leads_to"), depth + 1);
        html_put(html, "</li>\n");
    }
    html_put_literal(html, count > 0 ? "</ul>\n" : "");
}

void html_draw_spf(struct html *html, const json_t *report)
{
    const json_t *spf = html_find(html_find(report, "audit"), "spf");

    if (!html_has(spf, "root"))
        return;
    html_heading(html, "What SPF costs");
    draw_lookups(html, html_integer(spf, "lookups"));
    html_fill(html, "<p><code>$t</code></p>\n", html_get(spf, "domain"));
    put_tree(html, html_find(spf, "root"), 0);
}

/* ---- alignment ---- */

/* draw_identifier - a domain at the end of a line from From: solid where it aligns */
static void draw_identifier(struct html *html, const char *label, const char *domain,
                            bool is_aligned)
{
    html_put_literal(html, is_aligned ? "<li class=\"good\">✓ " : "<li class=\"bad\">✕ ");
    html_fill(html, "$t $t</li>", label, domain);
}

/* author_domain - of the From field; "" */
static const char *author_domain(const json_t *report)
{
    const char *from = html_get(html_find(html_find(report, "subject"), "message"), "from");
    const char *at = strrchr(from, '@');

    return at != NULL ? at + 1 : "";
}

/* draw_identifiers - SPF's one, and DKIM's */
static void draw_identifiers(struct html *html, const json_t *report)
{
    const json_t *dmarc = html_find(report, "dmarc");
    const json_t *spf = html_find(report, "spf");
    const json_t *dkim = html_find(report, "dkim");

    for (size_t i = 0; i < json_array_size(spf); i++) {
        const json_t *one = json_array_get(spf, i);

        if (strcmp(html_get(one, "identity"), "mailfrom") == 0)
            draw_identifier(html, "SPF", html_get(one, "domain"),
                            html_is(dmarc, "spf_aligned"));
    }
    for (size_t i = 0; i < json_array_size(dkim); i++) {
        const json_t *one = json_array_get(dkim, i);

        draw_identifier(html, "DKIM", html_get(one, "domain"),
                        strcmp(html_get(one, "result"), "pass") == 0 &&
                            html_is(one, "aligned"));
    }
}

void html_draw_alignment(struct html *html, const json_t *report)
{
    const char *domain = author_domain(report);

    if (domain[0] == '\0' || (!html_has(report, "spf") && !html_has(report, "dkim")))
        return;
    html_fill(html, "<figure class=\"lines\"><span class=\"box\">From $t</span><ul>", domain);
    draw_identifiers(html, report);
    html_put(html, "</ul><figcaption>Solid line: the identifier passes and its domain aligns "
                   "with From. DMARC needs one of these.</figcaption></figure>\n");
}

/* ---- forgery ---- */

#define SENDERS_SEEN 20
#define DIGITS_SEEN  12

/* put_policy_fate - what becomes of the mail: an empty circle, a half one, a full one */
static void put_policy_fate(struct html *html, const char *policy)
{
    static const struct {
        const char *policy;
        const char *cell;
    } fates[] = {{"reject", "<td class=\"full\">refused"},
                 {"quarantine", "<td class=\"half\">to junk"},
                 {"none", "<td class=\"open\">delivered"}};

    for (size_t i = 0; i < COUNT_OF(fates); i++)
        if (strcmp(fates[i].policy, policy) == 0) {
            html_put_literal(html, fates[i].cell);
            return;
        }
    html_put(html, "<td>unknown");
}

/* lets_pass - the term lets somebody pass */
static bool lets_pass(const json_t *term)
{
    const char *text = html_get(term, "term");

    return strchr("-~?", text[0]) == NULL && strncmp(text, "redirect=", 9) != 0 &&
           strncmp(text, "exp=", 4) != 0;
}

/* can_sign - somebody can sign with it */
static bool can_sign(const json_t *selector)
{
    return html_has(selector, "record") && !html_is(selector, "revoked");
}

/* draw_sender - one more whose mail passes; a broken line where the term leads nowhere */
static void draw_sender(struct html *html, const char *what, const json_t *one)
{
    bool is_void = html_is(one, "void");

    html_put_literal(html, is_void ? "<li class=\"doubt\">" : "<li>");
    html_fill(html, "$t$t", what,
              html_has(one, "term") ? html_get(one, "term") : html_get(one, "selector"));
    if (html_has(one, "provider"))
        html_fill(html, " ($t)", html_get(one, "provider"));
    html_put_literal(html, is_void ? ": leads nowhere</li>" : "</li>");
}

/* count_senders - terms of SPF that let somebody pass, and keys */
static json_int_t count_senders(const json_t *terms, const json_t *keys)
{
    json_int_t count = 0;

    for (size_t i = 0; i < json_array_size(terms); i++)
        count += lets_pass(json_array_get(terms, i));
    for (size_t i = 0; i < json_array_size(keys); i++)
        count += can_sign(json_array_get(keys, i));
    return count;
}

/* digits_words - as people read it: a network of IPv6 has more digits than say anything */
static const char *digits_words(struct html *html, const char *digits)
{
    size_t len = strlen(digits);

    return len <= DIGITS_SEEN
               ? digits
               : arena_printf(html->arena, "%c.%c·10^%zu", digits[0], digits[1], len - 1);
}

/* draw_senders - who passes, today and with each policy */
static void draw_senders(struct html *html, const json_t *audit)
{
    const json_t *spf = html_find(audit, "spf");
    const json_t *terms = html_find(html_find(spf, "root"), "terms");
    const json_t *keys = html_find(html_find(audit, "dkim"), "selectors");
    json_int_t count = count_senders(terms, keys);
    json_int_t shown = count > SENDERS_SEEN ? SENDERS_SEEN : count;
    json_int_t drawn = 0;
    const json_t *pass = html_find(html_find(spf, "addresses"), "pass");

    if (count == 0) {
        html_put(html,
                 "<p>Nobody: no SPF term allows a host, and no DKIM key was found.</p>\n");
        return;
    }
    html_put(html, "<figure class=\"lines\"><ul>");
    for (size_t i = 0; i < json_array_size(terms); i++)
        if (lets_pass(json_array_get(terms, i)) && drawn++ < shown)
            draw_sender(html, "SPF ", json_array_get(terms, i));
    for (size_t i = 0; i < json_array_size(keys); i++)
        if (can_sign(json_array_get(keys, i)) && drawn++ < shown)
            draw_sender(html, "DKIM key, selector ", json_array_get(keys, i));
    html_put(html,
             "</ul><figcaption>These pass today, and with each policy below, if SPF or DKIM "
             "aligns with From.");
    if (pass != NULL)
        html_fill(html, " SPF lists $t IPv4 and $t IPv6 addresses.",
                  digits_words(html, html_get(html_find(pass, "ipv4"), "count")),
                  digits_words(html, html_get(html_find(pass, "ipv6"), "count")));
    if (count > shown)
        html_fill(html, " $t more are not drawn.", html_digits(html, count - shown));
    html_put(html, "</figcaption></figure>\n");
}

void html_draw_forgery(struct html *html, const json_t *report)
{
    static const char *const kinds[] = {"domain", "existing_subdomain", "missing_subdomain"};
    const json_t *spoof = html_find(html_find(html_find(report, "audit"), "dmarc"), "spoof");
    const json_t *policies = html_find(spoof, "policies");

    if (json_array_size(policies) == 0)
        return;
    html_heading(html, "Who can send as this domain, today and after each step");
    draw_senders(html, html_find(report, "audit"));
    html_put(
        html,
        "<p class=\"muted\">What happens to mail that others send with this domain in From, "
        "today and with each policy.</p>\n<table class=\"fates\">\n<thead><tr>"
        "<th>policy</th><th>the domain itself</th><th>a subdomain that exists</th>"
        "<th>one that does not</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < json_array_size(policies); i++) {
        const json_t *one = json_array_get(policies, i);

        html_fill(html, "<tr><th scope=\"row\">$t</th>", html_get(one, "policy"));
        for (size_t k = 0; k < COUNT_OF(kinds); k++)
            put_policy_fate(html, html_get(html_find(one, kinds[k]), "rfc9989"));
        html_put(html, "</tr>\n");
    }
    html_put(html, "</tbody>\n</table>\n");
}
