/* A policy file of the user's own; what loads is judged by, with nothing known. */
#include "policy/policy.h"
#include "fuzz.h"

FUZZ(arena, bytes)
{
    const struct policy_occasion occasion = {
        .known = policy_known_nothing(arena, "not specified"), .day = 20000};
    struct policy_outcome outcomes[2];
    struct err why = {0};
    const struct policy *policy = policy_parse(arena, "fuzz.yaml", bytes, &why);

    if (policy != NULL && policy_judge_both(arena, policy, &occasion, outcomes) > 0)
        policy_outcome_text(arena, &outcomes[0]);
}
