/* MTA-STS policies: what a sender makes of the text, and which hosts it covers. */
#include "record/rec_mta_sts_policy.h"
#include "records.h"

RECORDS_PARSER(rec_mta_sts_policy)

static void a_sound_policy_is_read_with_either_line_ending(void **state)
{
    static const char *const sound[] = {
        ("version: STSv1\r\nmode: enforce\r\nmx: a.example\r\nmx: *.b.example\r\nmax_age: "
         "60\r\n"),
        "version: STSv1\nmode: enforce\nmx: a.example\nmx: *.b.example\nmax_age: 60",
        "mx:a.example\nversion:STSv1  \nmode:enforce\nmx:\t*.b.example\nx-1.a: b\nmax_age:60\n",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(sound); i++) {
        struct rec_mta_sts_policy policy = parse(sound[i]);

        assert_null(policy.faults);
        assert_false(policy.is_fatal);
        assert_int_equal(policy.mode, REC_STS_ENFORCE);
        assert_int_equal(policy.max_age, 60);
        assert_int_equal(policy.mx_count, 2);
        assert_string_equal(policy.mx->name->text, "a.example");
        assert_true(policy.mx->next->is_wildcard);
    }
}

static void mode_none_needs_no_mail_host(void **state)
{
    (void)state;
    assert_null(parse("version: STSv1\nmode: none\nmax_age: 0\n").faults);
    assert_true(parse("version: STSv1\nmode: testing\nmax_age: 0\n").is_fatal);
}

static void each_departure_has_its_kind(void **state)
{
    static const struct {
        const char *text;
        int kind;
        bool is_fatal;
    } cases[] = {
        {"mode: none\nmax_age: 1", REC_STS_POLICY_NO_VERSION, true},
        {"version: STSv2\nmode: none\nmax_age: 1", REC_STS_POLICY_VERSION, true},
        {"version: STSv1\nmax_age: 1", REC_STS_POLICY_NO_MODE, true},
        {"version: STSv1\nmode: Enforce\nmx: a.example\nmax_age: 1", REC_STS_POLICY_MODE, true},
        {"version: STSv1\nmode: none", REC_STS_POLICY_NO_MAX_AGE, true},
        {"version: STSv1\nmode: none\nmax_age: 31557601", REC_STS_POLICY_MAX_AGE, true},
        {"version: STSv1\nmode: none\nmax_age: -1", REC_STS_POLICY_MAX_AGE, true},
        {"version: STSv1\nmode: enforce\nmx: a.*.example\nmx: b.example\nmax_age: 1",
         REC_STS_POLICY_MX, false},
        {"version: STSv1\nmode: none\nmax_age: 1\nmax_age: 2", REC_STS_POLICY_DUPLICATE, false},
        {"version: STSv1\nmode: none\nmax_age: 1\n<html>", REC_STS_POLICY_LINE, false},
        {"version: STSv1\nmode: none\nmax_age: 1\next:", REC_STS_POLICY_LINE, false},
        {"version: STSv1\nmode: none\nmax_age: 1\next: \x01", REC_STS_POLICY_LINE, false},
        {"version: STSv1\n mode: none\nmax_age: 1", REC_STS_POLICY_LINE, false},
        {"version: STSv1\nmode: none\nmax_age: 1\nmx: a.example-", REC_STS_POLICY_MX, false},
        {"version: STSv1\nmode: none\nmax_age: 1\nmx: a.example.", REC_STS_POLICY_MX, false},
        {"version: STSv1\nmode: none\nmax_age: 1\nmx: -a.example", REC_STS_POLICY_MX, false},
        {"version: STSv1\nmode: none\nmax_age: 1\nmx: a_b.example", REC_STS_POLICY_MX, false},
        {"version: STSv1\nmode: none\nmax_age: 1\nmx: m\xc3\xb8x.example", REC_STS_POLICY_MX,
         false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct rec_mta_sts_policy policy = parse(cases[i].text);

        if (policy.faults == NULL || policy.faults->kind != cases[i].kind ||
            policy.faults->next != NULL || policy.is_fatal != cases[i].is_fatal)
            fail_msg("%s", cases[i].text);
    }
}

static void the_first_of_two_counts(void **state)
{
    struct rec_mta_sts_policy policy =
        parse("version: STSv1\nmode: none\nmode: enforce\nmax_age: 1\nmax_age: 2");

    (void)state;
    assert_int_equal(policy.mode, REC_STS_NONE);
    assert_int_equal(policy.max_age, 1);
    assert_string_equal(policy.faults->text,
                        "line 3: \"mode: enforce\": appears twice; only the first counts");
}

static void a_wildcard_covers_exactly_one_label(void **state)
{
    static const struct {
        const char *host;
        bool is_covered;
    } cases[] = {
        {"mx.example.com", true},    {"a.mail.example", true}, {"a.b.mail.example", false},
        {"mail.example", false},     {"xmail.example", false}, {"mx2.example.com", false},
        {"a.mx.example.com", false},
    };
    struct rec_mta_sts_policy policy = parse(
        "version: STSv1\nmode: enforce\nmx: MX.example.com\nmx: *.mail.example\nmax_age: 9");

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct dns_name *host = dns_name_from_text(records_arena, cases[i].host);

        if (rec_mta_sts_policy_covers(&policy, host) != cases[i].is_covered)
            fail_msg("%s", cases[i].host);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RECORDS_TEST(a_sound_policy_is_read_with_either_line_ending),
        RECORDS_TEST(mode_none_needs_no_mail_host),
        RECORDS_TEST(each_departure_has_its_kind),
        RECORDS_TEST(the_first_of_two_counts),
        RECORDS_TEST(a_wildcard_covers_exactly_one_label),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
