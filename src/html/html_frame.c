/* What is around the content of a page. */
#include <string.h>

#include "base/sbuf.h"
#include "html/html_dump.h"
#include "html/html_part.h"

/* open_page - `forms` and `frames` are ours: parts of its policy */
static struct html open_page(struct sbuf *out, const char *title, const char *forms,
                             const char *frames)
{
    struct html html = {.out = out, .arena = out->arena};

    html_put(&html, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                    "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
                    "<meta http-equiv=\"Content-Security-Policy\" content=\""
                    "default-src 'none'; base-uri 'none'; form-action ");
    html_put_literal(&html, forms);
    html_put_literal(&html, frames);
    html_fill(&html,
              "; img-src data:; style-src 'sha256-$t'\">\n"
              "<meta name=\"generator\" content=\"mailassay\">\n"
              "<link rel=\"icon\" href=\"data:,\">\n<title>$t – mailassay</title>\n<style>",
              html_style_digest, title);
    html_put_literal(&html, html_style); /* ours, without a < in it */
    html_fill(&html, "</style>\n</head>\n<body>\n<header>\n<h1>$t</h1>\n", title);
    return html;
}

struct html html_open(struct sbuf *out, const char *title, bool has_form)
{
    return open_page(out, title, has_form ? "'self'" : "'none'", "");
}

struct html html_open_framing(struct sbuf *out, const char *title)
{
    return open_page(out, title, "'none'", "; frame-src 'self'");
}

void html_close(struct html *html, const json_t *document)
{
    html_put(html, "</main>\n<footer>\n"
                   "<p class=\"muted\">This page has no script and loads nothing.</p>\n");
    if (document != NULL) {
        html_put(html, "<p class=\"muted\">The JSON report is embedded at its end.</p>\n"
                       "<script type=\"application/json\" id=\"report\">");
        html_dump_embedded((json_t *)document, html->out);
        html_put(html, "</script>\n");
    }
    html_put(html, "</footer>\n</body>\n</html>\n");
}

void html_made_by(struct html *html, const json_t *document)
{
    const json_t *tool = html_find(document, "tool");

    html_fill(html, "<p class=\"made\">$t $t, $t</p>\n", html_get(tool, "name"),
              html_get(tool, "version"), html_get(document, "time"));
}

void html_part_list_literal(struct html *html, const char *start, const json_t *list,
                            void (*put)(struct html *html, const json_t *one))
{
    if (json_array_size(list) == 0)
        return;
    html_put_literal(html, start);
    html_each(html, list, put);
    html_put(html, "</ul>\n");
}
