/* Words about the way to the mail hosts: what DNS tells of it, and what it does not. */
#include "check/check_emit.h"
#include "policy/policy_fact.h"

#define NO_DOMAIN "no domain was looked at"
#define NOT_ASKED "mail servers are asked by smtp --live mx only, not by this report"

/* An answer without the AD bit may be signed all the same: the resolver may not validate. */
struct policy_value policy_fact_dnssec_signed(const struct policy_lookup *in)
{
    const struct dns_answer *txt = in->facts->domain.txt;

    return txt != NULL && txt->ad
               ? policy_value_truth(true)
               : policy_value_unknown("no trusted resolver has validated the answers");
}

/* text_trouble - why nothing can be said about the records at a name; NULL: something can */
static const char *text_trouble(const struct policy_lookup *in, const struct text_facts *text)
{
    if (in->facts->domain.name == NULL || text->answer == NULL)
        return NO_DOMAIN;
    return dns_status_is_answer(text->answer->status)
               ? NULL
               : check_answer_reason(in->arena, text->answer);
}

/* enforced_by - what the policy itself says, as far as it is known */
static struct policy_value enforced_by(const struct policy_lookup *in,
                                       const struct mta_sts_facts *facts)
{
    const struct dns_https *fetched = facts->fetched;

    if (facts->policy != NULL)
        return policy_value_truth(!facts->policy->is_fatal &&
                                  facts->policy->mode == REC_STS_ENFORCE);
    if (fetched == NULL || fetched->status == HTTPS_UNKNOWN)
        return policy_value_unknown("the MTA-STS policy was not fetched");
    if (dns_https_is_failure(fetched->status))
        return policy_value_unknown(
            arena_printf(in->arena, "the MTA-STS policy could not be fetched: %s",
                         fetched->detail != NULL ? fetched->detail
                                                 : dns_https_status_to_text(fetched->status)));
    return policy_value_truth(false); /* senders do not get it either */
}

/* Without a usable record there is no policy; with one, only the policy says whether it is
 * enforced. */
struct policy_value policy_fact_mta_sts_enforced(const struct policy_lookup *in)
{
    const struct mta_sts_facts *facts = &in->facts->domain.mta_sts;
    const char *trouble = text_trouble(in, &facts->text);

    if (trouble != NULL)
        return policy_value_unknown(trouble);
    if (facts->text.count != 1 || facts->record == NULL || facts->record->is_fatal)
        return policy_value_truth(false);
    return enforced_by(in, facts);
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

struct policy_value policy_fact_mx_dane(const struct policy_lookup *in)
{
    const struct mx_host *host = in->facts->domain.mx_hosts;
    const char *trouble = host == NULL ? "no mail host is known" : NULL;

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

struct policy_value policy_fact_mx_starttls(const struct policy_lookup *in)
{
    (void)in;
    return policy_value_unknown(NOT_ASKED);
}

struct policy_value policy_fact_mx_tls12(const struct policy_lookup *in)
{
    (void)in;
    return policy_value_unknown(NOT_ASKED);
}

struct policy_value policy_fact_mx_old_ciphers(const struct policy_lookup *in)
{
    (void)in;
    return policy_value_unknown(NOT_ASKED);
}
