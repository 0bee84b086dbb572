/* The page of probe: each host with its session. */
#include "base/arena.h"
#include "html/html_part.h"

/* put_diagnosis - folded like a finding */
static void put_diagnosis(struct html *html, const json_t *one)
{
    html_put(html, "<details><summary>");
    html_badge(html, html_get(one, "severity"));
    html_put(html, " ");
    html_text(html, html_get(one, "text"));
    html_put(html, "</summary>\n");
    html_paragraph(html, "muted", html_get(one, "detail"));
    html_paragraph(html, "hint", html_get(one, "hint"));
    html_paragraph(html, "muted", html_get(one, "id"));
    html_put(html, "</details>\n");
}

/* put_tls - version, cipher, trust */
static void put_tls(struct html *html, const json_t *tls)
{
    if (tls == NULL)
        return;
    html_put(html, "<p>TLS: ");
    html_text(html, html_get(tls, "version"));
    html_put(html, ", ");
    html_text(html, html_get(tls, "cipher"));
    html_put(html, "; ");
    html_text(html, html_get(tls, "trust"));
    html_put(html, "</p>\n");
}

/* put_host - one server */
static void put_host(struct html *html, const json_t *host)
{
    const json_t *diagnoses = html_find(host, "diagnoses");

    html_heading(html, arena_printf(html->arena, "%s port %" JSON_INTEGER_FORMAT,
                                    html_get(host, "host"),
                                    json_integer_value(json_object_get(host, "port"))));
    html_put(html, "<p>");
    html_badge(html, html_get(host, "result"));
    html_put(html, " ");
    html_text(html, html_get(host, "address"));
    html_put(html, "</p>\n");
    put_tls(html, html_find(host, "tls"));
    for (size_t i = 0; i < json_array_size(diagnoses); i++)
        put_diagnosis(html, json_array_get(diagnoses, i));
    html_part_session(html, html_find(host, "smtp"), NULL);
}

void html_part_probe(struct html *html, const json_t *probe)
{
    const json_t *hosts = html_find(probe, "hosts");

    html_made_by(html, probe);
    html_put(html, "<p>The servers as they answered: ");
    html_badge(html, html_get(probe, "result"));
    html_put(html, "</p>\n</header>\n<main>\n");
    for (size_t i = 0; i < json_array_size(hosts); i++)
        put_host(html, json_array_get(hosts, i));
}
