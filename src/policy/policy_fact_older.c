/*
 * The words about DMARC as a receiver has them that still goes by RFC 7489: no np, no t, the
 * public suffix list instead of the walk, and a policy that pct= asks for a part of the mail
 * only (6.6.4), the rest getting the next weaker one.
 */
#include "base/arena.h"
#include "base/dns_name.h"
#include "model/dmarc_verdict.h"
#include "model/facts.h"
#include "model/rec_dmarc.h"
#include "model/result.h"
#include "policy/policy_fact.h"

#define ALL_PERCENT 100 /* pct= where it is not given: RFC 7489, 6.3 */

/* older_policy_text - the policy that is asked for */
static const char *older_policy_text(const struct auth_dmarc_rfc7489 *older,
                                     enum rec_dmarc_policy policy)
{
    return rec_dmarc_policy_to_text(older->has_policy ? policy : REC_DMARC_NONE);
}

/* older_has_policy - the record that applies says which policy; of the same record both
 * standards read the same */
static struct policy_value older_has_policy(const struct auth_dmarc_verdict *dmarc,
                                            const struct policy_known *known)
{
    const struct auth_dmarc_rfc7489 *older = &dmarc->rfc7489;
    const struct auth_dmarc_step *step = dmarc->policy != NULL ? dmarc->policy->step : NULL;

    if (step != NULL && older->record_domain != NULL &&
        dns_name_equal(step->domain, older->record_domain))
        return known->values[POLICY_FACT_dmarc_has_policy];
    return policy_value_truth(older->has_policy);
}

/* older_words - one set of words, with this policy */
static struct policy_known *older_words(struct arena *arena,
                                        const struct auth_dmarc_verdict *dmarc,
                                        const struct policy_known *known,
                                        enum rec_dmarc_policy policy)
{
    const struct auth_dmarc_rfc7489 *older = &dmarc->rfc7489;
    struct policy_known *words = arena_new_of(arena, struct policy_known);
    struct policy_value *values = words->values;

    *words = *known;
    words->standard = "RFC 7489";
    words->older = NULL;
    values[POLICY_FACT_dmarc_result] = policy_value_text(dmarc_result_to_text(older->result));
    values[POLICY_FACT_dmarc_passes] = policy_value_truth(older->result == DMARC_PASS);
    values[POLICY_FACT_dmarc_record] = policy_value_truth(older->record_domain != NULL);
    values[POLICY_FACT_dmarc_has_policy] = older_has_policy(dmarc, known);
    values[POLICY_FACT_dmarc_policy] = policy_value_text(older_policy_text(older, policy));
    values[POLICY_FACT_spf_aligned] = policy_value_truth(older->spf_aligned);
    values[POLICY_FACT_dkim_aligned] = policy_value_truth(older->dkim_aligned);
    return words;
}

/* older_differs - a rule could notice */
static bool older_differs(const struct auth_dmarc_verdict *dmarc)
{
    const struct auth_dmarc_rfc7489 *older = &dmarc->rfc7489;
    const struct auth_dmarc_step *step = dmarc->policy != NULL ? dmarc->policy->step : NULL;
    enum rec_dmarc_policy policy = step != NULL ? dmarc->policy->policy : REC_DMARC_NONE;

    return dmarc->result != older->result || dmarc->spf_aligned != older->spf_aligned ||
           dmarc->dkim_aligned != older->dkim_aligned ||
           (step != NULL && step->record->has_policy) != older->has_policy ||
           policy != (older->has_policy ? older->policy : REC_DMARC_NONE) ||
           (older->has_policy && older->percent < ALL_PERCENT && policy != REC_DMARC_NONE);
}

const struct policy_known *policy_known_older(struct arena *arena, const struct facts *facts,
                                              const struct policy_known *known)
{
    const struct auth_dmarc_verdict *dmarc = facts->message.dmarc;
    const struct auth_dmarc_rfc7489 *older = dmarc != NULL ? &dmarc->rfc7489 : NULL;
    struct policy_known *rest = NULL;
    struct policy_known *words = NULL;

    if (dmarc == NULL || dmarc->result == DMARC_TEMPERROR || older->result == DMARC_TEMPERROR ||
        dmarc->result == DMARC_PERMERROR || !older_differs(dmarc))
        return NULL;
    if (older->has_policy && older->percent < ALL_PERCENT && older->policy > REC_DMARC_NONE)
        rest = older_words(arena, dmarc, known, (enum rec_dmarc_policy)(older->policy - 1));
    if (rest != NULL)
        rest->standard =
            arena_printf(arena, "RFC 7489, what pct=%u leaves out", older->percent);
    if (rest != NULL && older->percent == 0)
        return rest;
    words = older_words(arena, dmarc, known, older->policy);
    words->older = rest;
    return words;
}
