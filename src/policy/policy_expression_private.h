/*
 * NAME
 *     policy_expression_private - a condition as a tree
 * DESCRIPTION
 *     Private to policy/: made by policy_expression.c, walked by policy_evaluate.c and
 *     policy_expectation.c. A test is about a word of policy_fact.def, or, in an expectation,
 *     about a receiver, whose row is made for it.
 * OWNERSHIP
 *     In the arena of the parser.
 * ERRORS
 *     As policy_expression.h.
 */
#ifndef POLICY_EXPRESSION_PRIVATE_H
#define POLICY_EXPRESSION_PRIVATE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "policy/policy_expression.h"
#include "policy/policy_fact.h"

enum kind { KIND_ALWAYS, KIND_NOT, KIND_AND, KIND_OR, KIND_TEST };
enum operation {
    OP_TRUE,
    OP_EQUAL,
    OP_DIFFERENT,
    OP_BELOW,
    OP_BELOW_EQUAL,
    OP_ABOVE,
    OP_ABOVE_EQUAL,
    OP_IN,
    OP_HAS
};

struct policy_expression {
    enum kind kind;
    const struct policy_expression *left;
    const struct policy_expression *right;
    const struct policy_fact_row *row; /* of a test */
    enum policy_fact fact;             /* POLICY_FACT_COUNT: a receiver */
    enum operation operation;
    int64_t number;
    const char **texts; /* what is compared with */
    size_t text_count;
};

/* with words that stand for receivers, which rules of policies do not have */
struct policy_receivers {
    const char *const *names;
    size_t count;
};

const struct policy_expression *
policy_expression_parse_for(struct arena *arena, struct span text,
                            const struct policy_receivers *receivers, struct err *why);

/* does a value meet the test */
bool policy_expression_compare(const struct policy_expression *test,
                               const struct policy_value *value);

/* Kleene's logic over the answers of `test` */
typedef struct policy_answer policy_test_fn(const void *ctx,
                                            const struct policy_expression *test);
struct policy_answer policy_expression_walk(const struct policy_expression *expression,
                                            policy_test_fn *test, const void *ctx);

#endif
