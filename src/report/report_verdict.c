/* One verdict: the word and one clause. */
#include "model/result.h"
#include "model/spf_verdict.h"
#include "report/report_verdict.h"

#define STATUS_FINE         0
#define STATUS_FAILS        1
#define STATUS_UNDETERMINED 3

/* ---- SPF ---- */

/* spf_status - fail, softfail and permerror are 1 */
static int spf_status(enum spf_result result)
{
    static const int statuses[] = {
        [SPF_NONE] = STATUS_FINE,       [SPF_NEUTRAL] = STATUS_FINE,
        [SPF_PASS] = STATUS_FINE,       [SPF_FAIL] = STATUS_FAILS,
        [SPF_SOFTFAIL] = STATUS_FAILS,  [SPF_TEMPERROR] = STATUS_UNDETERMINED,
        [SPF_PERMERROR] = STATUS_FAILS,
    };

    return statuses[result];
}

/* verdict_spf_verdict - of MAIL FROM if there is one, else of HELO */
static struct report_verdict verdict_spf_verdict(struct arena *arena, const struct facts *facts)
{
    const struct auth_spf_verdict *spf = facts->spf_count > 0 ? facts->spf[0] : NULL;

    if (spf == NULL)
        return (struct report_verdict){"none", "no client address or no sender to judge",
                                       STATUS_FINE};
    return (struct report_verdict){
        spf_result_to_text(spf->result),
        arena_printf(arena, "%s %s: %s", spf->identity == AUTH_SPF_HELO ? "helo" : "mailfrom",
                     spf->domain, spf->reason),
        spf_status(spf->result),
    };
}

/* ---- DKIM ---- */

/* dkim_rank - which of several signatures speaks for the message: the least */
static int dkim_rank(enum dkim_result result)
{
    static const int ranks[] = {
        [DKIM_PASS] = 0,   [DKIM_TEMPERROR] = 1, [DKIM_FAIL] = 2, [DKIM_PERMERROR] = 3,
        [DKIM_POLICY] = 4, [DKIM_NEUTRAL] = 5,   [DKIM_NONE] = 6,
    };

    return ranks[result];
}

/* dkim_status - what does not verify is 1 */
static int dkim_status(enum dkim_result result)
{
    static const int statuses[] = {
        [DKIM_NONE] = STATUS_FINE,       [DKIM_PASS] = STATUS_FINE,
        [DKIM_FAIL] = STATUS_FAILS,      [DKIM_POLICY] = STATUS_FAILS,
        [DKIM_NEUTRAL] = STATUS_FINE,    [DKIM_TEMPERROR] = STATUS_UNDETERMINED,
        [DKIM_PERMERROR] = STATUS_FAILS,
    };

    return statuses[result];
}

/* dkim_verdict - of the best signature */
static struct report_verdict dkim_verdict(struct arena *arena, const struct facts *facts)
{
    const struct message_facts *message = &facts->message;
    const struct auth_dkim_verdict *best = message->dkim;

    if (message->dkim_count == 0)
        return (struct report_verdict){"none", "the message has no DKIM signature",
                                       STATUS_FINE};
    for (size_t i = 1; i < message->dkim_count; i++)
        if (dkim_rank(message->dkim[i].result) < dkim_rank(best->result))
            best = &message->dkim[i];
    return (struct report_verdict){dkim_result_to_text(best->result),
                                   report_signature_text(arena, best),
                                   dkim_status(best->result)};
}

/* ---- DMARC ---- */

/* dmarc_status - fail and permerror are 1 */
static int dmarc_status(enum dmarc_result result)
{
    static const int statuses[] = {
        [DMARC_NONE] = STATUS_FINE,       [DMARC_PASS] = STATUS_FINE,
        [DMARC_FAIL] = STATUS_FAILS,      [DMARC_TEMPERROR] = STATUS_UNDETERMINED,
        [DMARC_PERMERROR] = STATUS_FAILS,
    };

    return statuses[result];
}

/* has_unusable_record - something was published at the domain, but it does not count */
static bool has_unusable_record(const struct auth_dmarc_policy *policy)
{
    const struct auth_dmarc_walk *walk = policy->walk;

    return walk != NULL && walk->step_count > 0 && walk->steps[0].record_count > 0;
}

/* verdict_published - what is in DNS, without a message */
static struct report_verdict verdict_published(struct arena *arena,
                                               const struct auth_dmarc_policy *policy)
{
    if (policy == NULL)
        return (struct report_verdict){"none", "no domain to look at", STATUS_FAILS};
    if (policy->is_undetermined)
        return (struct report_verdict){"temperror", policy->reason, STATUS_UNDETERMINED};
    if (policy->step == NULL)
        return (struct report_verdict){has_unusable_record(policy) ? "permerror" : "none",
                                       policy->reason, STATUS_FAILS};
    return (struct report_verdict){"published", report_policy_text(arena, policy), STATUS_FINE};
}

/* dmarc_verdict - of the message, or of what is published */
static struct report_verdict dmarc_verdict(struct arena *arena, const struct facts *facts)
{
    const struct auth_dmarc_verdict *dmarc = facts->message.dmarc;

    if (dmarc == NULL)
        return verdict_published(arena, facts->domain.dmarc);
    return (struct report_verdict){dmarc_result_to_text(dmarc->result), dmarc->reason,
                                   dmarc_status(dmarc->result)};
}

/* ---- together ---- */

struct report_verdict report_verdict(struct arena *arena, const struct facts *facts,
                                     enum report_method method)
{
    switch (method) {
    case REPORT_SPF:
        return verdict_spf_verdict(arena, facts);
    case REPORT_DKIM:
        return dkim_verdict(arena, facts);
    case REPORT_DMARC:
        break;
    }
    return dmarc_verdict(arena, facts);
}
