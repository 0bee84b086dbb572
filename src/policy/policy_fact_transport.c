/* Words about the way to the mail hosts: what DNS says of it, and what a live probe found. */
#include <string.h>

#include "base/arena.h"
#include "base/ip.h"
#include "model/dns_answer.h"
#include "model/dnssec_verdict.h"
#include "model/facts.h"
#include "model/https_fact.h"
#include "model/rec_mta_sts_policy.h"
#include "model/smtp_facts.h"
#include "policy/policy_fact.h"

#define NO_DOMAIN  "no domain was looked at"
#define NO_HOST    "no mail host is known"
#define NO_PROBE   "no probe was made: smtp DOMAIN --live mx --policy NAME asks the mail hosts"
#define NOT_SIGNED "no trusted resolver has validated the answers"

/* ---- DNSSEC ---- */

/* has_role - the answer is one of those that a word is about */
static bool has_role(const struct dnssec_answer *one, const char *const *roles)
{
    while (*roles != NULL && strcmp(*roles, one->role) != 0)
        roles++;
    return *roles != NULL;
}

/* worst_of - the worst of the answers with these roles; NULL: there are none */
static const struct dnssec_answer *worst_of(const struct facts *facts, const char *const *roles)
{
    const struct dnssec_answer *worst = NULL;

    for (const struct dnssec_answer *one = facts->domain.dnssec.answers; one; one = one->next)
        if (has_role(one, roles) &&
            (worst == NULL || one->verdict->state < worst->verdict->state))
            worst = one;
    return worst;
}

/* signed_by - what the chain says; where it shows nothing, the AD bit decides */
static struct policy_value signed_by(const struct dnssec_answer *worst, bool has_ad)
{
    enum dnssec_chain_state state =
        worst != NULL ? worst->verdict->state : DNSSEC_INDETERMINATE;

    switch (state) {
    case DNSSEC_SECURE:
        return policy_value_truth(true);
    case DNSSEC_BOGUS:
    case DNSSEC_INSECURE:
        return policy_value_truth(false);
    case DNSSEC_ISLAND: /* signed, but nothing above was there to say so */
    case DNSSEC_PENDING:
    case DNSSEC_INDETERMINATE:
        break;
    }
    if (has_ad)
        return policy_value_truth(true);
    return policy_value_unknown(worst != NULL ? worst->verdict->reason : NOT_SIGNED);
}

/* An answer without the AD bit may be signed all the same: the resolver may not validate. */
struct policy_value policy_fact_dnssec_signed(const struct policy_lookup *in)
{
    static const char *const roles[] = {"mx", "spf", "dmarc", "soa", "ns", NULL};
    const struct dns_answer *txt = in->facts->domain.txt;

    return signed_by(worst_of(in->facts, roles), txt != NULL && txt->ad);
}

struct policy_value policy_fact_mx_signed(const struct policy_lookup *in)
{
    static const char *const roles[] = {"mx_a", "mx_aaaa", NULL};
    const struct mx_host *host = in->facts->domain.mx_hosts;
    bool has_ad = true;

    if (host == NULL)
        return policy_value_unknown(NO_HOST);
    for (; host != NULL; host = host->next)
        has_ad = has_ad && host->a->ad && host->aaaa->ad;
    return signed_by(worst_of(in->facts, roles), has_ad);
}

/* ---- MTA-STS and TLS-RPT ---- */

/* text_trouble - why nothing can be said about the records at a name; NULL: something can */
static const char *text_trouble(const struct policy_lookup *in, const struct text_facts *text)
{
    if (in->facts->domain.name == NULL || text->answer == NULL)
        return NO_DOMAIN;
    return dns_status_is_answer(text->answer->status)
               ? NULL
               : dns_answer_reason(in->arena, text->answer);
}

/* fact_transport_applied - what the policy itself says, as far as it is known: is it there,
 * and (if asked) enforced */
static struct policy_value fact_transport_applied(const struct policy_lookup *in,
                                                  const struct mta_sts_facts *facts,
                                                  bool is_enforced)
{
    const struct https_fact *fetched = facts->fetched;

    if (facts->policy != NULL)
        return policy_value_truth(!facts->policy->is_fatal &&
                                  (facts->policy->mode == REC_STS_ENFORCE ||
                                   (!is_enforced && facts->policy->mode == REC_STS_TESTING)));
    if (fetched == NULL || fetched->status == HTTPS_UNKNOWN)
        return policy_value_unknown("the MTA-STS policy was not fetched");
    if (https_is_failure(fetched->status))
        return policy_value_unknown(arena_printf(
            in->arena, "the MTA-STS policy could not be fetched: %s",
            fetched->detail != NULL ? fetched->detail : https_status_to_text(fetched->status)));
    return policy_value_truth(false); /* senders do not get it either */
}

/* fact_transport_sts - without a usable record there is no policy; with one, only the
 * policy says the rest */
static struct policy_value fact_transport_sts(const struct policy_lookup *in, bool is_enforced)
{
    const struct mta_sts_facts *facts = &in->facts->domain.mta_sts;
    const char *trouble = text_trouble(in, &facts->text);

    if (trouble != NULL)
        return policy_value_unknown(trouble);
    if (facts->text.count != 1 || facts->record == NULL || facts->record->is_fatal)
        return policy_value_truth(false);
    return fact_transport_applied(in, facts, is_enforced);
}

struct policy_value policy_fact_mta_sts_valid(const struct policy_lookup *in)
{
    return fact_transport_sts(in, false);
}

struct policy_value policy_fact_mta_sts_enforced(const struct policy_lookup *in)
{
    return fact_transport_sts(in, true);
}

struct policy_value policy_fact_tls_rpt_record(const struct policy_lookup *in)
{
    const struct tls_rpt_facts *facts = &in->facts->domain.tls_rpt;
    const char *trouble = text_trouble(in, &facts->text);

    return trouble != NULL
               ? policy_value_unknown(trouble)
               : policy_value_truth(facts->text.count == 1 && facts->record != NULL &&
                                    !facts->record->is_fatal);
}

/* ---- mail hosts ---- */

struct policy_value policy_fact_mx_ipv6(const struct policy_lookup *in)
{
    const struct mx_host *host = in->facts->domain.mx_hosts;
    const char *trouble = host == NULL ? NO_HOST : NULL;

    for (; host != NULL; host = host->next)
        if (!dns_status_is_answer(host->aaaa->status))
            trouble = dns_answer_reason(in->arena, host->aaaa);
        else if (host->aaaa->status != DNS_OK)
            return policy_value_truth(false);
    return trouble != NULL ? policy_value_unknown(trouble) : policy_value_truth(true);
}

struct policy_value policy_fact_mx_dane(const struct policy_lookup *in)
{
    const struct mx_host *host = in->facts->domain.mx_hosts;
    const char *trouble = host == NULL ? NO_HOST : NULL;

    for (; host != NULL; host = host->next)
        switch (host->dane) {
        case DANE_ABSENT:
        case DANE_INSECURE:
            return policy_value_truth(false);
        case DANE_UNASKED:
        case DANE_UNVERIFIED:
            trouble = host->dane_reason;
            break;
        case DANE_SECURE:
            break;
        }
    return trouble != NULL ? policy_value_unknown(trouble) : policy_value_truth(true);
}

/* ---- what a live probe found ---- */

typedef enum smtp_truth question_fn(const struct smtp_facts *facts);

static enum smtp_truth offers_starttls(const struct smtp_facts *facts)
{
    return facts->starttls;
}

static enum smtp_truth speaks_tls12(const struct smtp_facts *facts)
{
    return facts->tls12;
}

static enum smtp_truth uses_tls(const struct smtp_facts *facts)
{
    return facts->tls;
}

static enum smtp_truth refuses_old(const struct smtp_facts *facts)
{
    return facts->old_ciphers == SMTP_UNKNOWN ? SMTP_UNKNOWN
           : facts->old_ciphers == SMTP_YES   ? SMTP_NO
                                              : SMTP_YES;
}

/* unknown_at - "mx.example [192.0.2.1]: no answer at all: ..." */
static struct policy_value unknown_at(const struct policy_lookup *in,
                                      const struct smtp_facts *facts)
{
    const char *address =
        facts->address->family != IP_NONE
            ? arena_printf(in->arena, " [%s]", ip_to_text(in->arena, facts->address))
            : "";

    return policy_value_unknown(
        arena_printf(in->arena, "%s%s: %s", facts->host, address, facts->trouble));
}

/* at_all_hosts - yes where every address of every host says so, no where one denies it; an
 * address for which this machine has no route says nothing where another one of the host was
 * reached */
static struct policy_value at_all_hosts(const struct policy_lookup *in, question_fn *question)
{
    const struct probe_facts *probe = in->facts->probe;
    const struct smtp_facts *open = NULL;

    if (probe == NULL)
        return policy_value_unknown(NO_PROBE);
    for (size_t i = 0; i < probe->count; i++) {
        const struct smtp_facts *facts = &probe->addresses[i];
        enum smtp_truth truth = question(facts);

        if (truth == SMTP_NO)
            return policy_value_truth(false);
        if (truth == SMTP_UNKNOWN && !facts->is_redundant && open == NULL)
            open = facts;
    }
    if (open != NULL)
        return unknown_at(in, open);
    return probe->is_complete ? policy_value_truth(true)
                              : policy_value_unknown("not all addresses were connected to");
}

struct policy_value policy_fact_mx_starttls(const struct policy_lookup *in)
{
    return at_all_hosts(in, offers_starttls);
}

struct policy_value policy_fact_mx_tls12(const struct policy_lookup *in)
{
    return at_all_hosts(in, speaks_tls12);
}

struct policy_value policy_fact_mx_old_ciphers(const struct policy_lookup *in)
{
    struct policy_value none_is_old = at_all_hosts(in, refuses_old);

    none_is_old.truth = !none_is_old.truth;
    return none_is_old;
}

struct policy_value policy_fact_tls_used(const struct policy_lookup *in)
{
    return in->facts->probe != NULL ? at_all_hosts(in, uses_tls) : policy_trace_tls(in);
}
