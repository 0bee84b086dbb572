/*
 * The audit of the domain. Everything that is known to be needed is asked in the first pass;
 * what depends on answers (mail hosts, included records, report authorisations) follows.
 */
#include "auth/auth_dmarc.h"
#include "auth/auth_spf.h"
#include "auth/auth_spf_set.h"
#include "base/limits.h"
#include "base/span.h"
#include "gather/gather_private.h"
#include "ledger/ledger.h"
#include "model/rec_dmarc.h"
#include "model/rec_spf.h"
#include "model/spf_verdict.h"

/* no zone has this label by design: an answer for it comes from a wildcard */
static const char wildcard_label[] = "_mailassay-no-such-name";

/* has_mx_host - the host is in the list already */
static bool has_mx_host(const struct mx_host *hosts, const struct dns_name *name)
{
    while (hosts != NULL && !dns_name_equal(hosts->host, name))
        hosts = hosts->next;
    return hosts != NULL;
}

/* ask_behind - the host behind an alias, which the MX record should name: a proof of that
 * remedy needs its answers under its own name */
static void ask_behind(const struct gather_work *work, const struct mx_host *mx)
{
    const struct dns_answer *answer = mx->a->status == DNS_OK ? mx->a : mx->aaaa;
    const struct dns_name *behind = dns_answer_final_name(answer);

    if (answer->status != DNS_OK || dns_name_equal(behind, mx->host))
        return;
    ledger_ask(work->ledger, behind, DNS_A);
    ledger_ask(work->ledger, behind, DNS_AAAA);
    gather_ask_below(work, "_25._tcp", behind, DNS_TLSA);
}

void gather_mx_hosts(const struct gather_work *work, struct domain_facts *domain)
{
    struct mx_host **tail = &domain->mx_hosts;
    size_t count = 0;

    for (const struct dns_rr *rr = dns_answer_first(domain->mx);
         rr != NULL && count < LIMIT_MX_HOSTS; rr = dns_answer_next(domain->mx, rr)) {
        struct mx_host *mx = NULL;

        if (rr->target == NULL || rr->target->labels == 0 ||
            has_mx_host(domain->mx_hosts, rr->target))
            continue;
        mx = arena_new_of(work->arena, struct mx_host);
        mx->preference = rr->preference;
        mx->host = rr->target;
        mx->a = ledger_ask(work->ledger, rr->target, DNS_A);
        mx->aaaa = ledger_ask(work->ledger, rr->target, DNS_AAAA);
        ask_behind(work, mx);
        *tail = mx;
        tail = &mx->next;
        count++;
    }
}

/* domain_is_null_mx - exactly one MX record, and it names the root (RFC 7505, 3) */
static bool domain_is_null_mx(const struct dns_answer *mx)
{
    const struct dns_rr *rr = dns_answer_first(mx);

    return dns_answer_count(mx) == 1 && rr->target != NULL && rr->target->labels == 0;
}

/* ask_plainly - queries that depend on nothing but the name */
static void ask_plainly(const struct gather_work *work, struct domain_facts *domain)
{
    const struct dns_name *name = domain->name;

    domain->txt = ledger_ask(work->ledger, name, DNS_TXT);
    domain->mx = ledger_ask(work->ledger, name, DNS_MX);
    domain->a = ledger_ask(work->ledger, name, DNS_A);
    domain->aaaa = ledger_ask(work->ledger, name, DNS_AAAA);
    domain->soa = ledger_ask(work->ledger, name, DNS_SOA);
    domain->ns = ledger_ask(work->ledger, name, DNS_NS);
    domain->spf_type = ledger_ask(work->ledger, name, DNS_SPF);
    domain->spf_misplaced = gather_ask_below(work, "_spf", name, DNS_TXT);
    domain->domainkey = gather_ask_below(work, "_domainkey", name, DNS_TXT);
    domain->wildcard_dmarc = gather_ask_below(work, wildcard_label, name, DNS_TXT);
    domain->dmarc_misplaced = domain->txt;
}

const char *gather_return_path(size_t index)
{
    static const char *const labels[] = {"bounce", "mailer"};

    return index < COUNT_OF(labels) ? labels[index] : NULL;
}

/* ask_return_paths - is there a free name for a part of a record that costs too much */
static void ask_return_paths(const struct gather_work *work, const struct domain_facts *domain)
{
    for (size_t i = 0; domain->spf->lookups > AUTH_SPF_LOOKUP_MAX && gather_return_path(i); i++)
        gather_ask_below(work, gather_return_path(i), domain->name, DNS_TXT);
}

/* ask_several - several SPF records are an error; joining them is the cure, and its proof needs
 * what all of them lead to */
static void ask_several(const struct gather_work *work, const struct domain_facts *domain)
{
    const struct dns_answer *txt = domain->txt;

    if (domain->spf->root == NULL || domain->spf->root->record_count < 2)
        return;
    for (const struct dns_rr *rr = dns_answer_first(txt); rr != NULL;
         rr = dns_answer_next(txt, rr))
        if (rec_spf_is_record(rr->joined))
            auth_spf_tree_ask(work->ledger, domain->name, rr);
}

/* ask_accepted - whose DMARC reports the domain accepts, at the names that the subject lists
 * (RFC 9990, 4) */
static void ask_accepted(const struct gather_work *work, struct facts *facts)
{
    const struct subject *subject = facts->subject;
    struct domain_facts *domain = &facts->domain;

    domain->accepted_report_count = subject->accepts_report_count;
    domain->accepted_reports =
        arena_array_of(work->arena, struct text_facts, subject->accepts_report_count);
    for (size_t i = 0; i < subject->accepts_report_count; i++) {
        struct text_facts *text = &domain->accepted_reports[i];

        text->answer = ledger_ask(work->ledger, subject->accepts_reports[i], DNS_TXT);
        for (const struct dns_rr *rr = dns_answer_first(text->answer); rr != NULL;
             rr = dns_answer_next(text->answer, rr)) {
            if (!rec_dmarc_is_record(rr->joined))
                continue;
            text->rr = text->rr != NULL ? text->rr : rr;
            text->count++;
        }
    }
}

void gather_domain(const struct gather_work *work, struct facts *facts)
{
    struct domain_facts *domain = &facts->domain;
    bool is_pending = false;

    domain->name = facts->subject->domain;
    ask_plainly(work, domain);
    gather_dnssec_open(work, facts);
    domain->spf = auth_spf_tree_walk(work->arena, work->ledger, domain->name);
    if (!domain->spf->is_pending) {
        domain->spf_sets = auth_spf_sets_of(work->arena, work->ledger, domain->spf);
        ask_return_paths(work, domain);
        ask_several(work, domain);
    }
    domain->dmarc = auth_dmarc_discover(work->arena, work->ledger, domain->name);
    if (!domain->dmarc->is_pending && domain->dmarc->step != NULL)
        domain->reports =
            auth_dmarc_reports(work->arena, work->ledger, domain->dmarc->step, &is_pending);
    if (domain->mx->status == DNS_OK) {
        domain->is_null_mx = domain_is_null_mx(domain->mx);
        gather_mx_hosts(work, domain);
    }
    gather_mx_names(work, domain);
    gather_zones(work, domain);
    gather_transport(work, domain);
    ask_accepted(work, facts);
    gather_parked(work, facts);
}
