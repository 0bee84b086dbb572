/*
 * NAME
 *     policy_expectation - what is expected of a message
 * DESCRIPTION
 *     A condition of policy_expression.h whose words may also be receivers: "gmail = accept",
 *     "not outlook.com in (reject, defer)". What a receiver would do to bulk senders and to
 *     others counts together, unless the sender is said to be one of them: where they differ,
 *     the answer is unknown.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     policy_expectation_parse() returns NULL and fills `why` with the sentence alone.
 */
#ifndef POLICY_EXPECTATION_H
#define POLICY_EXPECTATION_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "model/policy.h"
#include "policy/policy.h"
#include "policy/policy_expression.h"
#include "policy/policy_fact.h"

/* the policies that may be named; a rule book accepts where it is met */
struct policy_choice {
    const struct policy *const *list;
    size_t count;
};

/* what is known of a message */
struct policy_evidence {
    const struct policy_known *known;
    const struct policy_outcome *outcomes;
    size_t outcome_count;
};

const struct policy_expression *policy_expectation_parse(struct arena *arena, struct span text,
                                                         const struct policy_choice *choice,
                                                         struct err *why);

/* the policy is one of its words */
bool policy_expectation_names(const struct policy_expression *expectation,
                              const struct policy *policy);

enum policy_truth policy_expectation_judge(const struct policy_expression *expectation,
                                           const struct policy_evidence *evidence);

/* each word of it with its value: "dkim.passes: no; gmail: would reject 550 5.7.26: ..." */
const char *policy_expectation_explain(struct arena *arena,
                                       const struct policy_expression *expectation,
                                       const struct policy_evidence *evidence);

#endif
