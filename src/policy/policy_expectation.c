/* The tree of a condition, with one more kind of test. */
#include "policy/policy_expectation.h"

#include <string.h>

#include "base/sbuf.h"
#include "policy/policy_expression_private.h"

const struct policy_expression *policy_expectation_parse(struct arena *arena, struct span text,
                                                         const struct policy_choice *choice,
                                                         struct err *why)
{
    const char **names = arena_array_of(arena, const char *, choice->count);
    const struct policy_receivers receivers = {names, choice->count};

    for (size_t i = 0; i < choice->count; i++)
        names[i] = choice->list[i]->name;
    return policy_expression_parse_for(arena, text, &receivers, why);
}

bool policy_expectation_names(const struct policy_expression *expectation,
                              const struct policy *policy)
{
    if (expectation == NULL)
        return false;
    if (expectation->kind == KIND_TEST)
        return expectation->fact == POLICY_FACT_COUNT &&
               strcmp(expectation->row->word, policy->name) == 0;
    return policy_expectation_names(expectation->left, policy) ||
           policy_expectation_names(expectation->right, policy);
}

/* outcome_truth - does what the receiver would do meet the test */
static enum policy_truth outcome_truth(const struct policy_expression *test,
                                       const struct policy_outcome *outcome)
{
    const struct policy_value value =
        policy_value_text(policy_disposition_to_text(outcome->disposition));

    if (outcome->disposition == POLICY_UNKNOWN)
        return POLICY_CANNOT_TELL;
    return policy_expression_compare(test, &value) ? POLICY_YES : POLICY_NO;
}

/* expectation_test - a word, or all outcomes of a receiver together */
static struct policy_answer expectation_test(const void *ctx,
                                             const struct policy_expression *test)
{
    const struct policy_evidence *evidence = ctx;
    struct policy_answer answer = {.truth = POLICY_CANNOT_TELL};
    bool is_first = true;

    if (test->fact != POLICY_FACT_COUNT)
        return policy_expression_evaluate(test, evidence->known);
    for (size_t i = 0; i < evidence->outcome_count; i++) {
        enum policy_truth truth = POLICY_CANNOT_TELL;

        if (strcmp(evidence->outcomes[i].policy->name, test->row->word) != 0)
            continue;
        truth = outcome_truth(test, &evidence->outcomes[i]);
        answer.truth = is_first || truth == answer.truth ? truth : POLICY_CANNOT_TELL;
        is_first = false;
    }
    return answer;
}

enum policy_truth policy_expectation_judge(const struct policy_expression *expectation,
                                           const struct policy_evidence *evidence)
{
    return policy_expression_walk(expectation, expectation_test, evidence).truth;
}

/* ---- in words ---- */

/* the words that were explained already */
struct explaining {
    struct sbuf text;
    const struct policy_evidence *evidence;
    const char **words;
    size_t count;
};

/* expectation_receiver - each outcome it has */
static void expectation_receiver(struct explaining *in, const char *name)
{
    for (size_t i = 0; i < in->evidence->outcome_count; i++)
        if (strcmp(in->evidence->outcomes[i].policy->name, name) == 0)
            sbuf_addf(&in->text, "%s%s", in->text.len > 0 ? "; " : "",
                      policy_outcome_text(in->text.arena, &in->evidence->outcomes[i]));
}

/* explain_value - a word that is not a receiver */
static void explain_value(struct explaining *in, const struct policy_expression *test)
{
    const struct policy_value *value = &in->evidence->known->values[test->fact];
    const char *text = NULL;

    if (value->is_known && test->row->type == POLICY_TYPE_TRUTH)
        text = value->truth ? "yes" : "no";
    else
        text = policy_value_to_text(in->text.arena, in->evidence->known, test->fact);
    sbuf_addf(&in->text, "%s%s: %s", in->text.len > 0 ? "; " : "", test->row->word,
              text != NULL ? text : "unknown");
    if (text == NULL && value->reason != NULL && value->reason[0] != '\0')
        sbuf_addf(&in->text, " (%s)", value->reason);
}

/* explain_node - tests from left to right, each word once */
static void explain_node(struct explaining *in, const struct policy_expression *node)
{
    if (node == NULL)
        return;
    explain_node(in, node->left);
    explain_node(in, node->right);
    if (node->kind != KIND_TEST)
        return;
    for (size_t i = 0; i < in->count; i++)
        if (strcmp(in->words[i], node->row->word) == 0)
            return;
    arena_append(in->text.arena, in->words, in->count, node->row->word);
    if (node->fact == POLICY_FACT_COUNT)
        expectation_receiver(in, node->row->word);
    else
        explain_value(in, node);
}

const char *policy_expectation_explain(struct arena *arena,
                                       const struct policy_expression *expectation,
                                       const struct policy_evidence *evidence)
{
    struct explaining in = {.text = sbuf_start(arena), .evidence = evidence};

    explain_node(&in, expectation);
    return sbuf_text(&in.text);
}
