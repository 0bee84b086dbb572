/*
 * NAME
 *     render_text - the parts of the report for people
 * DESCRIPTION
 *     Private to report/. Verdicts first, then what to do, then the evidence.
 * OWNERSHIP
 *     Bytes go to the page.
 * ERRORS
 *     None.
 */
#ifndef RENDER_TEXT_H
#define RENDER_TEXT_H

#include "report/render_page.h"

/* one row of the verdicts: "  SPF     pass         what it is about" and reasons below */
struct text_row {
    const char *label;
    const char *word;
    enum page_style style;
    const char *about;
};
void text_row(struct page *page, const struct text_row *row);
void text_row_more(struct page *page, enum page_style style, const char *text);

void render_text_verdicts(struct page *page, const struct report *report);
/* what the domain publishes, as rows: the verdicts where there is no message */
void render_text_published(struct page *page, const struct facts *facts);
void render_text_findings(struct page *page, const struct report *report);
/* what cures it, with the records to publish; nothing without a remedy */
void render_text_remedy(struct page *page, const struct report *report,
                        const struct finding *finding);
void render_text_evidence(struct page *page, const struct facts *facts);
void render_text_spf(struct page *page, const struct auth_spf_tree *tree);
void render_text_dmarc(struct page *page, const struct domain_facts *domain);
void render_text_dkim(struct page *page, const struct domain_facts *domain);
/* MTA-STS, TLS-RPT, DANE, and BIMI if there is any */
void render_text_transport(struct page *page, const struct domain_facts *domain);
void render_text_dns(struct page *page, const struct facts *facts);
/* the ARC chain: its row among the verdicts, and who vouched for what; nothing without one */
void render_text_arc_row(struct page *page, const struct auth_arc_verdict *verdict);
void render_text_arc(struct page *page, const struct auth_arc_verdict *verdict);

/* "undetermined (SERVFAIL: ...)", "no such name", "no TXT record" */
const char *text_absence(struct page *page, const struct dns_answer *answer);

#endif
