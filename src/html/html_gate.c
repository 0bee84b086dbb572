/* The page of gate: what is lost and gained, domain by domain. */
#include <string.h>

#include "base/arena.h"
#include "html/html_part.h"

/* put_specs - "old: zone:old.zone" */
static void put_specs(struct html *html, const char *label, const json_t *specs)
{
    html_put(html, "<p>");
    html_text(html, label);
    html_put(html, ": ");
    for (size_t i = 0; i < json_array_size(specs); i++) {
        const char *spec = json_string_value(json_array_get(specs, i));

        html_put_literal(html, i > 0 ? ", " : "");
        html_text(html, spec != NULL ? spec : "");
    }
    html_put(html, "</p>\n");
}

/* draw_balance - a bar to the left for losses, to the right for gains */
static void draw_balance(struct html *html, size_t losses, size_t gains)
{
    size_t most = losses > gains ? losses : gains;

    if (most == 0)
        return;
    html_put(html, "<figure><svg viewBox=\"0 0 404 24\" width=\"404\" aria-hidden=\"true\">"
                   "<rect class=\"s-bad\" y=\"4\" height=\"16\" x=\"");
    html_number(html, (json_int_t)(200 - losses * 200 / most));
    html_put(html, "\" width=\"");
    html_number(html, (json_int_t)(losses * 200 / most));
    html_put(html, "\"/><rect class=\"s-good\" y=\"4\" height=\"16\" x=\"204\" width=\"");
    html_number(html, (json_int_t)(gains * 200 / most));
    html_put(html, "\"/><path class=\"s-line\" d=\"M202 0V24\"/></svg><figcaption>");
    html_number(html, (json_int_t)losses);
    html_put(html, " lost, ");
    html_number(html, (json_int_t)gains);
    html_put(html, " gained</figcaption></figure>\n");
}

/* put_gains - findings of little weight: a line each */
static void put_gains(struct html *html, const json_t *gains)
{
    if (json_array_size(gains) == 0)
        return;
    html_put(html, "<h3>Gained</h3>\n<ul>\n");
    for (size_t i = 0; i < json_array_size(gains); i++) {
        html_put(html, "<li>");
        html_text(html, html_get(json_array_get(gains, i), "text"));
        html_put(html, "</li>\n");
    }
    html_put(html, "</ul>\n");
}

/* put_switches - receivers that change their answer */
static void put_switches(struct html *html, const json_t *receivers)
{
    if (json_array_size(receivers) == 0)
        return;
    html_put(html, "<h3>Receivers that change their answer</h3>\n<ul>\n");
    for (size_t i = 0; i < json_array_size(receivers); i++) {
        const json_t *one = json_array_get(receivers, i);

        html_put(html, "<li>");
        html_text(html, html_get(one, "profile"));
        html_put(html, ": ");
        html_badge(html, html_get(one, "before"));
        html_put(html, " → ");
        html_badge(html, html_get(one, "after"));
        html_put(html, "</li>\n");
    }
    html_put(html, "</ul>\n");
}

/* put_domain - one subject */
static void put_domain(struct html *html, const json_t *subject)
{
    const char *domain = html_get(subject, "domain");
    const json_t *losses = html_find(subject, "losses");
    const json_t *gains = html_find(subject, "gains");

    html_put(html, "<section>\n");
    html_heading(html, domain);
    html_put(html, "<p>");
    html_badge(html, html_get(subject, "result"));
    html_put(html, "</p>\n");
    draw_balance(html, json_array_size(losses), json_array_size(gains));
    html_part_findings(html, arena_printf(html->arena, "Lost at %s", domain), losses, false);
    html_part_findings(html, arena_printf(html->arena, "New findings at %s", domain),
                       html_find(subject, "new"), false);
    put_switches(html, html_find(subject, "receivers"));
    put_gains(html, gains);
    html_part_findings(html, arena_printf(html->arena, "There before at %s", domain),
                       html_find(subject, "already"), false);
    html_put(html, "</section>\n");
}

/* put_accepted - losses that somebody accepted, with their end */
static void put_accepted(struct html *html, const json_t *accepted)
{
    if (json_array_size(accepted) == 0)
        return;
    html_heading(html, "Accepted losses");
    html_put(html, "<ul>\n");
    for (size_t i = 0; i < json_array_size(accepted); i++) {
        const json_t *one = json_array_get(accepted, i);

        html_put(html, "<li>");
        html_text(html, html_get(one, "finding"));
        html_put(html, ", until ");
        html_text(html, html_get(one, "until"));
        html_put(html, ": ");
        html_text(html, html_get(one, "reason"));
        html_put_literal(html, json_is_true(json_object_get(one, "used")) ? "" : " (unused)");
        html_put(html, "</li>\n");
    }
    html_put(html, "</ul>\n");
}

void html_part_gate(struct html *html, const json_t *gate)
{
    const json_t *subjects = html_find(gate, "subjects");

    html_made_by(html, gate);
    html_put(html, "<p>What this change of DNS breaks: ");
    html_badge(html, html_get(gate, "result"));
    html_put(html, "</p>\n");
    put_specs(html, "old", html_find(gate, "old"));
    put_specs(html, "new", html_find(gate, "new"));
    html_put(html, "</header>\n<main>\n");
    for (size_t i = 0; i < json_array_size(subjects); i++)
        put_domain(html, json_array_get(subjects, i));
    put_accepted(html, html_find(gate, "accepted"));
}
