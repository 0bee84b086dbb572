/* BIMI records: logo, certificate, and the word that a domain takes no part. */
#include "records.h"

#include "record/rec_bimi.h"

RECORDS_PARSER(rec_bimi)

static void a_sound_record_names_logo_and_certificate(void **state)
{
    struct rec_bimi record =
        parse("v=BIMI1; l=https://example.com/a.svg; a=https://example.com/a.pem;");

    (void)state;
    assert_true(record.is_record);
    assert_false(record.is_declined);
    assert_false(record.is_fatal);
    assert_null(record.faults);
    assert_true(span_equal_text(record.location, "https://example.com/a.svg"));
    assert_true(span_equal_text(record.authority, "https://example.com/a.pem"));
}

static void empty_values_decline(void **state)
{
    (void)state;
    assert_true(parse("v=BIMI1; l=; a=;").is_declined);
    assert_true(parse("v=BIMI1; l=").is_declined);
    assert_false(parse("v=BIMI1; a=").is_declined);
    assert_false(parse("v=BIMI2; l=; a=").is_declined);
    assert_false(parse("v=BIMI1; l=https://example.com/a.svg").is_declined);
}

static void uris_that_are_not_https_are_faults(void **state)
{
    struct rec_bimi record = parse("v=BIMI1; l=http://example.com/a.svg; a=self");

    (void)state;
    assert_int_equal(record.faults->kind, REC_BIMI_FAULT_LOCATION);
    assert_int_equal(record.faults->at, 11);
    assert_string_equal(record.faults->text,
                        "l=\"http://example.com/a.svg\": not an https:// URI");
    assert_int_equal(record.faults->next->kind, REC_BIMI_FAULT_AUTHORITY);
    assert_int_equal(record.faults->next->at, 39);
    assert_true(record.is_fatal);
}

static void without_a_logo_there_is_nothing_to_show(void **state)
{
    struct rec_bimi record = parse("v=BIMI1; a=https://example.com/a.pem");

    (void)state;
    assert_int_equal(record.faults->kind, REC_BIMI_FAULT_NO_LOCATION);
    assert_true(record.is_fatal);
}

static void the_version_stands_in_front_exactly(void **state)
{
    (void)state;
    assert_true(rec_bimi_is_record(span_of("v=BIMI1")));
    assert_true(rec_bimi_is_record(span_of("v=BIMI1 ; l=")));
    assert_false(rec_bimi_is_record(span_of("v=bimi1; l=")));
    assert_false(rec_bimi_is_record(span_of("l=; v=BIMI1")));
    assert_false(rec_bimi_is_record(span_of("")));
    assert_true(parse("v=bimi1; l=https://example.com/a.svg").is_fatal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_record_names_logo_and_certificate),
        cmocka_unit_test(empty_values_decline),
        cmocka_unit_test(uris_that_are_not_https_are_faults),
        cmocka_unit_test(without_a_logo_there_is_nothing_to_show),
        cmocka_unit_test(the_version_stands_in_front_exactly),
    };

    return cmocka_run_group_tests(tests, records_setup, records_teardown);
}
