/* What receivers and rule books come to: lines of the summary, names, findings. */
#include "unit_arena.h"

#include "report/report_outcome.h"
#include "policy/policy_expression.h"

static const struct policy policy_one = {
    .name = "one", .title = "One", .kind = POLICY_RECEIVER};
static const struct policy policy_two = {
    .name = "two", .title = "Two", .kind = POLICY_RECEIVER};
static const struct policy policy_book = {
    .name = "book", .title = "Book", .kind = POLICY_RULE_BOOK};

/* rule_of - a rule with a condition that is not "always" */
static struct policy_rule rule_of(enum policy_disposition disposition,
                                  enum policy_confidence confidence)
{
    struct err why = {0};

    return (struct policy_rule){
        .id = "rule",
        .says = "DKIM does not pass",
        .condition = policy_expression_parse(arena, span_of("not dkim.passes"), &why),
        .disposition = disposition,
        .confidence = confidence,
    };
}

/* report_with - a report of a message, or of a domain alone, with these outcomes */
static struct report report_with(struct policy_outcome *outcomes, size_t count)
{
    struct facts *facts = arena_new_of(arena, struct facts);
    struct subject *subject = arena_new_of(arena, struct subject);

    facts->subject = subject;
    return (struct report){.facts = facts, .outcomes = outcomes, .outcome_count = count};
}

static void a_line_for_each_receiver_that_differs(void **state)
{
    const struct policy_rule reject = rule_of(POLICY_REJECT, POLICY_HIGH);
    struct policy_outcome outcomes[] = {
        {.policy = &policy_one,
         .disposition = POLICY_REJECT,
         .rule = &reject,
         .is_for_bulk = true},
        {.policy = &policy_one, .disposition = POLICY_ACCEPT, .is_for_others = true},
        {.policy = &policy_two, .disposition = POLICY_UNKNOWN, .is_only = true},
        {.policy = &policy_book,
         .disposition = POLICY_REJECT,
         .rule = &reject,
         .is_only = true},
    };
    struct report report = report_with(outcomes, COUNT_OF(outcomes));
    struct report_lines lines = report_outcome_lines(arena, &report);

    (void)state;
    assert_int_equal(lines.count, 1);
    assert_string_equal(lines.list[0], "One, bulk mail: would reject: DKIM does not pass");
}

static void one_line_for_all_where_none_differs(void **state)
{
    struct policy_outcome outcomes[] = {
        {.policy = &policy_one, .disposition = POLICY_ACCEPT, .is_for_bulk = true},
        {.policy = &policy_one, .disposition = POLICY_ACCEPT, .is_for_others = true},
        {.policy = &policy_two, .disposition = POLICY_ACCEPT, .is_only = true},
    };
    struct report report = report_with(outcomes, COUNT_OF(outcomes));

    (void)state;
    assert_string_equal(report_outcome_lines(arena, &report).list[0], "One, Two would accept");
    outcomes[2].disposition = POLICY_UNKNOWN;
    assert_string_equal(report_outcome_lines(arena, &report).list[0],
                        "cannot be predicted without a message: Two");
    report.outcome_count = 0;
    assert_int_equal(report_outcome_lines(arena, &report).count, 0);
}

static void only_what_is_sure_of_the_mail_at_hand_counts(void **state)
{
    const struct policy_rule high = rule_of(POLICY_REJECT, POLICY_HIGH);
    const struct policy_rule low = rule_of(POLICY_REJECT, POLICY_LOW);
    const struct {
        struct policy_outcome outcome;
        bool is_sure;
    } rows[] = {
        {{.policy = &policy_one, .rule = &high, .is_only = true}, true},
        /* --bulk says so: then it is this mail */
        {{.policy = &policy_one, .rule = &high, .is_only = true, .is_for_bulk = true}, true},
        {{.policy = &policy_one, .rule = &high, .is_for_bulk = true}, false},
        {{.policy = &policy_one, .rule = &low, .is_only = true}, false},
        {{.policy = &policy_one, .rule = NULL, .is_only = true}, false},
        {{.policy = &policy_book, .rule = &high, .is_only = true}, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (report_outcome_is_sure(&rows[i].outcome) != rows[i].is_sure)
            fail_msg("row %zu", i);
}

static void each_rule_that_is_not_met_is_a_finding_if_the_book_was_named(void **state)
{
    struct policy_rule must = rule_of(POLICY_REJECT, POLICY_HIGH);
    struct policy_rule should = rule_of(POLICY_JUNK, POLICY_HIGH);
    const struct policy_item items[] = {{.rule = &must, .state = POLICY_UNMET},
                                        {.rule = &should, .state = POLICY_UNMET},
                                        {.rule = &must, .state = POLICY_MET},
                                        {.rule = &must, .state = POLICY_UNDECIDED}};
    struct policy_outcome outcome = {.policy = &policy_book, .items = items, .item_count = 4};
    struct report report = report_with(&outcome, 1);

    (void)state;
    should.id = "should";
    should.severity = SEV_NOTICE;
    report_add_outcomes(arena, &report);
    assert_null(report.findings);
    report.has_named_policies = true;
    report_add_outcomes(arena, &report);
    assert_non_null(report.findings);
    assert_int_equal(report.findings->severity, SEV_ERROR);
    assert_string_equal(report.findings->id, "rule_unmet");
    assert_int_equal(report.findings->next->severity, SEV_NOTICE);
    assert_null(report.findings->next->next);
    assert_string_not_equal(report.findings->fingerprint, report.findings->next->fingerprint);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_for_each_receiver_that_differs),
        cmocka_unit_test(one_line_for_all_where_none_differs),
        cmocka_unit_test(only_what_is_sure_of_the_mail_at_hand_counts),
        cmocka_unit_test(each_rule_that_is_not_met_is_a_finding_if_the_book_was_named),
    };

    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
