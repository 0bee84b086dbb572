/* TLSA records: numbers, data, and whether a mail server could match them. */
#include "record/rec_tlsa.h"
#include "records.h"

#define HASH_256 "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF"

RECORDS_PARSER(rec_tlsa)

static void the_usual_record_is_usable(void **state)
{
    struct rec_tlsa record = parse("3 1 1 " HASH_256);

    (void)state;
    assert_true(record.is_readable);
    assert_true(record.is_usable);
    assert_null(record.faults);
    assert_int_equal(record.usage, 3);
    assert_int_equal(record.selector, 1);
    assert_int_equal(record.matching, 1);
    assert_int_equal(record.data.len, 32);
    assert_memory_equal(record.data.at, "\x00\x11\x22\x33", 4);
    assert_memory_equal(record.data.at + 28, "\xcc\xdd\xee\xff", 4);
    assert_string_equal(record.words, "DANE-EE, public key, SHA-256");
}

static void blanks_may_interrupt_the_data(void **state)
{
    struct rec_tlsa record = parse("2\t0  2 " HASH_256 " " HASH_256 " ");

    (void)state;
    assert_true(record.is_usable);
    assert_int_equal(record.data.len, 64);
    assert_string_equal(record.words, "DANE-TA, certificate, SHA-512");
}

static void what_cannot_match_is_a_fault_at_its_place(void **state)
{
    static const struct {
        const char *text;
        int kind;
        size_t at;
    } cases[] = {
        {"0 1 1 " HASH_256, REC_TLSA_FAULT_PKIX, 0},
        {"1 0 1 " HASH_256, REC_TLSA_FAULT_PKIX, 0},
        {"4 1 1 " HASH_256, REC_TLSA_FAULT_USAGE, 0},
        {"255 1 1 " HASH_256, REC_TLSA_FAULT_USAGE, 0},
        {"3 2 1 " HASH_256, REC_TLSA_FAULT_SELECTOR, 2},
        {"3 1 3 " HASH_256, REC_TLSA_FAULT_MATCHING, 4},
        {"3 1 2 " HASH_256, REC_TLSA_FAULT_LENGTH, 6},
        {"3 1 1 00ff", REC_TLSA_FAULT_LENGTH, 6},
        {"3 1 0 " HASH_256, REC_TLSA_FAULT_DATA, 6},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct rec_tlsa record = parse(cases[i].text);

        assert_true(record.is_readable);
        assert_false(record.is_usable);
        assert_int_equal(record.faults->kind, cases[i].kind);
        assert_int_equal(record.faults->at, cases[i].at);
        assert_null(record.faults->next);
    }
    assert_string_equal(parse("3 1 1 00ff").faults->text, "SHA-256 has 32 octets, found 2");
    assert_string_equal(parse("1 1 1 " HASH_256).faults->text,
                        "certificate usage 1 (PKIX-EE) is not for SMTP");
}

static void a_certificate_in_full_begins_as_der(void **state)
{
    (void)state;
    assert_true(parse("3 0 0 3082010a").is_usable);
}

static void what_is_no_tlsa_record_is_unreadable(void **state)
{
    static const char *const bad[] = {"",         "3 1 1",      "3 1 1 ",  "3 1 1 0",
                                      "3 1 1 xy", "256 1 1 00", "3 1 00",  "-1 1 1 00",
                                      "a b c 00", "3 1 1 0g",   "3, 1 1 0"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct rec_tlsa record = parse(bad[i]);

        assert_false(record.is_readable);
        assert_false(record.is_usable);
        assert_int_equal(record.faults->kind, REC_TLSA_FAULT_SYNTAX);
        assert_string_equal(record.words, "unreadable");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_usual_record_is_usable),
        cmocka_unit_test(blanks_may_interrupt_the_data),
        cmocka_unit_test(what_cannot_match_is_a_fault_at_its_place),
        cmocka_unit_test(a_certificate_in_full_begins_as_der),
        cmocka_unit_test(what_is_no_tlsa_record_is_unreadable),
    };

    return cmocka_run_group_tests(tests, records_setup, records_teardown);
}
