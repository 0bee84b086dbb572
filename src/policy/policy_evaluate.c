/* Kleene's logic over the tree of a condition. */
#include <string.h>
#include <strings.h>

#include "base/span.h"
#include "policy/policy_expression_private.h"

bool policy_facts_has(const struct policy_facts *facts, enum policy_fact fact)
{
    return (facts->bits[fact / POLICY_FACTS_BITS] >> fact % POLICY_FACTS_BITS & 1) != 0;
}

void policy_facts_add(struct policy_facts *facts, enum policy_fact fact)
{
    facts->bits[fact / POLICY_FACTS_BITS] |= (uint64_t)1 << fact % POLICY_FACTS_BITS;
}

void policy_facts_join(struct policy_facts *into, const struct policy_facts *from)
{
    for (size_t i = 0; i < COUNT_OF(into->bits); i++)
        into->bits[i] |= from->bits[i];
}

bool policy_expression_compare(const struct policy_expression *test,
                               const struct policy_value *value)
{
    enum policy_type type = test->row->type;
    bool is_equal = type == POLICY_TYPE_NUMBER
                        ? value->number == test->number
                        : test->text_count > 0 && strcasecmp(value->text, test->texts[0]) == 0;

    switch (test->operation) {
    case OP_TRUE:
        return value->truth;
    case OP_EQUAL:
        return is_equal;
    case OP_DIFFERENT:
        return !is_equal;
    case OP_BELOW:
        return value->number < test->number;
    case OP_BELOW_EQUAL:
        return value->number <= test->number;
    case OP_ABOVE:
        return value->number > test->number;
    case OP_ABOVE_EQUAL:
        return value->number >= test->number;
    case OP_IN:
        for (size_t i = 0; i < test->text_count; i++)
            if (strcasecmp(value->text, test->texts[i]) == 0)
                return true;
        return false;
    case OP_HAS:
        return policy_list_has(value->text, span_of(test->texts[0]));
    }
    return false;
}

/* evaluate_test - one word */
static struct policy_answer evaluate_test(const void *ctx, const struct policy_expression *test)
{
    const struct policy_known *known = ctx;
    const struct policy_value *value = &known->values[test->fact];
    struct policy_answer answer = {.truth = POLICY_CANNOT_TELL};

    policy_facts_add(&answer.because, test->fact);
    if (value->is_known)
        answer.truth = policy_expression_compare(test, value) ? POLICY_YES : POLICY_NO;
    return answer;
}

/* expression_combine - Kleene's "and" and "or": `strong` (no for "and", yes for "or")
 * decides alone, then unknown, then the other. The facts are those of the branches that
 * have the result. */
static struct policy_answer expression_combine(struct policy_answer left,
                                               const struct policy_answer *right,
                                               enum policy_truth strong)
{
    enum policy_truth truth = left.truth;

    if (left.truth != strong && (right->truth == strong || right->truth == POLICY_CANNOT_TELL))
        truth = right->truth;
    if (left.truth != truth)
        return *right;
    if (right->truth == truth)
        policy_facts_join(&left.because, &right->because);
    return left;
}

struct policy_answer policy_expression_walk(const struct policy_expression *expression,
                                            policy_test_fn *test, const void *ctx)
{
    struct policy_answer left = {.truth = POLICY_YES};
    struct policy_answer right = {.truth = POLICY_YES};

    switch (expression->kind) {
    case KIND_ALWAYS:
        return left;
    case KIND_TEST:
        return test(ctx, expression);
    case KIND_NOT:
        left = policy_expression_walk(expression->left, test, ctx);
        if (left.truth != POLICY_CANNOT_TELL)
            left.truth = left.truth == POLICY_YES ? POLICY_NO : POLICY_YES;
        return left;
    case KIND_AND:
    case KIND_OR:
        break;
    }
    left = policy_expression_walk(expression->left, test, ctx);
    right = policy_expression_walk(expression->right, test, ctx);
    return expression_combine(left, &right,
                              expression->kind == KIND_AND ? POLICY_NO : POLICY_YES);
}

struct policy_answer policy_expression_evaluate(const struct policy_expression *expression,
                                                const struct policy_known *known)
{
    return policy_expression_walk(expression, evaluate_test, known);
}

bool policy_expression_is_always(const struct policy_expression *expression)
{
    return expression->kind == KIND_ALWAYS;
}

bool policy_expression_asks(const struct policy_expression *expression, enum policy_fact fact)
{
    switch (expression->kind) {
    case KIND_ALWAYS:
        return false;
    case KIND_TEST:
        return expression->fact == fact;
    case KIND_NOT:
        return policy_expression_asks(expression->left, fact);
    case KIND_AND:
    case KIND_OR:
        break;
    }
    return policy_expression_asks(expression->left, fact) ||
           policy_expression_asks(expression->right, fact);
}
