/* The records about TLS between mail servers, and the logo. */
#include "base/sbuf.h"
#include "model/https_fact.h"
#include "model/rec_mta_sts_policy.h"
#include "render/render_text.h"

/* what there is to say about one record */
struct record_line {
    const struct text_facts *text;
    bool is_fatal;
};

/* status_text - "record", or why there is none that counts */
static const char *status_text(struct page *page, const struct record_line *line)
{
    const struct text_facts *text = line->text;

    if (text->count > 1)
        return arena_printf(page->arena, "%zu records: none counts", text->count);
    if (text->count == 1)
        return line->is_fatal ? "record, unusable" : "record";
    return text->answer->status == DNS_OK ? "nothing of the kind among the TXT records"
                                          : text_absence(page, text->answer);
}

/* record_line - where a record is looked for, and what is there */
static void record_line(struct page *page, const struct record_line *line)
{
    const struct text_facts *text = line->text;

    if (text->answer == NULL)
        return;
    text_pair(page, text->answer->question.name->text,
              dns_status_is_answer(text->answer->status) && !line->is_fatal ? PAGE_FAINT
                                                                            : PAGE_DOUBT,
              status_text(page, line));
    if (text->rr == NULL)
        return;
    text_record(page, TEXT_COLUMN_LINE + 2, text->rr);
}

/* what there is to say about something behind HTTPS */
struct fetched_line {
    const struct https_fact *fact;
    const char *what; /* "policy" */
    const char *got;  /* what it says, where it was got */
};

/* fetched_line - what was fetched, or why it was not */
static void fetched_line(struct page *page, const struct fetched_line *line)
{
    const struct https_fact *fact = line->fact;
    const char *text = line->got;

    if (fact == NULL)
        return;
    if (fact->status == HTTPS_UNKNOWN)
        text = "not fetched";
    else if (fact->status == HTTPS_REDIRECT)
        text = arena_printf(page->arena, "redirected to %s", fact->location);
    else if (fact->status != HTTPS_OK)
        text = fact->detail != NULL ? fact->detail : https_status_to_text(fact->status);
    page_linef(page, TEXT_COLUMN_LINE + 2, fact->status == HTTPS_OK ? PAGE_PLAIN : PAGE_DOUBT,
               "%s: %s", line->what, text);
}

/* policy_line - the MTA-STS policy */
static void policy_line(struct page *page, const struct mta_sts_facts *facts)
{
    const struct rec_mta_sts_policy *policy = facts->policy;
    struct sbuf got = sbuf_start(page->arena);

    if (policy != NULL && policy->is_fatal) {
        sbuf_add(&got, "unusable");
    } else if (policy != NULL) {
        sbuf_addf(&got, "mode %s, max_age %u", rec_mta_sts_mode_to_text(policy->mode),
                  (unsigned)policy->max_age);
        for (const struct rec_mta_sts_mx *mx = policy->mx; mx != NULL; mx = mx->next)
            sbuf_addf(&got, "%s %s%s", mx == policy->mx ? ", mx" : "",
                      mx->is_wildcard ? "*." : "", mx->name->text);
    }
    fetched_line(page, &(struct fetched_line){facts->fetched, "policy", sbuf_text(&got)});
}

/* logo_lines - what follows a BIMI record */
static void logo_lines(struct page *page, const struct bimi_facts *bimi)
{
    const char *logo = NULL;
    const char *mark = "no certificate";

    if (bimi->svg != NULL)
        logo = arena_printf(page->arena, "%zu octets, %s", bimi->logo->body.len,
                            bimi->svg->faults == NULL ? "SVG Tiny PS" : "not SVG Tiny PS");
    if (bimi->mark != NULL)
        mark = arena_printf(page->arena, "certificate of %s, until %s",
                            bimi->mark->certificate.names_shown,
                            bimi->mark->certificate.not_after);
    fetched_line(page, &(struct fetched_line){bimi->logo, "logo", logo});
    fetched_line(page, &(struct fetched_line){bimi->evidence, "evidence", mark});
}

/* dane_text - what senders can make of the TLSA records of a host */
static const char *dane_text(struct page *page, const struct mx_host *mx)
{
    switch (mx->dane) {
    case DANE_ABSENT:
        break;
    case DANE_SECURE:
        return "DANE, protected by DNSSEC";
    case DANE_UNASKED:
        return text_absence(page, mx->tlsa);
    case DANE_INSECURE:
        return arena_printf(page->arena, "without effect: %s", mx->dane_reason);
    case DANE_UNVERIFIED:
        return arena_printf(page->arena, "not verified: %s", mx->dane_reason);
    }
    return "no TLSA record";
}

/* dane_lines - the hosts with TLSA records, or where nobody knows */
static void dane_lines(struct page *page, const struct mx_host *hosts)
{
    size_t absent = 0;

    for (const struct mx_host *mx = hosts; mx != NULL; mx = mx->next) {
        if (mx->tlsa == NULL || mx->dane == DANE_ABSENT) {
            absent++;
            continue;
        }
        text_pair(page, mx->tlsa->question.name->text,
                  mx->dane == DANE_SECURE ? PAGE_FAINT : PAGE_DOUBT, dane_text(page, mx));
        for (const struct tlsa_facts *one = mx->tlsa_records; one; one = one->next)
            page_linef(page, TEXT_COLUMN_LINE + 2,
                       one->record->is_usable ? PAGE_PLAIN : PAGE_DOUBT, "%s%s",
                       one->record->words, one->record->is_usable ? "" : ", unusable");
    }
    if (absent > 0)
        page_linef(page, TEXT_COLUMN_LINE, PAGE_FAINT, "no TLSA record of %s",
                   page_count(page, absent, "mail host"));
}

void render_text_transport(struct page *page, const struct domain_facts *domain)
{
    const struct record_line mta_sts = {&domain->mta_sts.text,
                                        domain->mta_sts.record != NULL &&
                                            domain->mta_sts.record->is_fatal};
    const struct record_line tls_rpt = {&domain->tls_rpt.text,
                                        domain->tls_rpt.record != NULL &&
                                            domain->tls_rpt.record->is_fatal};
    const struct record_line bimi = {&domain->bimi.text, domain->bimi.record != NULL &&
                                                             domain->bimi.record->is_fatal};

    page_section(page, "TLS between mail servers: MTA-STS, TLS-RPT, DANE");
    record_line(page, &mta_sts);
    policy_line(page, &domain->mta_sts);
    record_line(page, &tls_rpt);
    dane_lines(page, domain->mx_hosts);
    if (bimi.text->count == 0)
        return;
    page_section(page, "Logo (BIMI)");
    record_line(page, &bimi);
    logo_lines(page, &domain->bimi);
}
