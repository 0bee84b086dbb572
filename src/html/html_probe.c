/* The page of probe: each host with its session. */
#include "base/arena.h"
#include "html/html_part.h"

/* put_diagnosis - folded like a finding */
static void put_diagnosis(struct html *html, const json_t *one)
{
    html_fill(html, "<details><summary>$b $t</summary>\n", html_get(one, "severity"),
              html_get(one, "text"));
    html_paragraph(html, "muted", html_get(one, "detail"));
    html_paragraph(html, "hint", html_get(one, "hint"));
    html_paragraph(html, "muted", html_get(one, "id"));
    html_put(html, "</details>\n");
}

/* put_host - one server */
static void put_host(struct html *html, const json_t *host)
{
    const json_t *tls = html_find(host, "tls");

    html_heading(html, arena_printf(html->arena, "%s port %" JSON_INTEGER_FORMAT,
                                    html_get(host, "host"), html_integer(host, "port")));
    html_fill(html, "<p>$b $t</p>\n", html_get(host, "result"), html_get(host, "address"));
    if (tls != NULL)
        html_fill(html, "<p>TLS: $t, $t; $t</p>\n", html_get(tls, "version"),
                  html_get(tls, "cipher"), html_get(tls, "trust"));
    html_each(html, html_find(host, "diagnoses"), put_diagnosis);
    html_part_session(html, html_find(host, "smtp"), NULL);
}

void html_part_probe(struct html *html, const json_t *probe)
{
    html_made_by(html, probe);
    html_fill(html, "<p>How the servers answered: $b</p>\n</header>\n<main>\n",
              html_get(probe, "result"));
    html_each(html, html_find(probe, "hosts"), put_host);
}
