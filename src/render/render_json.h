/*
 * NAME
 *     render_json - the parts of the JSON report
 * DESCRIPTION
 *     Each part is one function that returns a new value;
 *     keys are set in the order in which they are shown, and what does not
 *     apply is null, never left out.
 * OWNERSHIP
 *     Values returned belong to the caller, who puts them into an object or
 *     array, which then owns them. Scratch is in the arena.
 * ERRORS
 *     None.
 */
#ifndef RENDER_JSON_H
#define RENDER_JSON_H

#include <jansson.h>

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/ip_ranges.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "model/dns_answer.h"
#include "model/facts.h"
#include "model/finding.h"
#include "model/remedy.h"
#include "model/report.h"
#include "render/render_format.h"

/* text that is safe or nearly; NULL gives null */
json_t *render_json_text(struct arena *arena, const char *text);
/* untrusted bytes */
json_t *render_json_raw(struct arena *arena, const char *bytes);
json_t *render_json_span(struct arena *arena, struct span bytes);
/* the value of a tag: null where it is not given */
json_t *render_json_value(struct arena *arena, struct span bytes);
json_t *render_json_name(struct arena *arena, const struct dns_name *name);
/* the text of a record; null without one */
json_t *render_json_joined(struct arena *arena, const struct dns_rr *rr);
/* a number; null for 0. A moment; null for none, which is 0 or less */
json_t *render_json_number(int64_t number);
json_t *render_json_time(struct arena *arena, int64_t seconds);
/* texts that are safe or nearly */
json_t *render_json_texts(struct arena *arena, const char *const *list, size_t count);
/* whose mail: true for bulk senders, false for others, null for both */
json_t *render_json_bulk(bool is_for_bulk, bool is_for_others);

/* name and version of this program */
json_t *render_json_tool(void);

/* write `value` to `out`, indented, with a final line end, and give it back */
void render_json_write(json_t *value, struct sbuf *out);
/* the same on one line */
void render_json_write_line(json_t *value, struct sbuf *out);

/* the whole report */
json_t *render_json_report(const struct report *report, const struct report_options *options,
                           struct arena *arena);

/* where each part of the envelope comes from: "hop" is about the client */
json_t *render_json_envelope(struct arena *arena, const struct facts *facts);
json_t *render_json_spf(struct arena *arena, const struct facts *facts);
json_t *render_json_dkim(struct arena *arena, const struct facts *facts);
json_t *render_json_arc(struct arena *arena, const struct facts *facts);
json_t *render_json_dmarc(struct arena *arena, const struct facts *facts);
json_t *render_json_engines(struct arena *arena, const struct facts *facts);
json_t *render_json_audit(struct arena *arena, const struct report *report);
json_t *render_json_audit_spf(struct arena *arena, const struct domain_facts *domain);
json_t *render_json_audit_dkim(struct arena *arena, const struct domain_facts *domain);
json_t *render_json_audit_dmarc(struct arena *arena, const struct report *report);
/* null without an audit */
json_t *render_json_spoof(struct arena *arena, const struct report *report);
json_t *render_json_audit_mta_sts(struct arena *arena, const struct domain_facts *domain);
json_t *render_json_audit_tls_rpt(struct arena *arena, const struct domain_facts *domain);
json_t *render_json_audit_dane(struct arena *arena, const struct domain_facts *domain);
json_t *render_json_audit_bimi(struct arena *arena, const struct domain_facts *domain);
/* "client" and "mx": the names of their addresses */
json_t *render_json_audit_ptr(struct arena *arena, const struct facts *facts);
/* one object for each zone of the domain; null without an audit */
json_t *render_json_audit_soa(struct arena *arena, const struct zone_facts *zone);
json_t *render_json_audit_ns(struct arena *arena, const struct zone_facts *zone);
/* the status of an answer, null without one; "a", "aaaa" and "addresses" of a host */
json_t *render_json_status(const struct dns_answer *answer);
void render_json_addresses(json_t *object, struct arena *arena, const struct dns_answer *a,
                           const struct dns_answer *aaaa);
/* zones and answers as the signatures show them; null where they were not asked for */
json_t *render_json_dnssec(struct arena *arena, const struct dnssec_facts *facts);
json_t *render_json_findings(struct arena *arena, const struct report *report);
/* null without one */
json_t *render_json_remedy(struct arena *arena, const struct report *report,
                           const struct remedy *remedy);
/* the records that it publishes or removes; none without one */
json_t *render_json_edits(struct arena *arena, const struct remedy *remedy);
/* --spf-add; null if nobody asked */
json_t *render_json_what_if(struct arena *arena, const struct report_what_if *what);
/* sets of addresses, "ipv4" and "ipv6", each with "count", "networks", "left_off" */
json_t *render_json_ranges(struct arena *arena, const struct ip_ranges both[]);
/* what others wrote into the message, and what we compute; none without a message */
json_t *render_json_stated(struct arena *arena, const struct report *report);
/* the ids of findings, each once */
json_t *render_json_ids(const struct finding *const *findings, size_t count);
json_t *render_json_steps(struct arena *arena, const struct report *report);
/* the steps that need no choice, and the ids of errors and warnings that are left then */
json_t *render_json_plan(struct arena *arena, const struct report *report);

#endif
