/*
 * What the domain publishes about TLS between mail servers, and its logo. The names are asked
 * in the first pass; TLSA records together with the addresses of the mail hosts.
 *
 * DNSSEC is judged by the chain of signatures where it can be had, else by the AD bit. An
 * answer without the AD bit says nothing if the resolver never sets it. Where TLSA records
 * rest on such answers only, the root is asked, which is signed: a resolver that does not even
 * authenticate the root cannot be asked about DNSSEC.
 */
#include "base/ip.h"
#include "base/limits.h"
#include "base/span.h"
#include "dnssec/dnssec_chain.h"
#include "gather/gather_private.h"
#include "ledger/ledger.h"
#include "model/dnssec_verdict.h"
#include "model/rec_bimi.h"
#include "model/rec_mta_sts.h"
#include "model/rec_tls_rpt.h"
#include "model/rec_tlsa.h"
#include "record/rec_bimi.h"
#include "record/rec_mta_sts.h"
#include "record/rec_tls_rpt.h"
#include "record/rec_tlsa.h"

typedef bool is_record_fn(struct span text);

/* transport_find_text - the TXT records of a kind at an answer */
static struct text_facts transport_find_text(const struct dns_answer *answer,
                                             is_record_fn *is_record)
{
    struct text_facts text = {.answer = answer};

    if (answer == NULL || answer->status != DNS_OK)
        return text;
    for (const struct dns_rr *rr = dns_answer_first(answer); rr != NULL;
         rr = dns_answer_next(answer, rr))
        if (is_record(rr->joined) && text.count++ == 0)
            text.rr = rr;
    return text;
}

/* ---- records ---- */

static const void *parse_mta_sts(struct arena *arena, const struct dns_rr *rr)
{
    struct rec_mta_sts *record = arena_new_of(arena, struct rec_mta_sts);

    rec_mta_sts_parse(arena, rr->joined, record);
    return record;
}

static const void *parse_tls_rpt(struct arena *arena, const struct dns_rr *rr)
{
    struct rec_tls_rpt *record = arena_new_of(arena, struct rec_tls_rpt);

    rec_tls_rpt_parse(arena, rr->joined, record);
    return record;
}

static const void *parse_bimi(struct arena *arena, const struct dns_rr *rr)
{
    struct rec_bimi *record = arena_new_of(arena, struct rec_bimi);

    rec_bimi_parse(arena, rr->joined, record);
    return record;
}

/* parse_tlsa - of "owner.\tttl\tIN\tTLSA\trdata" */
static const void *parse_tlsa(struct arena *arena, const struct dns_rr *rr)
{
    struct rec_tlsa *record = arena_new_of(arena, struct rec_tlsa);
    struct span text = span_of(rr->text);

    rec_tlsa_parse(arena, span_from(text, (size_t)span_find_last(text, '\t') + 1), record);
    return record;
}

/* ask_mta_sts - the record, and with one the host that serves the policy */
static void ask_mta_sts(const struct gather_work *work, struct domain_facts *domain)
{
    struct mta_sts_facts *facts = &domain->mta_sts;
    const struct dns_answer *host_a = NULL;
    const struct dns_answer *host_aaaa = NULL;

    facts->text = transport_find_text(gather_ask_below(work, "_mta-sts", domain->name, DNS_TXT),
                                      rec_mta_sts_is_record);
    if (facts->text.answer == NULL || dns_answer_first(facts->text.answer) == NULL)
        return;
    /* also where the text is not a record: once it is put right, the host counts */
    host_a = gather_ask_below(work, "mta-sts", domain->name, DNS_A);
    host_aaaa = gather_ask_below(work, "mta-sts", domain->name, DNS_AAAA);
    if (host_a != NULL)
        gather_policy(work, host_a->question.name, facts);
    if (facts->text.rr == NULL) {
        facts->fetched = NULL;
        facts->policy = NULL;
        return;
    }
    facts->record = ledger_parsed(work->ledger, facts->text.rr, parse_mta_sts);
    facts->host_a = host_a;
    facts->host_aaaa = host_aaaa;
}

/* ask_others - TLS-RPT and BIMI */
static void ask_others(const struct gather_work *work, struct domain_facts *domain)
{
    struct tls_rpt_facts *tls_rpt = &domain->tls_rpt;
    struct bimi_facts *bimi = &domain->bimi;

    tls_rpt->text = transport_find_text(
        gather_ask_below(work, "_smtp._tls", domain->name, DNS_TXT), rec_tls_rpt_is_record);
    if (tls_rpt->text.rr != NULL)
        tls_rpt->record = ledger_parsed(work->ledger, tls_rpt->text.rr, parse_tls_rpt);
    bimi->text = transport_find_text(
        gather_ask_below(work, "default._bimi", domain->name, DNS_TXT), rec_bimi_is_record);
    if (bimi->text.rr != NULL)
        bimi->record = ledger_parsed(work->ledger, bimi->text.rr, parse_bimi);
    gather_logo(work, bimi);
}

/* ---- DANE ---- */

/* transport_is_address - an MX that names an address where a host should be */
static bool transport_is_address(const struct dns_name *name)
{
    struct ip_address address;

    return ip_parse(span_of(name->text), &address);
}

/* ask_tlsa - below the end of the host's CNAME chain first (RFC 7672, 2.2.3) */
static const struct dns_answer *ask_tlsa(const struct gather_work *work,
                                         const struct mx_host *mx)
{
    static const char port[] = "_25._tcp";
    const struct dns_name *final = dns_answer_final_name(mx->a);
    const struct dns_answer *own = gather_ask_below(work, port, mx->host, DNS_TLSA);
    const struct dns_answer *alias = NULL;

    if (!dns_name_equal(final, mx->host))
        alias = gather_ask_below(work, port, final, DNS_TLSA);
    return alias != NULL && alias->status == DNS_OK ? alias : own;
}

/* transport_read_tlsa - the records of the host */
static void transport_read_tlsa(const struct gather_work *work, struct mx_host *mx)
{
    struct tlsa_facts **tail = &mx->tlsa_records;
    const struct dns_rr *rr = dns_answer_first(mx->tlsa);

    for (size_t count = 0; rr != NULL && count < LIMIT_TLSA_RECORDS; count++) {
        struct tlsa_facts *one = arena_new_of(work->arena, struct tlsa_facts);

        one->rr = rr;
        one->record = ledger_parsed(work->ledger, rr, parse_tlsa);
        *tail = one;
        tail = &one->next;
        rr = dns_answer_next(mx->tlsa, rr);
    }
}

/* find_open - what the TLSA records rest on and is not protected; NULL: nothing */
static const struct dns_answer *find_open(const struct domain_facts *domain,
                                          const struct mx_host *mx)
{
    const struct dns_answer *const chain[] = {domain->mx, mx->a, mx->aaaa, mx->tlsa};

    for (size_t i = 0; i < COUNT_OF(chain); i++)
        if (chain[i]->status == DNS_OK && !chain[i]->ad)
            return chain[i];
    return NULL;
}

/* is_validated - the resolver authenticates answers, about the host or the root */
static bool is_validated(const struct gather_work *work, const struct domain_facts *domain,
                         const struct mx_host *mx)
{
    if (domain->mx->ad || mx->a->ad || mx->aaaa->ad || mx->tlsa->ad)
        return true;
    return ledger_ask(work->ledger, dns_name_from_text(work->arena, "."), DNS_SOA)->ad;
}

/* transport_dane_of - what the chain's word about all that TLSA records rest on means for
 * them */
static enum dane_state transport_dane_of(enum dnssec_chain_state state)
{
    switch (state) {
    case DNSSEC_SECURE:
        return DANE_SECURE;
    case DNSSEC_ISLAND:
        return DANE_UNVERIFIED;
    case DNSSEC_INSECURE:
        return DANE_INSECURE;
    case DNSSEC_PENDING:
    case DNSSEC_BOGUS:
    case DNSSEC_INDETERMINATE:
        break;
    }
    return DANE_UNASKED;
}

/* judge_by_chain - what the signatures say; false if they could not all be had */
static bool judge_by_chain(const struct gather_work *work, const struct domain_facts *domain,
                           struct mx_host *mx)
{
    const struct dns_answer *const parts[] = {domain->mx, mx->a, mx->aaaa, mx->tlsa};
    const struct dnssec_chain_verdict *worst = NULL;
    const struct dns_answer *of = NULL;

    if (domain->dnssec.chain == NULL)
        return false;
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        const struct dnssec_chain_verdict *verdict = NULL;

        if (parts[i]->status != DNS_OK)
            continue;
        verdict = dnssec_chain_judge(domain->dnssec.chain, parts[i]);
        if (worst == NULL || verdict->state < worst->state) {
            worst = verdict;
            of = parts[i];
        }
    }
    if (worst == NULL || worst->state == DNSSEC_PENDING || worst->state == DNSSEC_INDETERMINATE)
        return false;
    mx->dane = transport_dane_of(worst->state);
    if (mx->dane == DANE_UNVERIFIED)
        mx->dane_reason = worst->reason;
    else if (mx->dane != DANE_SECURE)
        mx->dane_reason =
            arena_printf(work->arena, "the %s records of %s are not protected by DNSSEC: %s",
                         dns_type_to_text(work->arena, of->question.type),
                         of->question.name->text, worst->reason);
    return true;
}

/* judge_protection - DNSSEC from the MX record to the TLSA records, or what lacks it */
static void judge_protection(const struct gather_work *work, const struct domain_facts *domain,
                             struct mx_host *mx)
{
    const struct dns_answer *open = NULL;

    if (judge_by_chain(work, domain, mx))
        return;
    open = find_open(domain, mx);
    mx->dane = DANE_SECURE;
    if (open == NULL)
        return;
    if (!is_validated(work, domain, mx)) {
        mx->dane = DANE_UNVERIFIED;
        mx->dane_reason = "the resolver authenticates no answer, not even that about the root";
        return;
    }
    mx->dane = DANE_INSECURE;
    mx->dane_reason = arena_printf(
        work->arena, "the %s records of %s are not protected by DNSSEC",
        dns_type_to_text(work->arena, open->question.type), open->question.name->text);
}

/* judge_dane - may senders go by the TLSA records of the host */
static void judge_dane(const struct gather_work *work, const struct domain_facts *domain,
                       struct mx_host *mx)
{
    if (mx->tlsa == NULL || dns_status_is_absent(mx->tlsa->status))
        return;
    if (mx->tlsa->status == DNS_OK) {
        transport_read_tlsa(work, mx);
        judge_protection(work, domain, mx);
        return;
    }
    mx->dane = DANE_UNASKED;
    mx->dane_reason = arena_printf(
        work->arena, "TLSA of %s: %s", mx->tlsa->question.name->text,
        mx->tlsa->detail != NULL ? mx->tlsa->detail : dns_status_to_text(mx->tlsa->status));
}

void gather_demands(const struct gather_work *work, struct domain_facts *domain)
{
    ask_mta_sts(work, domain);
    for (struct mx_host *mx = domain->mx_hosts; mx != NULL; mx = mx->next) {
        if (!transport_is_address(mx->host))
            mx->tlsa = ask_tlsa(work, mx);
        judge_dane(work, domain, mx);
    }
}

void gather_transport(const struct gather_work *work, struct domain_facts *domain)
{
    gather_demands(work, domain);
    ask_others(work, domain);
}
