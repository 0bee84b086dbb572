/* SOA records: seven fields, and how long absence is remembered. */
#include "dns/dns_rr.h"
#include "model/dns_soa.h"
#include "unit_arena.h"

static bool parse(const char *text, struct dns_soa *soa_out)
{
    struct err why = {0};
    struct dns_rr *rr = dns_rr_from_text(arena, text, &why);

    assert_non_null(rr);
    return dns_soa_parse(arena, rr, soa_out);
}

static void every_field_is_read(void **state)
{
    struct dns_soa soa;

    (void)state;
    assert_true(parse("example.com. 3600 IN SOA NS1.example.net. ann\\.b.example.com. "
                      "4294967295 7200 900 2419200 300",
                      &soa));
    assert_string_equal(soa.primary->text, "ns1.example.net");
    assert_string_equal(soa.mailbox->text, "ann\\.b.example.com");
    assert_int_equal(soa.serial, UINT32_MAX);
    assert_int_equal(soa.refresh, 7200);
    assert_int_equal(soa.retry, 900);
    assert_int_equal(soa.expire, 2419200);
    assert_int_equal(soa.minimum, 300);
}

static void absence_lasts_as_long_as_the_lesser_of_two(void **state)
{
    struct dns_soa soa;

    (void)state;
    assert_true(parse("example.com. 3600 IN SOA . . 1 2 3 4 300", &soa));
    assert_int_equal(soa.absence, 300);
    assert_int_equal(soa.primary->labels, 0);
    assert_true(parse("example.com. 60 IN SOA . . 1 2 3 4 300", &soa));
    assert_int_equal(soa.absence, 60);
}

static void what_is_no_soa_is_refused(void **state)
{
    struct dns_soa soa;

    (void)state;
    assert_false(parse("example.com. 3600 IN NS ns1.example.net.", &soa));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_is_read),
        cmocka_unit_test(absence_lasts_as_long_as_the_lesser_of_two),
        cmocka_unit_test(what_is_no_soa_is_refused),
    };

    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
