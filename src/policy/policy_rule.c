/* What receivers and rule books make of one rule. */
#include "base/sbuf.h"
#include "base/span.h"
#include "policy/policy_judging.h"

bool policy_is_in_force(const struct policy_dates *dates, int64_t day)
{
    return (dates->since == NULL || dates->since_day <= day) &&
           (dates->until == NULL || day < dates->until_day);
}

struct policy_answer policy_judge_rule(const struct policy_rule *rule,
                                       const struct policy_known *known)
{
    const struct policy_value *bulk = &known->values[POLICY_FACT_sender_bulk];
    struct policy_answer answer = policy_expression_evaluate(rule->condition, known);

    if (!rule->is_for_bulk || answer.truth == POLICY_NO)
        return answer;
    if (bulk->is_known) {
        answer.truth = bulk->truth ? answer.truth : POLICY_NO;
        return answer;
    }
    if (answer.truth == POLICY_YES)
        answer.because = (struct policy_facts){.bits = {0}};
    answer.truth = POLICY_CANNOT_TELL;
    policy_facts_add(&answer.because, POLICY_FACT_sender_bulk);
    return answer;
}

/* add_because - once */
static void add_because(struct arena *arena, struct policy_reasons *reasons, const char *text)
{
    for (size_t i = 0; i < reasons->count; i++)
        if (strcmp(reasons->list[i], text) == 0)
            return;
    arena_append(arena, reasons->list, reasons->count, text);
}

/* explain_fact - the findings that fire and belong to the word, or the word */
static void explain_fact(struct arena *arena, struct policy_reasons *reasons,
                         const struct policy_fact_row *row, const struct finding *finding)
{
    bool is_explained = false;

    for (; finding != NULL; finding = finding->next)
        if (finding->status == FINDING_FIRES &&
            policy_list_has(row->findings, span_of(finding->id))) {
            add_because(arena, reasons, finding->id);
            is_explained = true;
        }
    if (!is_explained)
        add_because(arena, reasons, row->word);
}

struct policy_reasons policy_explain(struct arena *arena, const struct policy_facts *facts,
                                     const struct finding *findings)
{
    struct policy_reasons reasons = {NULL, 0};

    for (int fact = 0; fact < POLICY_FACT_COUNT; fact++)
        if (policy_facts_has(facts, (enum policy_fact)fact))
            explain_fact(arena, &reasons, policy_fact_row((enum policy_fact)fact), findings);
    return reasons;
}

const char *policy_unknown_text(struct arena *arena, const struct policy_facts *facts,
                                const struct policy_known *known)
{
    struct sbuf text = sbuf_start(arena);
    const char *reason = NULL;
    size_t count = 0;
    size_t shown = 0;

    for (int fact = 0; fact < POLICY_FACT_COUNT; fact++)
        count += policy_facts_has(facts, (enum policy_fact)fact);
    for (int fact = 0; fact < POLICY_FACT_COUNT && shown < (count > 2 ? 1 : 2); fact++) {
        if (!policy_facts_has(facts, (enum policy_fact)fact))
            continue;
        sbuf_add(&text, shown == 0 ? "" : " and ");
        sbuf_add(&text, policy_fact_row((enum policy_fact)fact)->phrase);
        if (shown++ == 0)
            reason = known->values[fact].reason;
    }
    if (count > shown)
        sbuf_addf(&text, " and %zu more", count - shown);
    sbuf_add(&text, count > 1 ? " are not known" : " is not known");
    if (reason != NULL && reason[0] != '\0') {
        sbuf_add(&text, " (");
        sbuf_add(&text, reason);
        sbuf_add(&text, ")");
    }
    return sbuf_text(&text);
}
