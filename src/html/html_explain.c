/* The page of explain: for each refusal who, why, whether it still applies, and what to do. */
#include "base/arena.h"
#include "html/html_part.h"

#define REFUSALS_MAX 100 /* in full: the others are in the table */

/* put_facts - what the receiver saw */
static void put_facts(struct html *html, const json_t *refusal)
{
    const json_t *facts = html_find(refusal, "facts");
    const json_t *now = html_find(refusal, "now");

    html_put(html, "<table>\n<tbody>\n");
    html_row(html, "who refused", html_get(refusal, "receiver"));
    html_row(html, "reported by", html_get(refusal, "reported_by"));
    html_row(html, "when", html_get(refusal, "at"));
    html_row(html, "reply", html_get(refusal, "text"));
    html_row(html, "meaning", html_get(refusal, "means"));
    html_row(html, "client address they saw", html_get(facts, "ip"));
    html_row(html, "SPF result they saw", html_get(facts, "spf"));
    html_row(html, "DKIM result they saw", html_get(facts, "dkim"));
    html_row(html, "DMARC result they saw", html_get(facts, "dmarc"));
    html_row(html, "result now", html_get(html_find(now, "summary"), "headline"));
    html_row(html, "why it differs", html_get(refusal, "reason"));
    html_row(html, "who has to act", html_get(refusal, "move"));
    html_row(html, "missing", html_get(refusal, "missing"));
    html_put(html, "</tbody>\n</table>\n");
}

/* put_refusal - one recipient */
static void put_refusal(struct html *html, const json_t *refusal, size_t number)
{
    const char *recipient = html_get(refusal, "recipient");
    const char *cause = html_get(refusal, "cause");
    const json_t *now = html_find(refusal, "now");

    html_heading(html, arena_printf(html->arena, "%zu. %s", number,
                                    recipient[0] != '\0' ? recipient : cause));
    html_put(html, "<p>");
    html_badge_as(html, HTML_BAD, cause);
    if (html_has(refusal, "final")) /* null: it is not a failure */
        html_put_literal(html, html_is(refusal, "final")
                                   ? " · permanent: sending it again changes nothing"
                                   : " · temporary: the server tries again by itself");
    html_put(html, "</p>\n");
    put_facts(html, refusal);
    html_part_steps(html, refusal);
    if (html_has(refusal, "customer")) {
        html_put(html, "<p>For the customer:</p>\n");
        html_record(html, html_get(refusal, "customer"));
    }
    if (now != NULL)
        html_part_verdicts(html, now);
}

/* put_table_row - refusals of one cause and receiver */
static void put_table_row(struct html *html, const json_t *row)
{
    html_fill(html, "<tr><td>$t</td><td>$t</td><td>$t</td><td>$t</td></tr>\n",
              html_get(row, "cause"), html_get(row, "receiver"),
              html_digits(html, html_integer(row, "count")), html_get(row, "text"));
}

/* put_table - by cause and receiver */
static void put_table(struct html *html, const json_t *table)
{
    html_heading(html, "By cause and receiver");
    html_put(html, "<table>\n<thead><tr><th>cause</th><th>receiver</th><th>refusals</th>"
                   "<th>an example</th></tr></thead>\n<tbody>\n");
    html_each(html, table, put_table_row);
    html_put(html, "</tbody>\n</table>\n");
}

void html_part_explain(struct html *html, const json_t *explain)
{
    const json_t *refusals = html_find(explain, "recipients");
    const json_t *table = html_find(explain, "table");
    size_t count = json_array_size(refusals);

    html_made_by(html, explain);
    html_paragraph(html, "form", html_get(explain, "form"));
    html_put(html, "</header>\n<main>\n");
    if (json_array_size(table) > 1)
        put_table(html, table);
    for (size_t i = 0; i < count && i < REFUSALS_MAX; i++)
        put_refusal(html, json_array_get(refusals, i), i + 1);
    if (count > REFUSALS_MAX)
        html_put(html, "<p>More refusals are in the table above and in the data below.</p>\n");
}
