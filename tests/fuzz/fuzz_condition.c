/* The condition of a rule. What is known is told by the lines after the first: "word value". */
#include "base/must.h"
#include "policy/policy_expression.h"
#include "fuzz.h"

FUZZ(arena, bytes)
{
    struct span text = span_cut(&bytes, '\n');
    struct policy_known *known = policy_known_nothing(arena, "not specified");
    struct err why = {0};
    const struct policy_expression *expression = policy_expression_parse(arena, text, &why);
    struct policy_answer answer;

    must((expression == NULL) == (why.text[0] != '\0'));
    if (expression == NULL)
        return;
    answer = policy_expression_evaluate(expression, known);
    must(!policy_expression_is_always(expression) || answer.truth == POLICY_YES);
    while (bytes.len > 0) {
        struct span value = span_cut(&bytes, '\n');
        struct span word = span_cut(&value, ' ');

        policy_known_set(known, word, arena_strdup_span(arena, value));
    }
    /* what was told with nothing known stays so, whatever is learned (Kleene's logic) */
    must(answer.truth == POLICY_CANNOT_TELL ||
         policy_expression_evaluate(expression, known).truth == answer.truth);
}
