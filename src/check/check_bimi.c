/* The logo of the message: its record, and the DMARC policy it asks for. */
#include "base/arena.h"
#include "base/fault.h"
#include "check/check_emit.h"
#include "model/dmarc_verdict.h"
#include "model/facts.h"
#include "model/rec_bimi.h"
#include "model/rec_dmarc.h"

#define PERCENT_ALL 100

/* emit_bimi - a finding at the record that counts */
static struct found *emit_bimi(struct emitter *out)
{
    const struct text_facts *text = &out->facts->domain.bimi.text;

    return emit(out, where_rr(out, text->answer, text->rr));
}

/* shown_record - the one record, if it asks for a logo; NULL */
static const struct rec_bimi *shown_record(const struct facts *facts)
{
    const struct bimi_facts *bimi = &facts->domain.bimi;

    return bimi->text.count == 1 && !bimi->record->is_declined ? bimi->record : NULL;
}

CHECK_AS(bimi_several, emit_several(out, &facts->domain.bimi.text))
CHECK_AS(bimi_version, emit_meant(out, &facts->domain.bimi.text, "BIMI"))

/* check_bimi_syntax - what keeps the logo from being shown */
void check_bimi_syntax(const struct facts *facts, struct emitter *out)
{
    const struct rec_bimi *record = shown_record(facts);

    for (const struct fault *fault = record != NULL ? record->faults : NULL; fault != NULL;
         fault = fault->next)
        found_fault(emit_bimi(out), fault);
}

/* why_weak - what the DMARC policy lacks; NULL: nothing */
static const char *why_weak(struct arena *arena, const struct auth_dmarc_policy *policy)
{
    const struct rec_dmarc *record = policy->step != NULL ? policy->step->record : NULL;

    if (record == NULL)
        return "no DMARC policy";
    if (policy->policy == REC_DMARC_NONE)
        return "the DMARC policy is none";
    if (record->has_percent && record->percent < PERCENT_ALL)
        return arena_printf(arena, "the DMARC record says pct=%u", record->percent);
    if (record->has_sub_policy && record->sub_policy == REC_DMARC_NONE)
        return "the DMARC record says sp=none";
    if (record->is_testing)
        return "the DMARC record says t=y";
    return NULL;
}

/* check_bimi_policy - no receiver shows a logo for a domain that anybody may use */
void check_bimi_policy(const struct facts *facts, struct emitter *out)
{
    const struct auth_dmarc_policy *policy = facts->domain.dmarc;
    const struct text_facts *text = &facts->domain.bimi.text;
    const char *because = NULL;

    if (shown_record(facts) == NULL || policy == NULL)
        return;
    if (policy->is_undetermined) {
        emit_undetermined(out, where_rr(out, text->answer, text->rr), policy->reason);
        return;
    }
    because = why_weak(out->arena, policy);
    if (because != NULL)
        found_text(emit_bimi(out), "because", because);
}

/* check_bimi_no_certificate - large receivers show no logo without one */
void check_bimi_no_certificate(const struct facts *facts, struct emitter *out)
{
    const struct rec_bimi *record = shown_record(facts);

    if (record != NULL && !record->is_fatal && record->authority.len == 0)
        emit_bimi(out);
}
