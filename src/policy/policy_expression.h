/*
 * NAME
 *     policy_expression - conditions: yes, no, or unknown because
 * DESCRIPTION
 *     A condition is parsed against the vocabulary of policy_fact.h, so that an
 *     unknown word, an invalid comparison or a value that the word
 *     never has is refused when the file is loaded. Evaluation is Kleene's
 *     logic: no and anything is no, yes or anything is yes; otherwise one
 *     unknown makes the whole unknown. The answer names the facts behind it.
 *
 *         condition  = conjunction *("or" conjunction)
 *         conjunction = negation *("and" negation)
 *         negation   = "not" negation / "(" condition ")" / "always" / test
 *         test       = word                                 a word of yes and no
 *                    / word ("=" / "!=") value
 *                    / word ("<" / "<=" / ">" / ">=") number
 *                    / word "in" "(" value *("," value) ")"
 *                    / word "has" value                     a word of many texts
 *         value      = number / one of the word's values / "'" text "'"
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     policy_expression_parse() returns NULL and fills `why` with the sentence
 *     alone; the caller knows file and line.
 */
#ifndef POLICY_EXPRESSION_H
#define POLICY_EXPRESSION_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "policy/policy_fact.h"

struct policy_expression;

enum policy_truth { POLICY_NO, POLICY_YES, POLICY_CANNOT_TELL };

/* a set of facts: it is copied at each step of an evaluation */
#define POLICY_FACTS_BITS 64
struct policy_facts {
    uint64_t bits[(POLICY_FACT_COUNT + POLICY_FACTS_BITS - 1) / POLICY_FACTS_BITS];
};

bool policy_facts_has(const struct policy_facts *facts, enum policy_fact fact);
void policy_facts_add(struct policy_facts *facts, enum policy_fact fact);
void policy_facts_join(struct policy_facts *into, const struct policy_facts *from);

struct policy_answer {
    enum policy_truth truth;
    struct policy_facts because; /* that made it so */
};

const struct policy_expression *policy_expression_parse(struct arena *arena, struct span text,
                                                        struct err *why);

struct policy_answer policy_expression_evaluate(const struct policy_expression *expression,
                                                const struct policy_known *known);

/* the condition is "always": it holds whatever is known */
bool policy_expression_is_always(const struct policy_expression *expression);

/* the condition has a test of the fact */
bool policy_expression_asks(const struct policy_expression *expression, enum policy_fact fact);

#endif
