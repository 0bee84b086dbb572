/*
 * NAME
 *     html_part - the parts of a page
 * DESCRIPTION
 *     Private to html/. Each function writes one part from the document, or nothing if
 *     the document does not have it.
 * OWNERSHIP
 *     Bytes go to the buffer.
 * ERRORS
 *     None.
 */
#ifndef HTML_PART_H
#define HTML_PART_H

#include "html/html_write.h"

/* ---- the frame: html_frame.c ---- */

/* from <!doctype> to the title of the page */
struct html html_open(struct sbuf *out, const char *title, bool has_form);
/* the same of a page that frames what our server returns */
struct html html_open_framing(struct sbuf *out, const char *title);
/* the document as data, unless it is NULL, and the end */
void html_close(struct html *html, const json_t *document);
/* "mailassay 0.2.0, 2026-11-24T10:00:00Z" */
void html_made_by(struct html *html, const json_t *document);
/* a list with a heading, left out where it has no members */
#define html_part_list(html, heading, list, put) \
    html_part_list_literal((html), "" heading "<ul>\n", (list), (put))
void html_part_list_literal(struct html *html, const char *start, const json_t *list,
                            void (*put)(struct html *html, const json_t *one));

/* html_style.c, with its sha256 in base64; tests/html compares them */
extern const char html_style[];
extern const char html_style_digest[];

/* ---- a report: html_report.c ---- */

void html_part_report(struct html *html, const json_t *report);
/* verdicts and which identifiers align */
void html_part_verdicts(struct html *html, const json_t *report);
/* what each receiver would answer */
void html_part_receivers(struct html *html, const json_t *list);
/* steps, in order: who does what, and the records */
void html_part_steps(struct html *html, const json_t *report);

/* ---- html_finding.c ---- */

/* each folded: what, why it matters, what to do, source; `has_targets`: links lead to them */
void html_part_findings(struct html *html, const char *title, const json_t *findings,
                        bool has_targets);

/* ---- drawings: html_draw.c ---- */

/* the SPF tree with its costs against the limit of ten */
void html_draw_spf(struct html *html, const json_t *report);
/* which identifiers align with the author domain */
void html_draw_alignment(struct html *html, const json_t *report);
/* what forged mail meets today and after each step */
void html_draw_forgery(struct html *html, const json_t *report);

/* ---- html_session.c ---- */

/* the session as a ladder; `findings` may be NULL */
void html_part_session(struct html *html, const json_t *steps, const json_t *findings);

/* ---- other documents ---- */

void html_part_gate(struct html *html, const json_t *gate);
void html_part_probe(struct html *html, const json_t *probe);
void html_part_explain(struct html *html, const json_t *explain);

/* a run of sandbox: html_sandbox_messages.c */
void html_part_sandbox_messages(struct html *html, const json_t *document);
/* ---- a message of a sandbox: html_sandbox.c ---- */

/* envelope, answer, expectations, verdicts and session */
void html_part_message(struct html *html, const json_t *record, const json_t *report);

/* ---- html_reports.c ---- */

/* what receivers reported about one domain */
void html_part_traffic(struct html *html, const json_t *traffic);
/* of all domains */
void html_part_reports(struct html *html, const json_t *document);

#endif
