/* One finding for all receivers that refuse; its fingerprint changes with their list. */
#include "report/report_outcome.h"

#include "base/sbuf.h"
#include "check/check_emit.h"

bool report_outcome_is_sure(const struct policy_outcome *outcome)
{
    return outcome->policy->kind == POLICY_RECEIVER && outcome->rule != NULL &&
           !outcome->is_for_bulk && !outcome->is_for_others &&
           outcome->rule->confidence != POLICY_LOW;
}

const char *report_outcome_names(struct arena *arena, const struct report *report,
                                 enum policy_disposition disposition, const char **why_out)
{
    struct sbuf names = sbuf_start(arena);

    *why_out = NULL;
    for (size_t i = 0; i < report->outcome_count; i++) {
        const struct policy_outcome *outcome = &report->outcomes[i];

        if (outcome->disposition != disposition || !report_outcome_is_sure(outcome))
            continue;
        sbuf_addf(&names, "%s%s", names.len > 0 ? ", " : "", outcome->policy->title);
        if (*why_out == NULL)
            *why_out = outcome->rule->says;
    }
    return names.len > 0 ? sbuf_text(&names) : NULL;
}

/* add_refusals - who refuses the message, and why the first does */
static void add_refusals(struct emitter *out, const struct report *report)
{
    const char *because = NULL;
    const char *names = report_outcome_names(out->arena, report, POLICY_REJECT, &because);
    struct found *found = NULL;

    if (names == NULL)
        return;
    found = emit(out, (struct finding_where){.name = NULL});
    found_text(found, "receivers", names);
    found_text(found, "because", because);
    found_key(found, names);
}

void report_add_outcomes(struct arena *arena, struct report *report)
{
    struct finding *more = NULL;
    struct emitter out = check_emitter(arena, report->facts, ID_receiver_refuses, &more);

    if (report->facts->message.message != NULL)
        add_refusals(&out, report);
    report->findings = check_merge(&out, report->findings, more);
}

bool report_outcome_is_shown(const struct report *report, const struct policy_outcome *outcome)
{
    bool is_trouble =
        outcome->disposition != POLICY_UNKNOWN && outcome->disposition != POLICY_ACCEPT;

    return is_trouble || report->has_chosen_policies || report->facts->message.message != NULL;
}
