/* ARC-Message-Signature and ARC-Seal fields in parsed form: what differs from DKIM-Signature.
 */
#include "records.h"

#include "record/rec_arc.h"

#define MESSAGE_SIGNATURE "a=rsa-sha256; d=example.com; s=sel; h=From:To; bh=YmFy; b=Zm9v"
#define SEAL              "a=rsa-sha256; cv=none; d=example.com; s=sel; b=Zm9v"

static struct rec_dkim_signature parse_signature(struct arena *arena, const char *text)
{
    struct rec_dkim_signature signature;

    rec_arc_message_signature_parse(arena, span_of(text), &signature);
    return signature;
}

static struct rec_dkim_signature parse_seal(struct arena *arena, const char *text)
{
    struct rec_dkim_signature seal;

    rec_arc_seal_parse(arena, span_of(text), &seal);
    return seal;
}

/* assert_fault - the only one */
static void assert_fault(const struct rec_dkim_signature *parsed, int kind, const char *text)
{
    assert_true(parsed->is_fatal);
    assert_non_null(parsed->faults);
    if (parsed->faults->kind != kind || strstr(parsed->faults->text, text) == NULL)
        fail_msg("got %d: %s\nwant %d: %s", parsed->faults->kind, parsed->faults->text, kind,
                 text);
    assert_null(parsed->faults->next);
}

static void a_message_signature_is_one_of_dkim_with_an_instance(void **state)
{
    struct rec_dkim_signature s = parse_signature(
        *state, " i=12; a=ed25519-sha256; c=relaxed/simple; d=Example.COM; s=sel;\r\n"
                "\th=From; l=7; t=1000; x=2000; bh=YmFy; b=Zm9v;");
    unsigned instance = 0;

    assert_null(s.faults);
    assert_true(rec_arc_instance(&s, &instance));
    assert_int_equal(instance, 12);
    assert_int_equal(s.algorithm, REC_DKIM_ED25519_SHA256);
    assert_int_equal(s.header_canon, REC_DKIM_RELAXED);
    assert_int_equal(s.body_canon, REC_DKIM_SIMPLE);
    assert_string_equal(s.key_name->text, "sel._domainkey.example.com");
    assert_string_equal(s.identity_domain->text, "example.com");
    assert_int_equal(s.identity.len, 0);
    assert_true(s.has_length);
    assert_int_equal(s.length, 7);
    assert_int_equal(s.time, 1000);
    assert_int_equal(s.expiry, 2000);
}

static void without_c_a_message_signature_is_simple(void **state)
{
    struct rec_dkim_signature s = parse_signature(*state, "i=1; " MESSAGE_SIGNATURE);

    assert_false(s.is_fatal);
    assert_int_equal(s.header_canon, REC_DKIM_SIMPLE);
    assert_int_equal(s.body_canon, REC_DKIM_SIMPLE);
}

static void a_version_means_nothing(void **state)
{
    assert_false(parse_signature(*state, "i=1; v=2; " MESSAGE_SIGNATURE).is_fatal);
    assert_false(parse_seal(*state, "i=1; v=2; " SEAL).is_fatal);
}

static void a_message_signature_does_not_sign_a_seal(void **state)
{
    struct rec_dkim_signature s = parse_signature(
        *state, "i=1; a=rsa-sha256; d=example.com; s=sel; h=From:arc-SEAL; bh=YmFy; b=Zm9v");

    assert_fault(&s, REC_DKIM_FAULT_HEADERS, "h= signs ARC-Seal");
    s = parse_signature(*state, "i=1; a=rsa-sha256; d=example.com; s=sel; "
                                "h=From:ARC-Message-Signature:ARC-Authentication-Results; "
                                "bh=YmFy; b=Zm9v");
    assert_false(s.is_fatal);
}

static void every_required_tag_of_a_message_signature_is_missed(void **state)
{
    static const struct {
        const char *text;
        const char *fault;
    } cases[] = {
        {"i=1; d=example.com; s=sel; h=From; bh=YmFy; b=Zm9v", "a= is missing"},
        {"i=1; a=rsa-sha256; s=sel; h=From; bh=YmFy; b=Zm9v", "d= is missing"},
        {"i=1; a=rsa-sha256; d=example.com; h=From; bh=YmFy; b=Zm9v", "s= is missing"},
        {"i=1; a=rsa-sha256; d=example.com; s=sel; bh=YmFy; b=Zm9v", "h= is missing"},
        {"i=1; a=rsa-sha256; d=example.com; s=sel; h=From; b=Zm9v", "bh= is missing"},
        {"i=1; a=rsa-sha256; d=example.com; s=sel; h=From; bh=YmFy", "b= is missing"},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct rec_dkim_signature s = parse_signature(*state, cases[i].text);

        assert_fault(&s, REC_DKIM_FAULT_MISSING, cases[i].fault);
    }
}

static void a_seal_needs_no_fields_and_no_body_hash(void **state)
{
    struct rec_dkim_signature s = parse_seal(*state, "i=50; t=1000; " SEAL);
    unsigned instance = 0;

    assert_null(s.faults);
    assert_true(rec_arc_instance(&s, &instance));
    assert_int_equal(instance, 50);
    assert_int_equal(s.header_canon, REC_DKIM_RELAXED);
    assert_true(s.has_time);
    assert_int_equal(s.time, 1000);
    assert_false(s.has_length);
    assert_string_equal(s.key_name->text, "sel._domainkey.example.com");
}

static void a_seal_takes_no_list_of_fields(void **state)
{
    struct rec_dkim_signature s = parse_seal(*state, "i=1; h=; " SEAL);

    assert_fault(&s, REC_DKIM_FAULT_HEADERS, "h= is not allowed in a seal");
}

static void tags_of_dkim_that_a_seal_does_not_know_are_ignored(void **state)
{
    struct rec_dkim_signature s =
        parse_seal(*state, "i=1; bh=!; c=loose; l=x; q=none; x=never; z=?; " SEAL);

    assert_false(s.is_fatal);
    assert_int_equal(s.header_canon, REC_DKIM_RELAXED);
    assert_false(s.has_expiry);
}

static void every_required_tag_of_a_seal_is_missed(void **state)
{
    static const struct {
        const char *text;
        const char *fault;
    } cases[] = {
        {"i=1; cv=none; d=example.com; s=sel; b=Zm9v", "a= is missing"},
        {"i=1; cv=none; a=rsa-sha256; s=sel; b=Zm9v", "d= is missing"},
        {"i=1; cv=none; a=rsa-sha256; d=example.com; b=Zm9v", "s= is missing"},
        {"i=1; cv=none; a=rsa-sha256; d=example.com; s=sel", "b= is missing"},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct rec_dkim_signature s = parse_seal(*state, cases[i].text);

        assert_fault(&s, REC_DKIM_FAULT_MISSING, cases[i].fault);
    }
}

static void the_status_is_one_of_three_words(void **state)
{
    static const struct {
        const char *text;
        enum rec_arc_cv cv;
    } cases[] = {
        {"cv=none", REC_ARC_CV_NONE},    {"cv=pass", REC_ARC_CV_PASS},
        {"cv=fail", REC_ARC_CV_FAIL},    {"cv = Pass ", REC_ARC_CV_PASS},
        {"cv=", REC_ARC_CV_UNKNOWN},     {"cv=passed", REC_ARC_CV_UNKNOWN},
        {"CV=pass", REC_ARC_CV_UNKNOWN}, {"i=1", REC_ARC_CV_UNKNOWN},
        {"", REC_ARC_CV_UNKNOWN},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct rec_dkim_signature s = parse_seal(*state, cases[i].text);

        assert_int_equal(rec_arc_seal_cv(&s), cases[i].cv);
    }
    assert_string_equal(rec_arc_cv_to_text(REC_ARC_CV_NONE), "none");
    assert_string_equal(rec_arc_cv_to_text(REC_ARC_CV_PASS), "pass");
    assert_string_equal(rec_arc_cv_to_text(REC_ARC_CV_FAIL), "fail");
    assert_string_equal(rec_arc_cv_to_text(REC_ARC_CV_UNKNOWN), "unknown");
}

static void an_instance_is_one_or_two_digits(void **state)
{
    static const struct {
        const char *text;
        bool is_number;
        unsigned number;
    } cases[] = {
        {"0", true, 0},           {"1", true, 1},   {"01", true, 1},   {"50", true, 50},
        {"99", true, 99},         {"", false, 0},   {"001", false, 0}, {"100", false, 0},
        {"+1", false, 0},         {"-1", false, 0}, {"1 ", false, 0},  {"a", false, 0},
        {"4294967297", false, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        unsigned number = 0;

        assert_int_equal(rec_arc_instance_parse(span_of(cases[i].text), &number),
                         cases[i].is_number);
        assert_int_equal(number, cases[i].number);
    }
}

static void an_instance_may_stand_anywhere_in_the_list(void **state)
{
    struct rec_dkim_signature s = parse_seal(*state, SEAL "; i = 3 ");
    unsigned instance = 0;

    assert_true(rec_arc_instance(&s, &instance));
    assert_int_equal(instance, 3);
    s = parse_seal(*state, SEAL);
    assert_false(rec_arc_instance(&s, &instance));
    s = parse_seal(*state, "I=1; " SEAL);
    assert_false(rec_arc_instance(&s, &instance));
}

static void a_tag_twice_is_fatal(void **state)
{
    assert_true(parse_seal(*state, "i=1; i=2; " SEAL).is_fatal);
    assert_true(parse_seal(*state, "i=1; cv=pass; " SEAL).is_fatal);
    assert_true(parse_signature(*state, "i=1; d=example.org; " MESSAGE_SIGNATURE).is_fatal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RECORDS_TEST(a_message_signature_is_one_of_dkim_with_an_instance),
        RECORDS_TEST(without_c_a_message_signature_is_simple),
        RECORDS_TEST(a_version_means_nothing),
        RECORDS_TEST(a_message_signature_does_not_sign_a_seal),
        RECORDS_TEST(every_required_tag_of_a_message_signature_is_missed),
        RECORDS_TEST(a_seal_needs_no_fields_and_no_body_hash),
        RECORDS_TEST(a_seal_takes_no_list_of_fields),
        RECORDS_TEST(tags_of_dkim_that_a_seal_does_not_know_are_ignored),
        RECORDS_TEST(every_required_tag_of_a_seal_is_missed),
        RECORDS_TEST(the_status_is_one_of_three_words),
        RECORDS_TEST(an_instance_is_one_or_two_digits),
        RECORDS_TEST(an_instance_may_stand_anywhere_in_the_list),
        RECORDS_TEST(a_tag_twice_is_fatal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
