/*
 * NAME
 *     render_text - the parts of the report for people
 * DESCRIPTION
 *     Private to render/. Verdicts and receivers first, then what to do in
 *     order, then every finding and the evidence.
 * OWNERSHIP
 *     Bytes go to the page.
 * ERRORS
 *     None.
 */
#ifndef RENDER_TEXT_H
#define RENDER_TEXT_H

#include "base/arena.h"
#include "base/ip_ranges.h"
#include "base/sbuf.h"
#include "model/arc_verdict.h"
#include "model/dns_answer.h"
#include "model/facts.h"
#include "model/finding.h"
#include "model/remedy.h"
#include "model/report.h"
#include "render/render_page.h"

struct remedy_spoof;

#define TEXT_COLUMN_LINE   4   /* of evidence */
#define TEXT_COLUMN_STATUS 44  /* what is there, or what became of it */
#define TEXT_RECORD_SHOWN  600 /* octets of a record that are worth reading */

/* a line of evidence: where one looks, and what is there */
void text_pair(struct page *page, const char *where, enum page_style style, const char *what);
/* a record as published */
void text_record(struct page *page, unsigned column, const struct dns_rr *rr);

/* one row of the verdicts: "  SPF     pass         what it is about" and reasons below */
struct text_row {
    const char *label;
    const char *word;
    enum page_style style;
    const char *about;
};
void text_row(struct page *page, const struct text_row *row);
/* the same; on the first screen it is cut to one line */
void text_row_brief(struct page *page, struct text_row *row);
/* a further line; none on the first screen */
void text_row_more(struct page *page, enum page_style style, const char *text);
void text_row_moref(struct page *page, enum page_style style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

void render_text_verdicts(struct page *page, const struct report *report);
/* what the domain publishes, as rows: the verdicts where there is no message */
void render_text_published(struct page *page, const struct report *report);

/* "2 errors, 1 warning, 1 known" */
const char *render_text_counted(struct page *page, const struct report *report);

/* ---- the first screen: render_text_screen.c, render_text_session.c ---- */

/* receivers, session, steps and findings, as far as they fit */
void render_text_screen(struct page *page, const struct report *report,
                        const struct report_steps *steps);
/* the session in brief */
void render_text_session(struct page *page, const struct report *report);
/* the headline, and a line for each error */
void render_text_quiet(struct page *page, const struct report *report);

/* ---- what to do: render_text_plan.c ---- */

void render_text_plan(struct page *page, const struct report *report,
                      const struct report_steps *steps);
/* one step in brief */
void render_text_step(struct page *page, const struct report *report,
                      const struct report_step *step, size_t number);

/* every finding, and where it is not a step what to do about it */
void render_text_findings(struct page *page, const struct report *report,
                          const struct report_steps *steps);
/* one finding in a line: severity, id, place */
void render_text_finding_line(struct page *page, const struct report *report,
                              const struct finding *finding);

/* ---- records to publish: render_text_remedy.c ---- */

struct text_edits {
    unsigned column;
    const struct remedy *remedy;
    bool is_brief; /* what is replaced may be cut */
    bool is_known; /* what is replaced was shown just before */
};

void text_records(struct page *page, const struct report *report,
                  const struct text_edits *what);
/* the remedies of a finding of report->plan->rest, with what each needs and clears */
void text_choices(struct page *page, unsigned column, const struct report *report,
                  const struct finding *finding);
/* "Gmail, Yahoo would accept then": who answers otherwise; NULL: nobody, or it is not known */
const char *text_receivers(struct arena *arena, const struct report *report,
                           const struct remedy *remedy);
/* "spf_lookup_limit, spf_void_lookup": the ids of findings, each once */
const char *text_ids(struct arena *arena, const struct finding *const *findings, size_t count);

/* ---- evidence ---- */

/* "1024-bit RSA key, testing (t=y)"; the selector has a key */
const char *text_key(struct page *page, const struct selector_facts *selector);

void render_text_evidence(struct page *page, const struct report *report);
/* --spf-add; nothing if nobody asked */
void render_text_what_if(struct page *page, const struct report_what_if *what);
/* a set in words: "263 IPv4 addresses"; and its networks, cut where nobody reads on */
const char *text_ranges_size(struct page *page, const struct ip_ranges *ranges);
void text_ranges_add(struct page *page, struct sbuf *text, const struct ip_ranges *ranges);
void render_text_spf(struct page *page, const struct domain_facts *domain);
void render_text_dmarc(struct page *page, const struct domain_facts *domain);
void render_text_spoof(struct page *page, const struct remedy_spoof *spoof);
void render_text_dkim(struct page *page, const struct domain_facts *domain);
/* MTA-STS, TLS-RPT, DANE, and BIMI if there is any */
void render_text_transport(struct page *page, const struct domain_facts *domain);
/* the zones of the domain and who serves them */
void render_text_zones(struct page *page, const struct zone_facts *zone);
/* "192.0.2.1, 2001:db8::1", or why there are none */
const char *text_addresses(struct page *page, const struct dns_answer *a,
                           const struct dns_answer *aaaa);
/* the chain of trust, where the source returns signatures */
void render_text_dnssec(struct page *page, const struct dnssec_facts *facts);
void render_text_dns(struct page *page, const struct facts *facts);
/* the ARC chain: its row among the verdicts, and who vouched for what; nothing without one */
void render_text_arc_row(struct page *page, const struct auth_arc_verdict *verdict);
void render_text_arc(struct page *page, const struct auth_arc_verdict *verdict);

/* "undetermined (SERVFAIL: ...)", "no such name", "no TXT record" */
const char *text_absence(struct page *page, const struct dns_answer *answer);

#endif
