/* One finding for all receivers that refuse, whose fingerprint changes with their list; one for
 * each rule of a rule book that is not met. */
#include "report/report_outcome.h"

#include "base/sbuf.h"
#include "base/span.h"
#include "check/check_emit.h"
#include "model/finding.h"
#include "model/finding_id.h"

bool report_outcome_is_sure(const struct policy_outcome *outcome)
{
    return outcome->policy->kind == POLICY_RECEIVER && outcome->rule != NULL &&
           outcome->is_only && outcome->rule->confidence != POLICY_LOW;
}

/* outcome_add_name - "Gmail, Yahoo", each once */
static void outcome_add_name(struct sbuf *names, const struct policy_outcome *list, size_t at)
{
    if (at > 0 && list[at - 1].policy == list[at].policy && names->len > 0 &&
        span_ends_with_nocase(sbuf_span(names), list[at].policy->title))
        return;
    sbuf_add_item(names, ", ", list[at].policy->title);
}

const char *report_outcome_those(struct arena *arena, const struct report *report,
                                 report_outcome_fn *wants, const char **why_out)
{
    struct sbuf names = sbuf_start(arena);

    *why_out = NULL;
    for (size_t i = 0; i < report->outcome_count; i++) {
        const struct policy_outcome *outcome = &report->outcomes[i];

        if (outcome->policy->kind != POLICY_RECEIVER || !wants(outcome))
            continue;
        outcome_add_name(&names, report->outcomes, i);
        if (*why_out == NULL && outcome->rule != NULL)
            *why_out = outcome->rule->says;
    }
    return names.len > 0 ? sbuf_text(&names) : NULL;
}

/* is_sure_refusal, is_sure_junk - who does that with the message at hand */
static bool is_sure_refusal(const struct policy_outcome *outcome)
{
    return outcome->disposition == POLICY_REJECT && report_outcome_is_sure(outcome);
}

static bool is_sure_junk(const struct policy_outcome *outcome)
{
    return outcome->disposition == POLICY_JUNK && report_outcome_is_sure(outcome);
}

const char *report_outcome_names(struct arena *arena, const struct report *report,
                                 enum policy_disposition disposition, const char **why_out)
{
    return report_outcome_those(
        arena, report, disposition == POLICY_REJECT ? is_sure_refusal : is_sure_junk, why_out);
}

/* ---- all of them, in lines ---- */

static bool is_accept(const struct policy_outcome *outcome)
{
    return outcome->disposition == POLICY_ACCEPT;
}

static bool is_unpredicted(const struct policy_outcome *outcome)
{
    return outcome->disposition == POLICY_UNKNOWN;
}

bool report_outcome_differs(const struct policy_outcome *outcome)
{
    return outcome->policy->kind == POLICY_RECEIVER && !is_accept(outcome) &&
           !is_unpredicted(outcome);
}

struct report_lines report_outcome_lines(struct arena *arena, const struct report *report)
{
    struct report_lines lines = {NULL, 0};
    bool has_message = report->facts->message.message != NULL;
    const char *why = NULL;
    const char *names = NULL;

    for (size_t i = 0; i < report->outcome_count; i++)
        if (report_outcome_differs(&report->outcomes[i]))
            arena_append(arena, lines.list, lines.count,
                         policy_outcome_text(arena, &report->outcomes[i]));
    if (lines.count > 0)
        return lines;
    if ((names = report_outcome_those(arena, report, is_unpredicted, &why)) != NULL)
        names = arena_printf(arena, "cannot be predicted%s: %s",
                             has_message ? "" : " without a message", names);
    else if ((names = report_outcome_those(arena, report, is_accept, &why)) != NULL)
        names = arena_printf(arena, "%s would accept", names);
    if (names != NULL)
        arena_append(arena, lines.list, lines.count, names);
    return lines;
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

/* add_unmet - one finding for each rule of a rule book that is not met */
static void add_unmet(struct emitter *out, const struct policy_outcome *outcome)
{
    for (size_t i = 0; i < outcome->item_count; i++) {
        const struct policy_item *item = &outcome->items[i];
        const struct policy_rule *rule = item->rule;
        struct found *found = NULL;

        if (item->state != POLICY_UNMET)
            continue;
        found = emit(out, (struct finding_where){.name = NULL});
        found_text(found, "book", outcome->policy->title);
        found_text(found, "rule", rule->id);
        found_text(found, "says", rule->says);
        found_text(found, "asks",
                   rule->asks != NULL ? rule->asks
                                      : arena_printf(out->arena, "not that %s", rule->says));
        found_key(found, arena_printf(out->arena, "%s %s", outcome->policy->name, rule->id));
        found_severity(found, rule->severity);
    }
}

void report_add_outcomes(struct arena *arena, struct report *report)
{
    struct finding *more = NULL;
    struct emitter out = check_emitter(arena, report->facts, ID_receiver_refuses, &more);

    if (report->facts->message.message != NULL)
        add_refusals(&out, report);
    report->findings = check_merge(&out, report->findings, more);
    more = NULL;
    out = check_emitter(arena, report->facts, ID_rule_unmet, &more);
    for (size_t i = 0; i < report->outcome_count && report->has_named_policies; i++)
        add_unmet(&out, &report->outcomes[i]);
    report->findings = check_merge(&out, report->findings, more);
}
