/* The pages of the server that are not reports: the form, the wait, and errors. */
#include "base/sbuf.h"
#include "html/html.h"
#include "html/html_part.h"

/* put_input - a labelled field of one line */
static void put_input(struct html *html, const char *name, const char *label,
                      const char *example)
{
    html_fill(html, "<p><label>$t<input name=\"$w\" placeholder=\"$t\"></label></p>\n", label,
              name, example);
}

void html_form(struct sbuf *out)
{
    struct html html = html_open(out, "Sender authentication", true);

    html_put(&html,
             "</header>\n<main>\n<h2 id=\"check\">Check a domain or a message</h2>\n"
             "<form method=\"post\" action=\"check\" enctype=\"multipart/form-data\">\n");
    put_input(&html, "domain", "Domain", "example.com");
    html_put(&html, "<p><label>Message with its headers<textarea name=\"message\" "
                    "rows=\"8\"></textarea></label></p>\n<p><label>or a file<input "
                    "type=\"file\" name=\"upload\"></label></p>\n<details><summary>Envelope "
                    "values that are not in the message</summary>\n");
    put_input(&html, "ip", "client address", "192.0.2.1");
    put_input(&html, "helo", "HELO", "mail.example.com");
    put_input(&html, "mail-from", "MAIL FROM", "bounce@example.com");
    put_input(&html, "rcpt", "RCPT TO", "you@example.net");
    html_put(&html, "</details>\n<p><button>Check</button></p>\n</form>\n"
                    "<h2 id=\"explain\">Explain a rejection</h2>\n"
                    "<form method=\"post\" action=\"explain\" "
                    "enctype=\"multipart/form-data\">\n<p><label>Reply, log line or bounce"
                    "<textarea name=\"message\" rows=\"4\"></textarea></label></p>\n<p><label>"
                    "or a file<input type=\"file\" name=\"upload\"></label></p>\n"
                    "<p><button>Explain</button></p>\n</form>\n"
                    "<h2 id=\"gate\">Compare two versions of a zone</h2>\n"
                    "<form method=\"post\" action=\"gate\" "
                    "enctype=\"multipart/form-data\">\n<p><label>Zone file today<textarea "
                    "name=\"old\" rows=\"4\"></textarea></label></p>\n<p><label>Zone file with "
                    "the change<textarea name=\"new\" rows=\"4\"></textarea></label></p>\n"
                    "<p><button>Compare</button></p>\n</form>\n");
    html_close(&html, NULL);
}

void html_wait(unsigned seconds, const char *progress, struct sbuf *out)
{
    struct html html = html_open(out, "In progress", false);

    html_fill(&html,
              "</header>\n<main>\n<p role=\"status\">The report is being made; this page "
              "reloads by itself. Seconds so far: $t</p>\n",
              html_digits(&html, (json_int_t)seconds));
    html_paragraph(&html, "muted", progress);
    html_close(&html, NULL);
}

void html_error(const char *why, const char *advice, struct sbuf *out)
{
    struct html html = html_open(out, "No report", false);

    html_fill(&html, "</header>\n<main>\n<p role=\"alert\">$t</p>\n", why);
    html_paragraph(&html, "muted", advice);
    html_close(&html, NULL);
}
