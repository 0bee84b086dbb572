/* What is expected of a message: words of policies, and receivers. */
#include "policy/policy_expectation.h"
#include "unit_arena.h"

/* two receivers; the second treats bulk mail otherwise */
static const struct policy alpha = {.name = "alpha", .title = "Alpha"};
static const struct policy beta = {.name = "beta.example", .title = "Beta"};
static const struct policy *const both[] = {&alpha, &beta};
static const struct policy_choice choice = {both, 2};

/* judged - the truth of a condition; what is known: dkim.passes yes, spf.passes no, dkim.bits 2048 */
static enum policy_truth judged(const char *text, const char **because_out)
{
    const struct policy_outcome outcomes[] = {
        {.policy = &alpha, .disposition = POLICY_ACCEPT},
        {.policy = &beta, .disposition = POLICY_REJECT, .is_for_bulk = true},
        {.policy = &beta, .disposition = POLICY_ACCEPT, .is_for_others = true},
    };
    struct policy_known *known = policy_known_nothing(arena, "not asked");
    const struct policy_evidence evidence = {known, outcomes, 3};
    struct err why = {0};
    const struct policy_expression *condition =
        policy_expectation_parse(arena, span_of(text), &choice, &why);

    policy_known_set(known, span_of("dkim.passes"), "yes");
    policy_known_set(known, span_of("spf.passes"), "no");
    policy_known_set(known, span_of("dkim.bits"), "2048");
    if (condition == NULL)
        fail_msg("%s: %s", text, why.text);
    if (because_out != NULL)
        *because_out = policy_expectation_explain(arena, condition, &evidence);
    return policy_expectation_judge(condition, &evidence);
}

static void words_and_receivers_are_judged_together(void **state)
{
    static const struct {
        const char *text;
        enum policy_truth truth;
    } rows[] = {
        {"dkim.passes", POLICY_YES},
        {"not dkim.passes", POLICY_NO},
        {"dmarc.passes", POLICY_CANNOT_TELL},
        {"alpha = accept", POLICY_YES},
        {"alpha != accept", POLICY_NO},
        {"alpha in (junk, reject)", POLICY_NO},
        {"not alpha in (junk, reject) and dkim.bits >= 2048", POLICY_YES},
        {"beta.example = accept", POLICY_CANNOT_TELL},
        {"beta.example = junk", POLICY_NO},
        {"beta.example in (accept, reject)", POLICY_YES},
        {"beta.example = accept or alpha = accept", POLICY_YES},
        {"spf.passes and dmarc.passes", POLICY_NO},
        {"always", POLICY_YES},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (judged(rows[i].text, NULL) != rows[i].truth)
            fail_msg("%s", rows[i].text);
}

static void each_word_is_explained_once(void **state)
{
    const char *because = NULL;

    (void)state;
    judged("dkim.passes and (dmarc.passes or not dkim.passes) and dkim.bits > 1024", &because);
    assert_string_equal(because,
                        "dkim.passes: yes; dmarc.passes: unknown (not asked); dkim.bits: 2048");
}

static void what_makes_no_sense_is_refused(void **state)
{
    static const char *const texts[] = {"gamma = accept", "alpha",         "alpha = maybe",
                                        "alpha < 3",      "alpha has 'x'", ""};
    struct err why = {0};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        assert_null(policy_expectation_parse(arena, span_of(texts[i]), &choice, &why));
}

static void receivers_that_are_named_are_known(void **state)
{
    struct err why = {0};
    const struct policy_expression *condition = policy_expectation_parse(
        arena, span_of("dkim.passes or not alpha = junk"), &choice, &why);

    (void)state;
    assert_true(policy_expectation_names(condition, &alpha));
    assert_false(policy_expectation_names(condition, &beta));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_receivers_are_judged_together),
        cmocka_unit_test(each_word_is_explained_once),
        cmocka_unit_test(what_makes_no_sense_is_refused),
        cmocka_unit_test(receivers_that_are_named_are_known),
    };

    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
