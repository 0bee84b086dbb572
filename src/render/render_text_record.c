/* The records of the domain: DKIM keys and the DMARC walk. */
#include "base/escape.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "model/dkim_verdict.h"
#include "model/dmarc_verdict.h"
#include "model/rec_dkim.h"
#include "model/rec_dmarc.h"
#include "render/render_providers.h"
#include "render/render_text.h"

/* text_record_section - the name of what follows, and a remark */
static void text_record_section(struct page *page, const char *title, const char *remark)
{
    page_end(page);
    page_cell(page, 2, PAGE_STRONG, title);
    if (remark != NULL)
        page_putf(page, PAGE_PLAIN, "  %s", remark);
    page_end(page);
}

/* ---- DKIM ---- */

const char *text_key(struct page *page, const struct selector_facts *selector)
{
    static const char *const types[] = {"RSA", "Ed25519", "unknown"};
    const struct rec_dkim_key *key = selector->key;

    if (key->is_revoked)
        return "revoked: p= is empty";
    return arena_printf(
        page->arena, "%s%s key%s%s%s",
        selector->key_bits > 0 ? arena_printf(page->arena, "%u-bit ", selector->key_bits) : "",
        types[key->type],
        key->type == REC_DKIM_KEY_RSA && selector->key_bits > 0 &&
                selector->key_bits < AUTH_DKIM_RSA_BITS_MIN
            ? ", too short"
            : "",
        key->is_testing ? ", testing (t=y)" : "", key->is_fatal ? ", unusable" : "");
}

/* text_record_found_text - why it was asked for, and whose key it is: "usual at Example
 * Mail, recognised by its MX; an alias of s1.example.net (Example Mail)" */
static const char *text_record_found_text(struct page *page,
                                          const struct selector_facts *selector)
{
    struct sbuf text = sbuf_start(page->arena);

    if (selector->origin == SELECTOR_PROVIDER)
        sbuf_addf(&text, "usual at %s", render_provider_seen(page->arena, selector->usual));
    if (selector->target != NULL)
        sbuf_addf(&text, "%san alias of %s%s%s%s", text.len > 0 ? "; " : "",
                  selector->target->text, selector->host != NULL ? " (" : "",
                  selector->host != NULL ? selector->host->title : "",
                  selector->host != NULL ? ")" : "");
    return sbuf_text(&text);
}

/* selector_line - where a key was asked for and what is there */
static void selector_line(struct page *page, const struct selector_facts *selector)
{
    page_to(page, TEXT_COLUMN_LINE);
    if (selector->origin == SELECTOR_WILDCARD)
        page_putf(page, PAGE_PLAIN, "*._domainkey.%s", selector->domain->text);
    else
        page_put(page, PAGE_PLAIN, selector->key_name->text);
    page_to(page, TEXT_COLUMN_STATUS);
    if (selector->key != NULL)
        page_wrap(page, PAGE_FAINT, text_key(page, selector));
    else if (selector->answer != NULL && selector->answer->status == DNS_OK)
        page_wrap(page, PAGE_DOUBT, "no key among the TXT records");
    else
        page_wrap(page, PAGE_DOUBT, text_absence(page, selector->answer));
    if (selector->origin == SELECTOR_PROVIDER || selector->target != NULL)
        page_line(page, TEXT_COLUMN_LINE + 2, PAGE_FAINT,
                  text_record_found_text(page, selector));
    if (page->is_verbose && selector->rr != NULL)
        text_record(page, TEXT_COLUMN_LINE, selector->rr);
}

/* is_worth_a_line - it was named, or something was found there */
static bool is_worth_a_line(const struct selector_facts *selector)
{
    return selector->key != NULL || selector->origin < SELECTOR_PROVIDER;
}

/* below_line - what the name above all selectors says of those that nobody asked for */
static void below_line(struct page *page, const struct domain_facts *domain)
{
    const struct dns_answer *below = domain->domainkey;
    const struct selector_facts *one = domain->selectors;
    const char *text = "exists, so there may be more keys";

    if (below == NULL)
        return;
    while (one != NULL && one->key == NULL)
        one = one->next;
    if (!dns_status_is_answer(below->status))
        text = text_absence(page, below);
    else if (dns_answer_is_empty_below(below))
        text = one == NULL ? "no such name, so no selector has a key"
                           : "no such name, says a server that has a key below";
    text_pair(page, below->question.name->text, PAGE_FAINT, text);
}

void render_text_dkim(struct page *page, const struct domain_facts *domain)
{
    size_t absent = 0;
    size_t unknown = 0;

    text_record_section(page, "DKIM keys", NULL);
    for (const struct selector_facts *one = domain->selectors; one != NULL; one = one->next)
        if (is_worth_a_line(one))
            selector_line(page, one);
        else if (one->answer != NULL && dns_status_is_answer(one->answer->status))
            absent++;
        else
            unknown++;
    if (absent > 0)
        page_linef(page, TEXT_COLUMN_LINE, PAGE_FAINT, "no key at %s",
                   page_count(page, absent, "common selector"));
    if (unknown > 0)
        page_linef(page, TEXT_COLUMN_LINE, PAGE_FAINT, "%s could not be looked up",
                   page_count(page, unknown, "common selector"));
    below_line(page, domain);
}

/* ---- DMARC ---- */

/* step_text - what was found at one name of the walk */
static const char *step_text(struct page *page, const struct auth_dmarc_step *step)
{
    if (step->record_count > 1)
        return arena_printf(page->arena, "%zu records: none counts", step->record_count);
    if (step->rr != NULL)
        return "record";
    if (step->answer->status == DNS_OK)
        return "no DMARC record among the TXT records";
    return text_absence(page, step->answer);
}

/* step_records - the record that counts, or several of which none does */
static void step_records(struct page *page, const struct auth_dmarc_step *step)
{
    const struct dns_rr *rr = dns_answer_first(step->answer);

    for (; rr != NULL; rr = dns_answer_next(step->answer, rr)) {
        if (step->rr != NULL ? rr != step->rr : !rec_dmarc_is_record(rr->joined))
            continue;
        text_record(page, TEXT_COLUMN_LINE + 2, rr);
    }
}

/* step_line - one name of the walk */
static void step_line(struct page *page, const struct auth_dmarc_step *step)
{
    text_pair(page, arena_printf(page->arena, "_dmarc.%s", step->domain->text),
              dns_status_is_answer(step->answer->status) ? PAGE_FAINT : PAGE_DOUBT,
              step_text(page, step));
    step_records(page, step);
}

/* text_record_authorisation - may reports be sent there */
static const char *text_record_authorisation(struct page *page,
                                             const struct auth_dmarc_report *report)
{
    if (report->is_authorised && report->takes_no_mail)
        return "takes no mail";
    if (!report->is_external)
        return "own domain";
    if (report->is_undetermined)
        return report->answer != NULL ? text_absence(page, report->answer) : "undetermined";
    return report->is_authorised ? "authorised" : "not authorised by that domain";
}

/* text_record_report_line - one report address */
static void text_record_report_line(struct page *page, const struct auth_dmarc_report *report)
{
    text_pair(page,
              arena_printf(page->arena, "%s %s", report->is_failure ? "ruf" : "rua",
                           escape_to_text(page->arena, report->uri->text, LIMIT_SHOWN_BYTES)),
              report->takes_no_mail || (report->is_external && !report->is_authorised)
                  ? PAGE_DOUBT
                  : PAGE_FAINT,
              text_record_authorisation(page, report));
}

void render_text_dmarc(struct page *page, const struct domain_facts *domain)
{
    const struct auth_dmarc_walk *walk = domain->dmarc->walk;

    if (walk == NULL)
        return;
    text_record_section(page, "DMARC",
                        walk->organizational_domain == NULL || walk->is_undetermined
                            ? NULL
                            : arena_printf(page->arena, "organizational domain %s",
                                           walk->organizational_domain->text));
    for (size_t i = 0; i < walk->step_count; i++)
        step_line(page, &walk->steps[i]);
    for (const struct auth_dmarc_report *one = domain->reports; one != NULL; one = one->next)
        text_record_report_line(page, one);
}
