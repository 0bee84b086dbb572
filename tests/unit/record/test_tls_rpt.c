/* TLS-RPT records: where reports go, and what keeps them from going there. */
#include <stdio.h>

#include "records.h"

#include "record/rec_tls_rpt.h"

RECORDS_PARSER(rec_tls_rpt)

static void both_schemes_are_destinations(void **state)
{
    struct rec_tls_rpt record = parse(
        "v=TLSRPTv1; rua=mailto:tls@example.com?subject=x , https://r.example.net:443/v1;");

    (void)state;
    assert_true(record.is_record);
    assert_false(record.is_fatal);
    assert_null(record.faults);
    assert_string_equal(record.rua->host->text, "example.com");
    assert_string_equal(record.rua->next->host->text, "r.example.net");
    assert_true(span_equal_text(record.rua->next->text, "https://r.example.net:443/v1"));
    assert_null(record.rua->next->next);
}

static void each_broken_destination_is_a_fault(void **state)
{
    static const struct {
        const char *uri;
        const char *fault;
    } cases[] = {
        {"tls@example.com", "reports go to mailto: and https: URIs only"},
        {"http://example.com/", "reports go to mailto: and https: URIs only"},
        {"mailto:tls", "no mail address after mailto:"},
        {"mailto:@example.com", "no mail address after mailto:"},
        {"https:///x", "no host name after https://"},
        {"https://192.0.2.1/", "no host name after https://"},
        {"https://2130706433/", "no host name after https://"},
        {"https://0x7f.1/", "no host name after https://"},
        {"https://a.0x7f/", "no host name after https://"},
        {"https://a.0X/", "no host name after https://"},
        {"https:example.com", "not an https:// URI"},
        {"mailto:a@example.com!5m", "a blank or another octet that no URI holds unencoded"},
        {"", "reports go to mailto: and https: URIs only"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct rec_tls_rpt record =
            parse(arena_printf(records_arena, "v=TLSRPTv1; rua=%s", cases[i].uri));

        assert_true(record.is_record);
        assert_true(record.is_fatal);
        assert_int_equal(record.faults->kind, REC_TLS_RPT_FAULT_URI);
        assert_int_equal(record.faults->at, 16);
        assert_string_equal(record.faults->text, arena_printf(records_arena, "rua=\"%s\": %s",
                                                              cases[i].uri, cases[i].fault));
        assert_null(record.faults->next);
    }
}

static void one_good_destination_suffices(void **state)
{
    struct rec_tls_rpt record = parse("v=TLSRPTv1; rua=ftp://x/, mailto:tls@example.com");

    (void)state;
    assert_false(record.is_fatal);
    assert_int_equal(record.faults->at, 16);
    assert_null(record.faults->next);
}

static void without_rua_nobody_reports(void **state)
{
    struct rec_tls_rpt record = parse("v=TLSRPTv1; ruf=mailto:tls@example.com");

    (void)state;
    assert_int_equal(record.faults->kind, REC_TLS_RPT_FAULT_NO_RUA);
    assert_true(record.is_fatal);
}

static void the_version_stands_in_front_exactly(void **state)
{
    (void)state;
    assert_true(rec_tls_rpt_is_record(span_of("v=TLSRPTv1;rua=x")));
    assert_false(rec_tls_rpt_is_record(span_of("v=TLSRPTv1")));
    assert_false(rec_tls_rpt_is_record(span_of("v=TLSRPT1; rua=mailto:a@example.com")));
    assert_false(rec_tls_rpt_is_record(span_of("v=tlsrptv1; rua=mailto:a@example.com")));
    assert_string_equal(parse("v=TLSRPT1; rua=mailto:a@example.com").faults->text,
                        "does not begin with v=TLSRPTv1;");
}

static void a_broken_extension_is_a_fault(void **state)
{
    static const char *const bad[] = {
        "test==", "more=", "a=b c", "_x=1", "1%=a", ";", "a12345678901234567890123456789012=b"};
    char text[200];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct rec_tls_rpt record = {0};

        snprintf(text, sizeof(text), "v=TLSRPTv1; rua=mailto:a@example.com; %s", bad[i]);
        record = parse(text);
        assert_false(record.is_fatal);
        if (record.faults == NULL)
            fail_msg("%s", bad[i]);
    }
    assert_null(parse("v=TLSRPTv1; 1.a-b_c = x; rua=mailto:a@example.com;").faults);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_schemes_are_destinations),
        cmocka_unit_test(each_broken_destination_is_a_fault),
        cmocka_unit_test(one_good_destination_suffices),
        cmocka_unit_test(without_rua_nobody_reports),
        cmocka_unit_test(a_broken_extension_is_a_fault),
        cmocka_unit_test(the_version_stands_in_front_exactly),
    };

    return cmocka_run_group_tests(tests, records_setup, records_teardown);
}
