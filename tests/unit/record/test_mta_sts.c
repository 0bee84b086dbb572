/* MTA-STS records: what counts as one, and what undoes it. */
#include "records.h"

#include "record/rec_mta_sts.h"

RECORDS_PARSER(rec_mta_sts)

static void only_the_exact_version_makes_a_record(void **state)
{
    static const struct {
        const char *text;
        bool is_record;
    } cases[] = {
        {"v=STSv1; id=1", true},
        {"v=STSv1;id=1;", true},
        {"v=STSv1 ; id=1", true},
        {"v=STSv1;", true},
        {"v=STSv1", false},
        {"v=stsv1; id=1", false},
        {"V=STSv1; id=1", false},
        {" v=STSv1; id=1", false},
        {"v=STSv1, id=1;", false},
        {"v=STSv10; id=1", false},
        {"v= STSv1; id=1", false},
        {"id=1; v=STSv1;", false},
        {"", false},
        {"\"v=STSv1; id=1", false},
        {"v=spf1 -all", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        if (rec_mta_sts_is_record(span_of(cases[i].text)) != cases[i].is_record)
            fail_msg("%s", cases[i].text);
        assert_int_equal(parse(cases[i].text).is_record, cases[i].is_record);
        assert_true(cases[i].is_record || parse(cases[i].text).is_fatal);
    }
}

static void a_sound_record_has_its_id_and_no_fault(void **state)
{
    struct rec_mta_sts record = parse("v=STSv1; id=20261124T100000Z;");

    (void)state;
    assert_true(span_equal_text(record.id, "20261124T100000Z"));
    assert_null(record.faults);
    assert_false(record.is_fatal);
    record = parse("v=STSv1; 1a.b-c_d=x; id=a");
    assert_null(record.faults);
    assert_true(span_equal_text(record.id, "a"));
}

static void a_bad_id_undoes_the_record(void **state)
{
    static const char *const bad[] = {"v=STSv1; id=", "v=STSv1; id=2026-11-24",
                                      "v=STSv1; id=a b",
                                      "v=STSv1; id=123456789012345678901234567890123"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct rec_mta_sts record = parse(bad[i]);

        assert_true(record.is_record);
        assert_true(record.is_fatal);
        assert_int_equal(record.faults->kind, REC_MTA_STS_FAULT_ID);
        assert_int_equal(record.faults->at, 12);
    }
    assert_null(parse("v=STSv1; id=12345678901234567890123456789012").faults);
    assert_string_equal(parse("v=STSv1; id=2026-11-24").faults->text,
                        "id=\"2026-11-24\": an id is 1 to 32 letters and digits");
}

static void a_broken_extension_undoes_the_record(void **state)
{
    static const char *const bad[] = {
        "v=STSv1; id=a; test==",
        "v=STSv1; id=a; more=",
        "v=STSv1; id=a; more=a b",
        "v=STSv1; id=a; more= a",
        "v=STSv1; id=a; more =a",
        "v=STSv1; id =a",
        "v=STSv1; id= a",
        "v=STSv1; id=a; _x=1",
        "v=STSv1; id=a; 1%=a",
        "v=STSv1; id=a;;",
        "v=STSv1; id=a; a12345678901234567890123456789012=b",
        "v=STSv1; id=a; m\xc3\xb8=b",
        "v=STSv1; id=a; m=\xc3\xb8",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        if (!parse(bad[i]).is_fatal || parse(bad[i]).faults == NULL)
            fail_msg("%s", bad[i]);
    assert_null(
        parse("v=STSv1 ; id=a ; 1a-b.c_d=<:> ; a1234567890123456789012345678901=b;").faults);
}

static void an_absent_id_undoes_the_record(void **state)
{
    struct rec_mta_sts record = parse("v=STSv1; ID=1;");

    (void)state;
    assert_int_equal(record.faults->kind, REC_MTA_STS_FAULT_NO_ID);
    assert_string_equal(record.faults->text, "no id= tag");
    assert_true(record.is_fatal);
}

static void faults_stand_in_the_order_of_their_places(void **state)
{
    struct rec_mta_sts record = parse("v=STSv1; foo; id=-; bar");

    (void)state;
    assert_int_equal(record.faults->kind, REC_TAG_NO_EQUALS);
    assert_int_equal(record.faults->at, 9);
    assert_int_equal(record.faults->next->kind, REC_MTA_STS_FAULT_ID);
    assert_int_equal(record.faults->next->next->at, 20);
    assert_null(record.faults->next->next->next);
    assert_true(record.is_fatal);
}

static void of_several_ids_the_first_counts(void **state)
{
    struct rec_mta_sts record = parse("v=STSv1; id=a; id=b");

    (void)state;
    assert_true(span_equal_text(record.id, "a"));
    assert_int_equal(record.faults->kind, REC_TAG_DUPLICATE);
    assert_false(record.is_fatal);
}

static void a_text_that_is_none_says_why(void **state)
{
    (void)state;
    assert_string_equal(parse("").faults->text, "the record is empty");
    assert_string_equal(parse("hello").faults->text, "does not begin with v=STSv1;");
    assert_string_equal(parse("v=stsv1; id=1").faults->text,
                        "\"v=stsv1\": the version is written exactly v=STSv1, without blanks");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_exact_version_makes_a_record),
        cmocka_unit_test(a_sound_record_has_its_id_and_no_fault),
        cmocka_unit_test(a_bad_id_undoes_the_record),
        cmocka_unit_test(a_broken_extension_undoes_the_record),
        cmocka_unit_test(an_absent_id_undoes_the_record),
        cmocka_unit_test(faults_stand_in_the_order_of_their_places),
        cmocka_unit_test(of_several_ids_the_first_counts),
        cmocka_unit_test(a_text_that_is_none_says_why),
    };

    return cmocka_run_group_tests(tests, records_setup, records_teardown);
}
