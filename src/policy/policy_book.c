/*
 * A rule book is a list, and its reader wants all of it. A rule that accepts in the middle ends
 * the list where it holds; where it may hold, nothing after it is certain to be asked for.
 */
#include "policy/policy_judging.h"

/* book_applies - does the rule speak of this domain */
static struct policy_answer book_applies(const struct policy_rule *rule,
                                         const struct policy_occasion *occasion)
{
    struct policy_answer answer = {.truth = POLICY_YES};

    if (!policy_is_in_force(&rule->dates, occasion->day))
        answer.truth = POLICY_NO;
    else if (rule->applies != NULL)
        answer = policy_expression_evaluate(rule->applies, occasion->known);
    return answer;
}

/* book_publish - the records that meet the rule */
static void book_publish(struct arena *arena, const struct policy_occasion *occasion,
                         struct policy_item *item)
{
    const char **list = NULL;

    for (size_t i = 0; i < item->rule->publish_count; i++)
        if (policy_reply_is_known(item->rule->publish[i], occasion->known))
            arena_append(arena, list, item->publish_count,
                         policy_reply(arena, item->rule->publish[i], occasion->known, NULL));
    item->publish = list;
}

/* book_item - one rule that speaks of the domain, or may */
static struct policy_item book_item(struct arena *arena, const struct policy_rule *rule,
                                    const struct policy_occasion *occasion)
{
    struct policy_answer answer = policy_judge_rule(rule, occasion->known);
    struct policy_item item = {.rule = rule, .state = POLICY_MET};
    struct policy_reasons reasons = {NULL, 0};

    if (answer.truth == POLICY_NO)
        return item;
    item.state = answer.truth == POLICY_YES ? POLICY_UNMET : POLICY_UNDECIDED;
    reasons = policy_explain(arena, &answer.because,
                             item.state == POLICY_UNMET ? occasion->findings : NULL);
    item.because = reasons.list;
    item.because_count = reasons.count;
    if (item.state == POLICY_UNDECIDED)
        item.unknown = policy_unknown_text(arena, &answer.because, occasion->known);
    book_publish(arena, occasion, &item);
    return item;
}

void policy_judge_items(struct arena *arena, const struct policy *policy,
                        const struct policy_occasion *occasion, struct policy_outcome *outcome)
{
    struct policy_item *items = NULL;

    for (size_t i = 0; i < policy->rule_count; i++) {
        const struct policy_rule *rule = &policy->rules[i];

        if (book_applies(rule, occasion).truth == POLICY_NO)
            continue;
        if (rule->disposition != POLICY_ACCEPT)
            arena_append(arena, items, outcome->item_count, book_item(arena, rule, occasion));
        else if (policy_judge_rule(rule, occasion->known).truth == POLICY_YES)
            break;
    }
    outcome->items = items;
}
