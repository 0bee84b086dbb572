/*
 * NAME
 *     policy_judging - what the evaluation of receivers and rule books shares
 * DESCRIPTION
 *     Private to policy_judge.c, which stops at the rule that decides, and to
 *     policy_book.c, which evaluates every rule of a rule book.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     None.
 */
#ifndef POLICY_JUDGING_H
#define POLICY_JUDGING_H

#include "base/arena.h"
#include "model/finding.h"
#include "model/policy.h"
#include "policy/policy.h"
#include "policy/policy_expression.h"
#include "policy/policy_fact.h"

struct policy_reasons {
    const char **list; /* finding ids, fact words */
    size_t count;
};

/* on the day that is asked about */
bool policy_is_in_force(const struct policy_dates *dates, int64_t day);

/* does its condition hold, for this sender */
struct policy_answer policy_judge_rule(const struct policy_rule *rule,
                                       const struct policy_known *known);

/* the findings that fire and belong to the words; without findings the words alone */
struct policy_reasons policy_explain(struct arena *arena, const struct policy_facts *facts,
                                     const struct finding *findings);

/* "whether DKIM passes is not known (there is no message)"; of more than two facts only the
 * first is named */
const char *policy_unknown_text(struct arena *arena, const struct policy_facts *facts,
                                const struct policy_known *known);

/* every rule of a rule book that applies, into the outcome */
void policy_judge_items(struct arena *arena, const struct policy *policy,
                        const struct policy_occasion *occasion, struct policy_outcome *outcome);

#endif
