/*
 * The domain in DNS: does it exist, can it get answers to its mail, and which queries could
 * not be answered. A failure of DNS is reported as what it was, never as an absence.
 */
#include "base/arena.h"
#include "base/dns_name.h"
#include "base/ip.h"
#include "base/span.h"
#include "check/check_emit.h"
#include "check/check_facts.h"
#include "ledger/ledger.h"
#include "model/dns_answer.h"
#include "model/facts.h"
#include "model/finding.h"
#include "model/rec_spf.h"

#define NAMES_SHOWN 6 /* queries named in one finding; the rest is counted */

/* ---- queries that failed ---- */

/* emit_failures - one finding for all queries of the status */
static void emit_failures(struct emitter *out, enum dns_status status)
{
    const struct facts *facts = out->facts;
    struct check_list names = check_list_start(out->arena, NAMES_SHOWN);
    const struct dns_answer *first = NULL;
    struct found *found = NULL;

    for (size_t i = 0; i < ledger_count(facts->ledger); i++) {
        const struct dns_answer *answer = ledger_get(facts->ledger, i);

        if (answer->status != status || answer->is_aside || answer->question.type == DNS_DS ||
            answer->question.type == DNS_DNSKEY) /* asked for check_dnssec.c alone */
            continue;
        if ((status == DNS_BOGUS || status == DNS_SERVFAIL) &&
            check_dnssec_explains(facts, answer))
            continue; /* one finding for one cause */
        if (first == NULL)
            first = answer;
        check_list_add(&names, arena_printf(out->arena, "%s of %s",
                                            dns_type_to_text(out->arena, answer->question.type),
                                            answer->question.name->text));
    }
    if (first == NULL)
        return;
    found = emit(out, where_name(out, first->question.name, first->question.type));
    found_number(found, "count", (int64_t)names.count);
    found_text(found, "questions", check_list_text(&names));
    found_text(found, "detail", first->detail != NULL ? first->detail : "no detail");
    found_key(found, "");
}

CHECK_AS(dns_servfail, emit_failures(out, DNS_SERVFAIL))
CHECK_AS(dns_timeout, emit_failures(out, DNS_TIMEOUT))
CHECK_AS(dns_bogus, emit_failures(out, DNS_BOGUS))
CHECK_AS(dns_malformed, emit_failures(out, DNS_MALFORMED))
CHECK_AS(dns_budget, emit_failures(out, DNS_BUDGET))
CHECK_AS(dns_unknown, emit_failures(out, DNS_UNKNOWN))

/* check_dns_not_internet - a resolver of a closed network */
void check_dns_not_internet(const struct facts *facts, struct emitter *out)
{
    struct found *found = NULL;

    if (facts->not_internet == NULL)
        return;
    found = emit(out, where_name(out, facts->subject->domain, DNS_TXT));
    found_text(found, "source", facts->not_internet_source);
    found_text(found, "zone", facts->not_internet);
}

/* ---- the domain and its mail hosts ---- */

/* check_dns_domain_missing - the name is not in DNS */
void check_dns_domain_missing(const struct facts *facts, struct emitter *out)
{
    if (check_domain_is_missing(facts))
        emit(out, where_name(out, facts->domain.name, DNS_MX));
}

/* is_absent - certainly no record */
static bool is_absent(const struct dns_answer *answer)
{
    return answer != NULL && dns_status_is_absent(answer->status);
}

/* check_dns_no_mail_host - bounces and replies cannot be delivered */
void check_dns_no_mail_host(const struct facts *facts, struct emitter *out)
{
    const struct domain_facts *domain = &facts->domain;

    if (domain->name == NULL || check_domain_is_missing(facts) || domain->sends_no_mail)
        return;
    if (!dns_status_is_answer(domain->mx->status))
        emit_undetermined(out, where_name(out, domain->name, DNS_MX),
                          dns_answer_reason(out->arena, domain->mx));
    else if (is_absent(domain->mx) && is_absent(domain->a) && is_absent(domain->aaaa))
        emit(out, where_name(out, domain->name, DNS_MX));
}

/* check_dns_no_mx - mail goes to the domain's own address for want of an MX */
void check_dns_no_mx(const struct facts *facts, struct emitter *out)
{
    const struct domain_facts *domain = &facts->domain;
    bool has_address = false;

    if (domain->name == NULL || domain->sends_no_mail || !is_absent(domain->mx))
        return;
    has_address = domain->a->status == DNS_OK || domain->aaaa->status == DNS_OK;
    if (has_address)
        emit(out, where_name(out, domain->name, DNS_MX));
}

/* authorises_senders - an SPF record that lets somebody pass */
static bool authorises_senders(const struct domain_facts *domain)
{
    const struct rec_spf *record = domain->spf != NULL ? domain->spf->root->record : NULL;

    for (size_t i = 0; record != NULL && i < record->term_count; i++) {
        const struct rec_spf_term *term = &record->terms[i];
        bool is_mechanism = term->qualifier == '+' && term->kind != REC_SPF_INVALID;

        if (!term->is_after_all && (is_mechanism || term->kind == REC_SPF_REDIRECT))
            return true;
    }
    return false;
}

/* check_dns_null_mx_sends - "takes no mail", but "these hosts send our mail" */
void check_dns_null_mx_sends(const struct facts *facts, struct emitter *out)
{
    const struct domain_facts *domain = &facts->domain;

    if (domain->name == NULL || !domain->is_null_mx || !authorises_senders(domain))
        return;
    emit(out, where_rr(out, domain->mx, dns_answer_first(domain->mx)));
}

/* check_dns_null_mx_mixed - a null MX must be the only one */
void check_dns_null_mx_mixed(const struct facts *facts, struct emitter *out)
{
    const struct domain_facts *domain = &facts->domain;

    if (domain->name == NULL || dns_answer_count(domain->mx) < 2)
        return;
    for (const struct dns_rr *rr = dns_answer_first(domain->mx); rr != NULL;
         rr = dns_answer_next(domain->mx, rr))
        if (rr->target != NULL && rr->target->labels == 0)
            found_number(emit(out, where_rr(out, domain->mx, rr)), "count",
                         (int64_t)dns_answer_count(domain->mx));
}

/* check_dns_null_mx_preference - the form of a null MX is fixed */
void check_dns_null_mx_preference(const struct facts *facts, struct emitter *out)
{
    const struct dns_answer *mx = facts->domain.mx;
    const struct dns_rr *rr = facts->domain.is_null_mx ? dns_answer_first(mx) : NULL;

    if (rr != NULL && rr->preference != 0)
        found_number(emit(out, where_rr(out, mx, rr)), "preference", rr->preference);
}

/* where_mx - the MX record of a host */
static struct finding_where where_mx(const struct facts *facts, struct emitter *out,
                                     const struct mx_host *mx)
{
    const struct dns_rr *rr = dns_answer_find_target(facts->domain.mx, mx->host);
    struct finding_where where = rr != NULL ? where_rr(out, facts->domain.mx, rr)
                                            : where_name(out, facts->domain.name, DNS_MX);

    where.term = mx->host->text;
    return where;
}

/* emit_mx - a finding at the MX record of a host */
static struct found *emit_mx(const struct facts *facts, struct emitter *out,
                             const struct mx_host *mx)
{
    struct found *found = emit(out, where_mx(facts, out, mx));

    found_name(found, "host", mx->host);
    return found;
}

/* dns_is_address - the name is an IPv4 address somebody wrote into an MX */
static bool dns_is_address(const struct dns_name *name)
{
    struct ip_address address;

    return ip_parse(span_of(name->text), &address);
}

/* check_dns_mx_address - an MX must name a host, not an address */
void check_dns_mx_address(const struct facts *facts, struct emitter *out)
{
    for (const struct mx_host *mx = facts->domain.mx_hosts; mx != NULL; mx = mx->next)
        if (dns_is_address(mx->host))
            emit_mx(facts, out, mx);
}

/* check_dns_mx_cname - an MX must not name an alias */
void check_dns_mx_cname(const struct facts *facts, struct emitter *out)
{
    for (const struct mx_host *mx = facts->domain.mx_hosts; mx != NULL; mx = mx->next) {
        const struct dns_name *target = check_alias_target(mx->a, mx->aaaa);

        if (target != NULL)
            found_name(emit_mx(facts, out, mx), "target", target);
    }
}

/* emit_dead_host - a mail host without an address, and the one that was meant */
static void emit_dead_host(const struct facts *facts, struct emitter *out,
                           const struct mx_host *mx)
{
    struct found *found = emit_mx(facts, out, mx);

    if (mx->meant != NULL)
        found_text(found, "meant",
                   arena_printf(out->arena, "MX %u %s. (the zone was appended once more)",
                                mx->preference, mx->meant->text));
}

/* check_dns_mx_no_address - a mail host that leads nowhere */
void check_dns_mx_no_address(const struct facts *facts, struct emitter *out)
{
    for (const struct mx_host *mx = facts->domain.mx_hosts; mx != NULL; mx = mx->next) {
        const struct dns_answer *failed = check_addresses_failed(mx->a, mx->aaaa);

        if (is_absent(mx->a) && is_absent(mx->aaaa) && !dns_is_address(mx->host))
            emit_dead_host(facts, out, mx);
        else if (failed != NULL)
            emit_undetermined(out, where_mx(facts, out, mx),
                              dns_answer_reason(out->arena, failed));
    }
}

/* count_addresses - of an answer; `*private_out` gets how many of them are private */
static size_t count_addresses(const struct dns_answer *answer, size_t *private_out)
{
    size_t count = 0;

    for (const struct dns_rr *rr = dns_answer_first(answer); rr != NULL;
         rr = dns_answer_next(answer, rr)) {
        if (rr->address == NULL)
            continue;
        count++;
        *private_out += check_is_private(rr->address);
    }
    return count;
}

/* check_dns_mx_private - a mail host that only the inside can reach */
void check_dns_mx_private(const struct facts *facts, struct emitter *out)
{
    for (const struct mx_host *mx = facts->domain.mx_hosts; mx != NULL; mx = mx->next) {
        size_t private = 0;
        size_t count = count_addresses(mx->a, &private) + count_addresses(mx->aaaa, &private);

        if (count > 0 && private == count)
            emit_mx(facts, out, mx);
    }
}

/* answer_of_host - about the addresses of a mail host, or of the one that was meant */
static const struct dns_answer *answer_of_host(const struct mx_host *mx, bool is_ipv4)
{
    const struct dns_answer *meant = is_ipv4 ? mx->meant_a : mx->meant_aaaa;

    if (mx->meant != NULL && meant != NULL)
        return meant;
    return is_ipv4 ? mx->a : mx->aaaa;
}

/* emit_one_family - mail hosts with addresses of one family and certainly none of the other */
static void emit_one_family(struct emitter *out, bool is_ipv4)
{
    bool has_address = false;

    for (const struct mx_host *mx = out->facts->domain.mx_hosts; mx != NULL; mx = mx->next) {
        if (!is_absent(answer_of_host(mx, !is_ipv4)))
            return; /* there is the other, or nobody knows */
        has_address = has_address || answer_of_host(mx, is_ipv4)->status == DNS_OK;
    }
    if (has_address)
        emit(out, where_name(out, out->facts->domain.name, DNS_MX));
}

CHECK_AS(dns_mx_ipv4_only, emit_one_family(out, true))
CHECK_AS(dns_mx_ipv6_only, emit_one_family(out, false))
