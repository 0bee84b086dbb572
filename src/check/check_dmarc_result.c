/*
 * The DMARC verdict about the message, and by how little it fails: who passed for which domain,
 * and what would have to change to make it align.
 */
#include "auth/auth_dmarc.h"
#include "base/arena.h"
#include "base/dns_name.h"
#include "check/check_emit.h"
#include "check/check_facts.h"
#include "model/dmarc_verdict.h"
#include "model/facts.h"
#include "model/finding.h"
#include "model/rec_dmarc.h"
#include "model/result.h"
#include "model/spf_verdict.h"

/* emit_verdict - a finding about the author domain */
static struct found *emit_verdict(struct emitter *out)
{
    struct found *found = emit(out, where_from(out));

    found_name(found, "domain", out->facts->message.author);
    found_text(found, "because", out->facts->message.dmarc->reason);
    return found;
}

/* dmarc_result_fails - the verdict is fail and a record applies */
static bool dmarc_result_fails(const struct auth_dmarc_verdict *verdict)
{
    return verdict != NULL && verdict->result == DMARC_FAIL && verdict->policy != NULL &&
           verdict->policy->step != NULL;
}

/* check_dmarc_result_fail - the domain asks receivers to act on it */
void check_dmarc_result_fail(const struct facts *facts, struct emitter *out)
{
    const struct auth_dmarc_verdict *verdict = facts->message.dmarc;

    if (verdict != NULL && verdict->result == DMARC_TEMPERROR)
        emit_undetermined(out, where_from(out), verdict->reason);
    if (dmarc_result_fails(verdict) && verdict->policy->policy != REC_DMARC_NONE)
        found_text(emit_verdict(out), "policy",
                   rec_dmarc_policy_to_text(verdict->policy->policy));
}

/* check_dmarc_result_monitored - it fails, and the policy is none */
void check_dmarc_result_monitored(const struct facts *facts, struct emitter *out)
{
    const struct auth_dmarc_verdict *verdict = facts->message.dmarc;

    if (dmarc_result_fails(verdict) && verdict->policy->policy == REC_DMARC_NONE)
        emit_verdict(out);
}

/* check_dmarc_result_none - the author domain has no policy */
void check_dmarc_result_none(const struct facts *facts, struct emitter *out)
{
    const struct auth_dmarc_verdict *verdict = facts->message.dmarc;

    if (verdict != NULL && verdict->result == DMARC_NONE)
        emit_verdict(out);
}

/* check_dmarc_result_permerror - no author domain to judge */
void check_dmarc_result_permerror(const struct facts *facts, struct emitter *out)
{
    const struct auth_dmarc_verdict *verdict = facts->message.dmarc;

    if (verdict != NULL && verdict->result == DMARC_PERMERROR)
        emit_verdict(out);
}

/* dmarc_result_spf_passes - for the domain in MAIL FROM */
static bool dmarc_result_spf_passes(const struct facts *facts)
{
    const struct auth_spf_verdict *spf = check_spf_verdict(facts, AUTH_SPF_MAILFROM);

    return spf != NULL && spf->result == SPF_PASS;
}

/* is_other - an identifier of another organisation; strict mode has a row of its own */
static bool is_other(const struct facts *facts, const struct auth_dmarc_alignment *alignment)
{
    const struct dns_name *own = facts->message.dmarc->organizational_domain;

    return alignment->domain != NULL && !alignment->is_aligned &&
           (own == NULL || alignment->organizational_domain == NULL ||
            !dns_name_equal(own, alignment->organizational_domain));
}

/* check_dmarc_spf_unaligned - SPF passes for somebody else */
void check_dmarc_spf_unaligned(const struct facts *facts, struct emitter *out)
{
    const struct auth_dmarc_verdict *verdict = facts->message.dmarc;

    if (verdict != NULL && facts->message.author != NULL && dmarc_result_spf_passes(facts) &&
        is_other(facts, &verdict->spf))
        found_name(emit_verdict(out), "other", verdict->spf.domain);
}

/* check_dmarc_dkim_unaligned - signatures pass, but for nobody of the author's organisation */
void check_dmarc_dkim_unaligned(const struct facts *facts, struct emitter *out)
{
    const struct auth_dmarc_verdict *verdict = facts->message.dmarc;
    struct check_list others = check_list_start(out->arena, 3);

    if (verdict == NULL || facts->message.author == NULL || verdict->dkim_aligned)
        return;
    for (size_t i = 0; i < facts->message.dkim_count; i++)
        if (facts->message.dkim[i].result == DKIM_PASS && is_other(facts, &verdict->dkim[i]))
            check_list_add(&others, verdict->dkim[i].domain->text);
    if (others.count > 0)
        found_text(emit_verdict(out), "others", check_list_text(&others));
}

/* is_near - same organisation, but strict alignment wants the same name */
static bool is_near(const struct facts *facts, const struct auth_dmarc_alignment *alignment)
{
    return alignment->domain != NULL && alignment->is_strict && !alignment->is_aligned &&
           !is_other(facts, alignment);
}

/* check_dmarc_strict - what passes misses alignment by a label */
void check_dmarc_strict(const struct facts *facts, struct emitter *out)
{
    const struct auth_dmarc_verdict *verdict = facts->message.dmarc;
    struct found *found = NULL;

    if (verdict == NULL || facts->message.author == NULL)
        return;
    if (dmarc_result_spf_passes(facts) && is_near(facts, &verdict->spf)) {
        found = emit_verdict(out);
        found_name(found, "other", verdict->spf.domain);
        found_text(found, "tag", "aspf=s");
        found_key(found, "spf");
    }
    for (size_t i = 0; i < facts->message.dkim_count; i++) {
        if (facts->message.dkim[i].result != DKIM_PASS || !is_near(facts, &verdict->dkim[i]))
            continue;
        found = emit_verdict(out);
        found_name(found, "other", verdict->dkim[i].domain);
        found_text(found, "tag", "adkim=s");
        found_key(found, arena_printf(out->arena, "dkim %s", verdict->dkim[i].domain->text));
    }
}

/* dmarc_result_described - "fail with policy reject" */
static const char *dmarc_result_described(struct arena *arena, enum dmarc_result result,
                                          bool has_policy, enum rec_dmarc_policy policy)
{
    if (result != DMARC_FAIL || !has_policy)
        return dmarc_result_to_text(result);
    return arena_printf(arena, "fail with policy %s", rec_dmarc_policy_to_text(policy));
}

/* emit_unseen - the record that applies stands above the organisational domain of the suffix
 * list, where receivers that follow RFC 7489 do not look */
static void emit_unseen(const struct facts *facts, struct emitter *out)
{
    const struct auth_dmarc_policy *policy = facts->domain.dmarc;
    const struct dns_name *organization =
        policy != NULL ? auth_psl_organizational_domain(out->arena, facts->domain.name) : NULL;
    struct found *found = NULL;

    if (policy == NULL || policy->is_undetermined || policy->step == NULL ||
        organization == NULL || dns_name_is_below(policy->step->domain, organization))
        return;
    found = emit(out, where_rr(out, policy->step->answer, policy->step->rr));
    found_name(found, "domain", facts->domain.name);
    found_text(found, "new",
               arena_printf(out->arena, "policy %s from _dmarc.%s",
                            rec_dmarc_policy_to_text(policy->policy),
                            policy->step->domain->text));
    found_text(found, "old", "no policy");
    found->finding->severity = SEV_WARNING;
}

/* check_dmarc_standards_differ - old and new receivers do not do the same */
void check_dmarc_standards_differ(const struct facts *facts, struct emitter *out)
{
    const struct auth_dmarc_verdict *verdict = facts->message.dmarc;
    bool has_policy =
        verdict != NULL && verdict->policy != NULL && verdict->policy->step != NULL;
    bool is_same_policy = false;
    struct found *found = NULL;

    if (facts->message.message == NULL)
        emit_unseen(facts, out);
    if (verdict == NULL || facts->message.author == NULL ||
        verdict->result == DMARC_TEMPERROR || verdict->rfc7489.result == DMARC_TEMPERROR)
        return;
    is_same_policy = has_policy == verdict->rfc7489.has_policy &&
                     (!has_policy || verdict->policy->policy == verdict->rfc7489.policy);
    if (verdict->result == verdict->rfc7489.result &&
        (verdict->result != DMARC_FAIL || is_same_policy))
        return;
    found = emit_verdict(out);
    found_text(found, "new",
               dmarc_result_described(out->arena, verdict->result, has_policy,
                                      has_policy ? verdict->policy->policy : REC_DMARC_NONE));
    found_text(found, "old",
               dmarc_result_described(out->arena, verdict->rfc7489.result,
                                      verdict->rfc7489.has_policy, verdict->rfc7489.policy));
}
