/*
 * NAME
 *     html - a report as a page
 * DESCRIPTION
 *     Makes one HTML file from the JSON document of a report: of check, explain, gate, probe
 *     or scan, distinguished by their keys. Because the document is all it reads, a stored
 *     report gives the same page as the one made at once.
 *
 *     The page has no script and loads nothing: its Content-Security-Policy allows
 *     one style sheet, by digest. The document itself is at the end as data.
 * OWNERSHIP
 *     Bytes go to `out`; scratch is in its arena.
 * ERRORS
 *     html_check() returns NULL if the document is one that can be shown, else why not.
 *     What a document lacks is left out of the page.
 * STANDARDS
 *     HTML Living Standard; WCAG 2.2; CSP Level 3
 * BUGS
 *     Closed details are printed only by browsers that know ::details-content.
 */
#ifndef HTML_H
#define HTML_H

#include <jansson.h>

#include "base/sbuf.h"

void html_page(const json_t *document, struct sbuf *out);

/* reports of many subjects: one row each, those that fail first */
void html_list(const json_t *documents, struct sbuf *out);

const char *html_check(const json_t *document);

/* ---- the pages of a server that are not reports ---- */

void html_form(struct sbuf *out);
/* while a report is made: for how many seconds so far, and what it waits for; "": nothing */
void html_wait(unsigned seconds, const char *progress, struct sbuf *out);
void html_error(const char *why, const char *advice, struct sbuf *out);

/* of a sandbox: objects with a record and a summary of its mail; one message, with the report
 * about it (NULL: none) */
void html_sandbox_list(const json_t *items, json_int_t total, struct sbuf *out);
void html_sandbox_message(const json_t *record, const json_t *mail, const json_t *report,
                          struct sbuf *out);

#endif
