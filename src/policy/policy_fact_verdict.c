/*
 * Words about verdicts. What is temperror for us is known only as far as the DNS itself failed;
 * a question that we could not ask says nothing about what others would hear.
 */
#include <string.h>

#include "base/dns_name.h"
#include "base/span.h"
#include "check/check_facts.h"
#include "model/dkim_verdict.h"
#include "model/dmarc_verdict.h"
#include "model/dns_answer.h"
#include "model/engine_verdict.h"
#include "model/facts.h"
#include "model/rec_dkim.h"
#include "model/rec_dmarc.h"
#include "model/result.h"
#include "model/spf_verdict.h"
#include "policy/policy_fact.h"

#define NO_MESSAGE "there is no message"
#define NO_SENDER  "the client's address or the sender is not given"

/* ---- SPF ---- */

/* fact_verdict_spf_verdict - about MAIL FROM, or HELO where the sender is not known; NULL:
 * none */
static const struct auth_spf_verdict *fact_verdict_spf_verdict(const struct facts *facts)
{
    return facts->spf_count > 0 ? facts->spf[0] : NULL;
}

struct policy_value policy_fact_spf_result(const struct policy_lookup *in)
{
    const struct auth_spf_verdict *verdict = fact_verdict_spf_verdict(in->facts);

    if (verdict == NULL)
        return policy_value_unknown(NO_SENDER);
    if (verdict->result == SPF_TEMPERROR && !dns_status_is_failure(verdict->trouble))
        return policy_value_unknown(verdict->reason);
    return policy_value_text(spf_result_to_text(verdict->result));
}

struct policy_value policy_fact_spf_passes(const struct policy_lookup *in)
{
    const struct auth_spf_verdict *verdict = fact_verdict_spf_verdict(in->facts);

    if (verdict == NULL)
        return policy_value_unknown(NO_SENDER);
    return verdict->result == SPF_TEMPERROR ? policy_value_unknown(verdict->reason)
                                            : policy_value_truth(verdict->result == SPF_PASS);
}

/* is_decided_by_all - the term at the end of the record matched, because no other did */
static bool is_decided_by_all(const struct auth_spf_verdict *verdict, const char *term)
{
    return verdict->term != NULL && span_equal_nocase(span_of(verdict->term), term);
}

struct policy_value policy_fact_spf_hard_fail(const struct policy_lookup *in)
{
    const struct auth_spf_verdict *verdict = fact_verdict_spf_verdict(in->facts);

    if (verdict == NULL)
        return policy_value_unknown(NO_SENDER);
    return verdict->result == SPF_TEMPERROR
               ? policy_value_unknown(verdict->reason)
               : policy_value_truth(verdict->result == SPF_FAIL &&
                                    is_decided_by_all(verdict, "-all"));
}

/* is_own_sender - the sender's record is the one of the domain, whose addresses are counted */
static bool is_own_sender(const struct policy_lookup *in)
{
    const struct auth_spf_verdict *verdict = fact_verdict_spf_verdict(in->facts);
    const struct dns_name *name = in->facts->domain.name;

    return name != NULL &&
           (verdict == NULL || span_equal_nocase(span_of(verdict->domain), name->text));
}

/* Of another domain's record only the term that decided is known. */
struct policy_value policy_fact_spf_overbroad(const struct policy_lookup *in)
{
    const struct auth_spf_verdict *verdict = fact_verdict_spf_verdict(in->facts);

    if (verdict != NULL && verdict->result == SPF_PASS &&
        (is_decided_by_all(verdict, "+all") || is_decided_by_all(verdict, "all")))
        return policy_value_truth(true);
    if (!is_own_sender(in))
        return verdict != NULL && verdict->result == SPF_TEMPERROR
                   ? policy_value_unknown(verdict->reason)
                   : policy_value_truth(false);
    if (check_spf_is_overbroad(in->facts))
        return policy_value_truth(true);
    return policy_fact_spf_valid(in).is_known
               ? policy_value_truth(false)
               : policy_value_unknown("a part of the SPF record could not be looked up");
}

struct policy_value policy_fact_spf_aligned(const struct policy_lookup *in)
{
    const struct auth_dmarc_verdict *dmarc = in->facts->message.dmarc;
    struct policy_value passes = policy_fact_spf_passes(in);

    if (passes.is_known && !passes.truth)
        return passes;
    if (dmarc == NULL)
        return policy_value_unknown(NO_MESSAGE);
    if (!passes.is_known || dmarc->spf_aligned)
        return passes;
    return dmarc->result == DMARC_TEMPERROR ? policy_value_unknown(dmarc->reason)
                                            : policy_value_truth(false);
}

/* ---- DKIM ---- */

struct policy_value policy_fact_dkim_signed(const struct policy_lookup *in)
{
    const struct message_facts *message = &in->facts->message;

    return message->message == NULL ? policy_value_unknown(NO_MESSAGE)
                                    : policy_value_truth(message->dkim_count > 0);
}

/* passes_with - a signature passes, of one algorithm or (REC_DKIM_ALGORITHM_UNKNOWN) of any */
static struct policy_value passes_with(const struct message_facts *message,
                                       enum rec_dkim_algorithm algorithm)
{
    const char *trouble = NULL;

    if (message->message == NULL)
        return policy_value_unknown(NO_MESSAGE);
    for (size_t i = 0; i < message->dkim_count; i++) {
        const struct auth_dkim_verdict *verdict = &message->dkim[i];

        if (algorithm != REC_DKIM_ALGORITHM_UNKNOWN &&
            verdict->signature->parsed.algorithm != algorithm)
            continue;
        if (verdict->result == DKIM_PASS)
            return policy_value_truth(true);
        if (verdict->result == DKIM_TEMPERROR)
            trouble = verdict->reason;
    }
    return trouble != NULL ? policy_value_unknown(trouble) : policy_value_truth(false);
}

struct policy_value policy_fact_dkim_passes(const struct policy_lookup *in)
{
    return passes_with(&in->facts->message, REC_DKIM_ALGORITHM_UNKNOWN);
}

struct policy_value policy_fact_dkim_rsa(const struct policy_lookup *in)
{
    return passes_with(&in->facts->message, REC_DKIM_RSA_SHA256);
}

struct policy_value policy_fact_dkim_ed25519(const struct policy_lookup *in)
{
    return passes_with(&in->facts->message, REC_DKIM_ED25519_SHA256);
}

struct policy_value policy_fact_dkim_aligned(const struct policy_lookup *in)
{
    const struct auth_dmarc_verdict *dmarc = in->facts->message.dmarc;
    struct policy_value passes = policy_fact_dkim_passes(in);

    if (!passes.is_known || !passes.truth || dmarc == NULL || dmarc->dkim_aligned)
        return passes;
    return dmarc->result == DMARC_TEMPERROR ? policy_value_unknown(dmarc->reason)
                                            : policy_value_truth(false);
}

struct policy_value policy_fact_dkim_bits(const struct policy_lookup *in)
{
    const struct message_facts *message = &in->facts->message;
    unsigned most = 0;

    if (message->message == NULL)
        return policy_value_unknown(NO_MESSAGE);
    for (size_t i = 0; i < message->dkim_count; i++)
        if (message->dkim[i].key != NULL && message->dkim[i].key->type == REC_DKIM_KEY_RSA &&
            message->dkim[i].key_bits > most)
            most = message->dkim[i].key_bits;
    return most == 0 ? policy_value_unknown("no RSA key was used") : policy_value_number(most);
}

/* ---- DMARC ---- */

struct policy_value policy_fact_dmarc_aligned(const struct policy_lookup *in)
{
    struct policy_value spf = policy_fact_spf_aligned(in);
    struct policy_value dkim = policy_fact_dkim_aligned(in);

    if (dkim.is_known && dkim.truth)
        return dkim;
    return spf.is_known && !spf.truth ? dkim : spf;
}

/* walk_trouble - the status behind a policy that could not be found; DNS_OK: none */
static enum dns_status walk_trouble(const struct auth_dmarc_policy *policy)
{
    if (policy == NULL || !policy->is_undetermined || policy->walk == NULL ||
        policy->walk->trouble == NULL)
        return DNS_OK;
    return policy->walk->trouble->answer->status;
}

struct policy_value policy_fact_dmarc_result(const struct policy_lookup *in)
{
    const struct auth_dmarc_verdict *dmarc = in->facts->message.dmarc;

    if (dmarc == NULL)
        return policy_value_unknown(NO_MESSAGE);
    if (dmarc->result == DMARC_TEMPERROR && !dns_status_is_failure(walk_trouble(dmarc->policy)))
        return policy_value_unknown(dmarc->reason);
    return policy_value_text(dmarc_result_to_text(dmarc->result));
}

struct policy_value policy_fact_dmarc_passes(const struct policy_lookup *in)
{
    const struct auth_dmarc_verdict *dmarc = in->facts->message.dmarc;

    if (dmarc == NULL)
        return policy_value_unknown(NO_MESSAGE);
    return dmarc->result == DMARC_TEMPERROR ? policy_value_unknown(dmarc->reason)
                                            : policy_value_truth(dmarc->result == DMARC_PASS);
}

/* fact_verdict_policy_of - the author's policy where there is a message, else that of the
 * domain */
static const struct auth_dmarc_policy *fact_verdict_policy_of(const struct facts *facts)
{
    if (facts->message.message == NULL)
        return facts->domain.dmarc;
    return facts->message.dmarc != NULL ? facts->message.dmarc->policy : NULL;
}

/* fact_verdict_policy_trouble - why the policy is not known; NULL: it is, or is known not
 * to be there */
static const char *fact_verdict_policy_trouble(const struct facts *facts)
{
    const struct auth_dmarc_policy *policy = fact_verdict_policy_of(facts);

    if (policy == NULL)
        return facts->message.message != NULL ? "the message has no author domain"
                                              : "no domain was looked at";
    return policy->is_undetermined ? policy->reason : NULL;
}

struct policy_value policy_fact_dmarc_record(const struct policy_lookup *in)
{
    const char *trouble = fact_verdict_policy_trouble(in->facts);

    return trouble != NULL
               ? policy_value_unknown(trouble)
               : policy_value_truth(fact_verdict_policy_of(in->facts)->step != NULL);
}

struct policy_value policy_fact_dmarc_has_policy(const struct policy_lookup *in)
{
    const char *trouble = fact_verdict_policy_trouble(in->facts);
    const struct auth_dmarc_policy *policy = fact_verdict_policy_of(in->facts);

    return trouble != NULL
               ? policy_value_unknown(trouble)
               : policy_value_truth(policy->step != NULL && policy->step->record->has_policy);
}

/* Without a record there is nothing to enforce, which is what "none" says. */
struct policy_value policy_fact_dmarc_policy(const struct policy_lookup *in)
{
    const char *trouble = fact_verdict_policy_trouble(in->facts);
    const struct auth_dmarc_policy *policy = fact_verdict_policy_of(in->facts);

    if (trouble != NULL)
        return policy_value_unknown(trouble);
    return policy_value_text(
        rec_dmarc_policy_to_text(policy->step != NULL ? policy->policy : REC_DMARC_NONE));
}

struct policy_value policy_fact_rfc7489_result(const struct policy_lookup *in)
{
    const struct auth_dmarc_verdict *dmarc = in->facts->message.dmarc;

    if (dmarc == NULL)
        return policy_value_unknown(NO_MESSAGE);
    return dmarc->rfc7489.result == DMARC_TEMPERROR
               ? policy_value_unknown(dmarc->reason)
               : policy_value_text(dmarc_result_to_text(dmarc->rfc7489.result));
}

struct policy_value policy_fact_rfc7489_policy(const struct policy_lookup *in)
{
    const struct auth_dmarc_verdict *dmarc = in->facts->message.dmarc;

    if (dmarc == NULL)
        return policy_value_unknown(NO_MESSAGE);
    if (dmarc->rfc7489.result == DMARC_TEMPERROR)
        return policy_value_unknown(dmarc->reason);
    return policy_value_text(rec_dmarc_policy_to_text(
        dmarc->rfc7489.has_policy ? dmarc->rfc7489.policy : REC_DMARC_NONE));
}

struct policy_value policy_fact_opendmarc_result(const struct policy_lookup *in)
{
    const struct facts *facts = in->facts;

    if (facts->message.message == NULL)
        return policy_value_unknown(NO_MESSAGE);
    for (size_t i = 0; i < facts->engine_count; i++) {
        const struct engine_verdict *verdict = &facts->engines[i];

        if (verdict->library == ENGINE_LIBOPENDMARC && strcmp(verdict->about, "dmarc") == 0)
            return verdict->result != NULL ? policy_value_text(verdict->result)
                                           : policy_value_unknown(verdict->detail);
    }
    return policy_value_unknown("libopendmarc was not run");
}
