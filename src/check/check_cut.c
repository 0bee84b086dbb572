/*
 * Lists of the domain that a bound of base/limits.h cut. Partly read lists are reported, or the
 * report would look like one about all of it.
 */
#include "base/dns_name.h"
#include "base/limits.h"
#include "check/check_emit.h"
#include "model/dmarc_verdict.h"
#include "model/dns_answer.h"
#include "model/dnssec_verdict.h"
#include "model/facts.h"
#include "model/finding.h"
#include "model/rec_dmarc.h"
#include "model/rec_tls_rpt.h"

/* a list that may have been cut */
struct listed {
    const char *what; /* "mail hosts" */
    size_t limit;
    size_t left_off;
};

/* cut_beyond - how many of all do not fit */
static size_t cut_beyond(size_t count, size_t limit)
{
    return count > limit ? count - limit : 0;
}

/* cut_report - a finding, if something was left off */
static void cut_report(struct emitter *out, struct finding_where where,
                       const struct listed *list)
{
    struct found *found = NULL;

    if (list->left_off == 0)
        return;
    found = emit(out, where);
    found_text(found, "what", list->what);
    found_number(found, "limit", (int64_t)list->limit);
    found_number(found, "left_off", (int64_t)list->left_off);
    found_key(found, list->what);
}

/* answer_cut - records of an answer, of which only the first were read */
static void answer_cut(struct emitter *out, const struct dns_answer *answer, const char *what,
                       size_t limit)
{
    const struct listed list = {
        what, limit, answer != NULL ? cut_beyond(dns_answer_count(answer), limit) : 0};

    if (list.left_off > 0)
        cut_report(out, where_name(out, answer->question.name, answer->question.type), &list);
}

/* mail_hosts_cut - MX records whose host is not in the list */
static void mail_hosts_cut(const struct domain_facts *domain, struct emitter *out)
{
    struct listed list = {"mail hosts", LIMIT_MX_HOSTS, 0};

    for (const struct dns_rr *rr = dns_answer_first(domain->mx); rr != NULL;
         rr = dns_answer_next(domain->mx, rr)) {
        const struct mx_host *mx = domain->mx_hosts;

        while (mx != NULL && rr->target != NULL && !dns_name_equal(mx->host, rr->target))
            mx = mx->next;
        if (mx == NULL && rr->target != NULL && rr->target->labels > 0)
            list.left_off++;
    }
    cut_report(out, where_name(out, domain->name, DNS_MX), &list);
}

/* cut_report_count - destinations of both kinds */
static size_t cut_report_count(const struct rec_dmarc *record)
{
    size_t count = 0;

    for (const struct rec_dmarc_uri *uri = record->rua; uri != NULL; uri = uri->next)
        count++;
    for (const struct rec_dmarc_uri *uri = record->ruf; uri != NULL; uri = uri->next)
        count++;
    return count;
}

/* reports_cut - of the DMARC record that applies, and of TLS-RPT */
static void reports_cut(const struct domain_facts *domain, struct emitter *out)
{
    const struct auth_dmarc_step *step = domain->dmarc != NULL ? domain->dmarc->step : NULL;
    const struct rec_tls_rpt *tls = domain->tls_rpt.record;
    struct listed list = {"destinations for reports", LIMIT_REPORT_URIS, 0};

    if (step != NULL && step->record != NULL) {
        list.left_off = cut_beyond(cut_report_count(step->record), LIMIT_REPORT_URIS);
        cut_report(out, where_name(out, step->answer->question.name, DNS_TXT), &list);
    }
    if (tls != NULL) {
        list.left_off = tls->left_off;
        cut_report(out, where_name(out, domain->tls_rpt.text.answer->question.name, DNS_TXT),
                   &list);
    }
}

/* check_dns_list_cut - something of the domain was not looked at to its end */
void check_dns_list_cut(const struct facts *facts, struct emitter *out)
{
    const struct domain_facts *domain = &facts->domain;
    const struct listed addresses = {"addresses of mail hosts", LIMIT_PTR_ADDRESSES,
                                     domain->unnamed_addresses};
    const struct listed selectors = {"DKIM selectors", LIMIT_SELECTORS,
                                     domain->selectors_left_off};
    const struct listed providers = {"names of providers", LIMIT_PROVIDERS,
                                     domain->providers_left_off};

    if (domain->name == NULL || domain->mx == NULL)
        return;
    mail_hosts_cut(domain, out);
    cut_report(out, where_name(out, domain->name, DNS_MX), &addresses);
    cut_report(out, where_name(out, domain->name, DNS_TXT), &providers);
    cut_report(out, where_name(out, domain->name, DNS_TXT), &selectors);
    reports_cut(domain, out);
    for (const struct zone_facts *zone = domain->zones; zone != NULL; zone = zone->next)
        answer_cut(out, zone->ns, "name servers", LIMIT_NAME_SERVERS);
    for (const struct mx_host *mx = domain->mx_hosts; mx != NULL; mx = mx->next)
        answer_cut(out, mx->tlsa, "TLSA records", LIMIT_TLSA_RECORDS);
    for (const struct dnssec_chain_zone *zone = domain->dnssec.zones; zone; zone = zone->next) {
        answer_cut(out, zone->ds, "DS records", LIMIT_ZONE_KEYS);
        answer_cut(out, zone->dnskey, "keys", LIMIT_ZONE_KEYS);
    }
}
