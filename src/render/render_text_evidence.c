/* What the verdicts rest on: records, hosts, the client, and what was asked. */
#include <string.h>

#include "base/escape.h"
#include "base/ip.h"
#include "base/span.h"
#include "model/explain.h"
#include "model/subject.h"
#include "render/render_text.h"

#define COLUMN_OURS 9

/* ---- hosts ---- */

/* text_evidence_names_text - "192.0.2.1: no name (PTR)"; NULL: it has one that leads back */
static const char *text_evidence_names_text(struct page *page, const struct ptr_facts *names)
{
    const char *ip = ip_to_text(page->arena, &names->ip);
    const struct dns_rr *rr = dns_answer_first(names->ptr);

    if (names->is_confirmed)
        return NULL;
    if (rr == NULL || rr->target == NULL)
        return arena_printf(page->arena, "%s, PTR: %s", ip, text_absence(page, names->ptr));
    return arena_printf(page->arena, "%s, PTR %s, %s", ip, rr->target->text,
                        names->unknown != NULL ? text_absence(page, names->unknown)
                                               : "which does not resolve back to it");
}

/* host_names - what the addresses of a host are called, in as few lines as it takes */
static void host_names(struct page *page, const struct ptr_facts *names)
{
    size_t confirmed = 0;
    const struct dns_rr *rr = NULL;

    for (; names != NULL; names = names->next) {
        const char *trouble = text_evidence_names_text(page, names);

        if (trouble == NULL) {
            confirmed++;
            rr = dns_answer_first(names->ptr);
            continue;
        }
        page_line(page, TEXT_COLUMN_LINE + 5, PAGE_FAINT, trouble);
    }
    if (confirmed == 0)
        return;
    page_line(page, TEXT_COLUMN_LINE + 5, PAGE_FAINT,
              confirmed > 1
                  ? arena_printf(page->arena,
                                 "%zu addresses have names (PTR) that resolve back", confirmed)
                  : arena_printf(page->arena, "PTR %s, which resolves back", rr->target->text));
}

/* text_evidence_mx - where mail for the domain goes */
static void text_evidence_mx(struct page *page, const struct domain_facts *domain)
{
    if (domain->name == NULL || domain->mx == NULL)
        return;
    if (domain->mx_hosts == NULL && !domain->is_null_mx &&
        dns_status_is_answer(domain->mx->status))
        return;
    page_section(page, arena_printf(page->arena, "MX of %s", domain->name->text));
    if (domain->is_null_mx || domain->mx_hosts == NULL)
        page_line(page, TEXT_COLUMN_LINE, PAGE_PLAIN,
                  domain->is_null_mx ? "null MX: the domain accepts no mail"
                                     : text_absence(page, domain->mx));
    for (const struct mx_host *host = domain->mx_hosts; host != NULL; host = host->next) {
        text_pair(page,
                  arena_printf(page->arena, "%3u  %s", host->preference, host->host->text),
                  PAGE_FAINT, text_addresses(page, host->a, host->aaaa));
        host_names(page, host->names);
    }
    if (domain->unnamed_addresses > 0)
        page_linef(page, TEXT_COLUMN_LINE + 5, PAGE_FAINT,
                   "the PTR records of %zu more were not queried", domain->unnamed_addresses);
}

/* ---- the client ---- */

/* ptr_text - the names of the address, or why there are none */
static const char *ptr_text(struct page *page, const struct facts *facts)
{
    const struct dns_answer *ptr = facts->client_ptr;
    const struct dns_rr *rr = dns_answer_first(ptr);

    if (rr == NULL || rr->target == NULL)
        return arena_printf(page->arena, "PTR: %s", text_absence(page, ptr));
    return arena_printf(page->arena, "PTR %s, %s", rr->target->text,
                        facts->client_ptr_confirmed ? "which resolves back to it"
                                                    : "which does not resolve back to it");
}

/* text_evidence_origin - "client 192.0.2.1, from Received field 2" */
static void text_evidence_origin(struct page *page, const char *what, const char *value,
                                 const char *source)
{
    if (value == NULL)
        return;
    page_cell(page, TEXT_COLUMN_LINE, PAGE_PLAIN, what);
    page_cell(page, TEXT_COLUMN_LINE + 11, PAGE_PLAIN,
              value[0] == '\0' ? "<>" : escape_shown(page->arena, value));
    if (source != NULL) {
        page_linef(page, TEXT_COLUMN_STATUS, PAGE_FAINT, "from %s", source);
    } else {
        page_end(page);
    }
}

/* text_evidence_envelope - who sent it, and how that is known */
static void text_evidence_envelope(struct page *page, const struct facts *facts)
{
    const struct subject *subject = facts->subject;

    if (subject->ip.family == IP_NONE && subject->mail_from == NULL && subject->helo == NULL)
        return;
    page_section(page, "Envelope");
    if (subject->ip.family != IP_NONE)
        text_evidence_origin(page, "client", ip_to_text(page->arena, &subject->ip),
                             subject->ip_origin);
    if (facts->client_ptr != NULL) {
        page_line(page, TEXT_COLUMN_LINE + 11, PAGE_FAINT, ptr_text(page, facts));
    }
    text_evidence_origin(page, "HELO", subject->helo, subject->helo_origin);
    text_evidence_origin(page, "MAIL FROM", subject->mail_from, subject->mail_from_origin);
    text_evidence_origin(page, "RCPT TO", subject->rcpt, subject->rcpt_origin);
    if (subject->envelope_note != NULL)
        page_line(page, TEXT_COLUMN_LINE, PAGE_FAINT, subject->envelope_note);
}

/* text_evidence_stated_row - who says what, and what we compute; why in a line of its own */
static void text_evidence_stated_row(struct page *page, const struct explain_stated *row)
{
    enum page_style style = row->ours == NULL ? PAGE_FAINT
                            : row->is_same    ? PAGE_GOOD
                                              : PAGE_DOUBT;

    page_linef(page, TEXT_COLUMN_LINE, PAGE_PLAIN, "line %d: %s%s%s=%s %s", row->line,
               row->server, row->server[0] != '\0' ? ": " : "", row->method, row->result,
               row->about);
    page_line(page, COLUMN_OURS, style,
              row->ours == NULL
                  ? (row->why != NULL ? row->why : "not evaluated here")
                  : arena_printf(page->arena, "we: %s%s%s%s", row->ours,
                                 row->is_same ? ", the same" : "", row->why != NULL ? "; " : "",
                                 row->why != NULL ? row->why : ""));
}

/* text_evidence_stated - what earlier servers wrote into the message, next to what we compute;
 * shown with -v, never believed */
static void text_evidence_stated(struct page *page, const struct report *report)
{
    const struct explain_stated *rows = report->stated;
    const char *field = NULL;

    if (!page->is_verbose)
        return;
    for (size_t i = 0; i < report->stated_count; i++) {
        if (field == NULL || strcmp(field, rows[i].field) != 0) {
            page_section(page,
                         arena_printf(page->arena, "%s in the message, compared with ours",
                                      rows[i].field));
        }
        field = rows[i].field;
        text_evidence_stated_row(page, &rows[i]);
    }
}

void render_text_evidence(struct page *page, const struct report *report)
{
    const struct facts *facts = report->facts;

    page_title(page, "Evidence");
    text_evidence_envelope(page, facts);
    text_evidence_stated(page, report);
    render_text_arc(page, facts->message.arc);
    if (facts->domain.spf != NULL && facts->domain.spf->root != NULL)
        render_text_spf(page, &facts->domain);
    if (facts->domain.name != NULL)
        render_text_dkim(page, &facts->domain);
    if (facts->domain.dmarc != NULL)
        render_text_dmarc(page, &facts->domain);
    render_text_spoof(page, report->spoof);
    text_evidence_mx(page, &facts->domain);
    render_text_zones(page, facts->domain.zones);
    if (facts->domain.name != NULL)
        render_text_transport(page, &facts->domain);
    render_text_dnssec(page, &facts->domain.dnssec);
    render_text_dns(page, facts);
}
