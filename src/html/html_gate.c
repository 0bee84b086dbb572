/* The page of gate: what is lost and gained, domain by domain. */
#include <string.h>

#include "base/arena.h"
#include "html/html_part.h"

/* draw_balance - a bar to the left for losses, to the right for gains */
static void draw_balance(struct html *html, json_int_t losses, json_int_t gains)
{
    json_int_t most = losses > gains ? losses : gains;

    if (most == 0)
        return;
    html_fill(html,
              "<figure><svg viewBox=\"0 0 404 24\" width=\"404\" aria-hidden=\"true\">"
              "<rect class=\"s-bad\" y=\"4\" height=\"16\" x=\"$t\" width=\"$t\"/>"
              "<rect class=\"s-good\" y=\"4\" height=\"16\" x=\"204\" width=\"$t\"/>"
              "<path class=\"s-line\" d=\"M202 0V24\"/></svg><figcaption>$t lost, $t "
              "gained</figcaption></figure>\n",
              html_digits(html, 200 - losses * 200 / most),
              html_digits(html, losses * 200 / most), html_digits(html, gains * 200 / most),
              html_digits(html, losses), html_digits(html, gains));
}

/* put_gain - a finding of little weight */
static void put_gain(struct html *html, const json_t *gain)
{
    html_fill(html, "<li>$t</li>\n", html_get(gain, "text"));
}

/* put_switch - a receiver that changes its answer */
static void put_switch(struct html *html, const json_t *receiver)
{
    html_fill(html, "<li>$t: $b → $b</li>\n", html_get(receiver, "profile"),
              html_get(receiver, "before"), html_get(receiver, "after"));
}

/* put_accepted - a loss that somebody accepted, with its end */
static void put_accepted(struct html *html, const json_t *accepted)
{
    html_fill(html, "<li>$t, until $t: $t", html_get(accepted, "finding"),
              html_get(accepted, "until"), html_get(accepted, "reason"));
    html_put_literal(html, html_is(accepted, "used") ? "</li>\n" : " (unused)</li>\n");
}

/* put_domain - one subject */
static void put_domain(struct html *html, const json_t *subject)
{
    const char *domain = html_get(subject, "domain");
    const json_t *losses = html_find(subject, "losses");
    const json_t *gains = html_find(subject, "gains");

    html_put(html, "<section>\n");
    html_heading(html, domain);
    html_fill(html, "<p>$b</p>\n", html_get(subject, "result"));
    draw_balance(html, (json_int_t)json_array_size(losses), (json_int_t)json_array_size(gains));
    html_part_findings(html, arena_printf(html->arena, "Lost at %s", domain), losses, false);
    html_part_findings(html, arena_printf(html->arena, "New findings at %s", domain),
                       html_find(subject, "new"), false);
    html_part_list(html, "<h3>Receivers that change their answer</h3>\n",
                   html_find(subject, "receivers"), put_switch);
    html_part_list(html, "<h3>Gained</h3>\n", gains, put_gain);
    html_part_findings(html, arena_printf(html->arena, "Existing findings at %s", domain),
                       html_find(subject, "already"), false);
    html_put(html, "</section>\n");
}

void html_part_gate(struct html *html, const json_t *gate)
{
    html_made_by(html, gate);
    html_fill(html,
              "<p>What this change of DNS breaks: $b</p>\n<p>old: $t</p>\n<p>new: $t</p>\n",
              html_get(gate, "result"), html_join(html->arena, html_find(gate, "old"), ", "),
              html_join(html->arena, html_find(gate, "new"), ", "));
    html_put(html, "</header>\n<main>\n");
    html_each(html, html_find(gate, "subjects"), put_domain);
    html_part_list(html, "<h2 id=\"accepted-losses\">Accepted losses</h2>\n",
                   html_find(gate, "accepted"), put_accepted);
}
