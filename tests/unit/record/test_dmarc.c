/* DMARC records: what counts as one, what each tag means, and what is said about mistakes. */
#include "records.h"

#include "record/rec_dmarc.h"

static struct rec_dmarc parse(void **state, const char *text)
{
    struct rec_dmarc record;

    rec_dmarc_parse(*state, span_of(text), &record);
    return record;
}

/* the first fault of a kind; NULL */
static const struct fault *find_fault(const struct rec_dmarc *record, int kind)
{
    const struct fault *fault = record->faults;

    while (fault != NULL && fault->kind != kind)
        fault = fault->next;
    return fault;
}

static void assert_fault(const struct rec_dmarc *record, int kind, const char *text)
{
    const struct fault *fault = find_fault(record, kind);

    if (fault == NULL)
        fail_msg("no fault of kind %d", kind);
    else
        assert_string_equal(fault->text, text);
}

static void only_an_exact_version_in_front_makes_a_record(void **state)
{
    static const struct {
        const char *text;
        bool is_record;
    } cases[] = {
        {"v=DMARC1; p=none", true},
        {"v=DMARC1;p=none", true},
        {"v=DMARC1", true},
        {"v=DMARC1;", true},
        {"v =\tDMARC1 ; p=none", true},
        {"V=DMARC1; p=none", true},
        {"", false},
        {"v", false},
        {"v=", false},
        {"=DMARC1", false},
        {" v=DMARC1; p=none", false},
        {"\xef\xbb\xbfv=DMARC1; p=none", false},
        {"v=dmarc1; p=none", false},
        {"v=Dmarc1; p=none", false},
        {"v=DMARC2; p=none", false},
        {"v=DMARC10; p=none", false},
        {"v=DMARC1, p=none", false},
        {"v=DMARC1 p=none", false},
        {"v=DMARC1=; p=none", false},
        {"v==DMARC1; p=none", false},
        {"v=D MARC1; p=none", false},
        {"\"v=DMARC1; p=none\"", false},
        {"p=none; v=DMARC1", false},
        {"v=spf1 -all", false},
        {"ver=DMARC1; p=none", false},
        {"v=DMARC1\n; p=none", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (rec_dmarc_is_record(span_of(cases[i].text)) != cases[i].is_record)
            fail_msg("\"%s\" should%s be a record", cases[i].text,
                     cases[i].is_record ? "" : " not");
    assert_false(rec_dmarc_is_record((struct span){NULL, 0}));
    assert_false(rec_dmarc_is_record(span_make("v=DMARC1\0;p=none", 16)));
}

static void defaults_are_those_of_the_standard(void **state)
{
    struct rec_dmarc record = parse(state, "v=DMARC1; p=quarantine");

    assert_true(record.is_record);
    assert_false(record.is_fatal);
    assert_true(record.has_policy);
    assert_false(record.has_sub_policy);
    assert_false(record.has_np_policy);
    assert_int_equal(record.policy, REC_DMARC_QUARANTINE);
    assert_int_equal(record.sub_policy, REC_DMARC_QUARANTINE);
    assert_int_equal(record.np_policy, REC_DMARC_QUARANTINE);
    assert_false(record.adkim_strict);
    assert_false(record.aspf_strict);
    assert_false(record.is_testing);
    assert_int_equal(record.psd, REC_DMARC_PSD_U);
    assert_false(record.has_percent);
    assert_int_equal(record.percent, 100);
    assert_null(record.rua);
    assert_null(record.ruf);
    assert_null(record.faults);
}

static void np_falls_back_to_sp_and_sp_to_p(void **state)
{
    struct rec_dmarc record = parse(state, "v=DMARC1; p=none; sp=quarantine");

    assert_int_equal(record.sub_policy, REC_DMARC_QUARANTINE);
    assert_int_equal(record.np_policy, REC_DMARC_QUARANTINE);
    record = parse(state, "v=DMARC1; p=quarantine; np=reject");
    assert_int_equal(record.sub_policy, REC_DMARC_QUARANTINE);
    assert_int_equal(record.np_policy, REC_DMARC_REJECT);
    record = parse(state, "v=DMARC1; p=reject; sp=none; np=quarantine");
    assert_int_equal(record.policy, REC_DMARC_REJECT);
    assert_int_equal(record.sub_policy, REC_DMARC_NONE);
    assert_int_equal(record.np_policy, REC_DMARC_QUARANTINE);
}

static void every_tag_is_read_whatever_its_place_and_case(void **state)
{
    struct rec_dmarc record =
        parse(state, "v=DMARC1;adkim=S ;aspf=s; t=Y;psd=n;fo=1:d:s;rua=mailto:a@example.com,"
                     "mailto:b@example.net ; ruf=mailto:c@example.org;p=REJECT;");

    assert_true(record.is_record);
    assert_null(record.faults);
    assert_int_equal(record.policy, REC_DMARC_REJECT);
    assert_true(record.adkim_strict);
    assert_true(record.aspf_strict);
    assert_true(record.is_testing);
    assert_int_equal(record.psd, REC_DMARC_PSD_N);
    assert_string_equal(record.rua->domain->text, "example.com");
    assert_string_equal(record.rua->next->domain->text, "example.net");
    assert_null(record.rua->next->next);
    assert_string_equal(record.ruf->domain->text, "example.org");
    assert_true(span_equal_text(record.rua->next->text, "mailto:b@example.net"));
    assert_int_equal(record.rua->at, 49);
    record = parse(state, "v=DMARC1; p=none; psd=Y");
    assert_int_equal(record.psd, REC_DMARC_PSD_Y);
}

static void tag_names_in_capitals_count_but_are_told(void **state)
{
    struct rec_dmarc record = parse(state, "v=DMARC1; P=reject");

    assert_int_equal(record.policy, REC_DMARC_REJECT);
    assert_false(record.is_fatal);
    assert_fault(&record, REC_DMARC_FAULT_TAGS,
                 "write p in lower case: readers that go by RFC 6376 do not know P");
}

/* RFC 9989, 4.10.1: an unusable policy is none with a usable rua, else there is no record */
static void an_unusable_policy_depends_on_rua(void **state)
{
    static const struct {
        const char *text;
        bool is_fatal;
    } cases[] = {
        {"v=DMARC1", true},
        {"v=DMARC1; p=", true},
        {"v=DMARC1; p=r", true},
        {"v=DMARC1; p=re ject", true},
        {"v=DMARC1; p=reject,", true},
        {"v=DMARC1; p=bogus; rua=foo", true},
        {"v=DMARC1; p=bogus; rua=mailto:", true},
        {"v=DMARC1; p=bogus; rua=mailto:a@b@", true},
        {"v=DMARC1; p=bogus; rua=a@example.com", true},
        {"v=DMARC1; p=bogus; ruf=mailto:a@example.com", true},
        {"v=DMARC1; p=reject; sp=bogus", true},
        {"v=DMARC1; p=reject; np=bogus", true},
        {"v=DMARC1; rua=mailto:a@example.com", false},
        {"v=DMARC1; p=bogus; rua=mailto:a@example.com", false},
        {"v=DMARC1; p=bogus; rua=foo,mailto:a@example.com", false},
        {"v=DMARC1; p=bogus; rua=https://example.com/report", false},
        {"v=DMARC1; p=reject; sp=bogus; rua=mailto:a@example.com!10m", false},
        {"v=DMARC1; p=reject; np=bogus; rua=mailto:a@example.com", false},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct rec_dmarc record = parse(state, cases[i].text);

        if (record.is_fatal != cases[i].is_fatal)
            fail_msg("\"%s\"", cases[i].text);
        assert_true(record.is_record);
        assert_int_equal(record.is_replaced_by_none, !cases[i].is_fatal);
        assert_int_equal(record.policy, REC_DMARC_NONE);
        assert_int_equal(record.sub_policy, REC_DMARC_NONE);
        assert_int_equal(record.np_policy, REC_DMARC_NONE);
    }
}

static void a_reader_of_the_older_standard_does_not_know_np(void **state)
{
    struct rec_dmarc record = parse(state, "v=DMARC1; p=reject; sp=quarantine; np=bogus");

    assert_true(record.is_fatal);
    assert_false(record.rfc7489_is_fatal);
    assert_int_equal(record.rfc7489_policy, REC_DMARC_REJECT);
    assert_int_equal(record.rfc7489_sub_policy, REC_DMARC_QUARANTINE);
    record = parse(state, "v=DMARC1; p=reject; sp=bogus");
    assert_true(record.rfc7489_is_fatal);
    record = parse(state, "v=DMARC1; p=reject; sp=bogus; rua=mailto:a@example.com");
    assert_false(record.rfc7489_is_fatal);
    assert_int_equal(record.rfc7489_policy, REC_DMARC_NONE);
    record = parse(state, "p=reject");
    assert_true(record.rfc7489_is_fatal);
}

static void the_first_of_duplicate_tags_counts(void **state)
{
    struct rec_dmarc record = parse(state, "v=DMARC1; p=reject; p=none");

    assert_int_equal(record.policy, REC_DMARC_REJECT);
    assert_false(record.is_fatal);
    assert_non_null(find_fault(&record, REC_TAG_DUPLICATE));
    record = parse(state, "v=DMARC1; p=bogus; p=none");
    assert_true(record.is_fatal);
}

static void wrong_values_are_replaced_by_defaults(void **state)
{
    struct rec_dmarc record =
        parse(state, "v=DMARC1; p=none; adkim=strict; aspf=; t=yes; psd=x; fo=2");
    size_t count = 0;

    assert_false(record.is_fatal);
    assert_false(record.adkim_strict);
    assert_false(record.aspf_strict);
    assert_false(record.is_testing);
    assert_int_equal(record.psd, REC_DMARC_PSD_U);
    for (const struct fault *fault = record.faults; fault != NULL; fault = fault->next) {
        assert_int_equal(fault->kind, REC_DMARC_FAULT_VALUE);
        assert_false(fault->is_fatal);
        count++;
    }
    assert_int_equal(count, 5);
    assert_string_equal(record.faults->text,
                        "adkim=strict: only r and s are known; r is assumed");
    assert_int_equal(record.faults->at, 18);
}

static void failure_options_follow_the_grammar(void **state)
{
    static const char *const good[] = {"0",     "1",   "d",     "s",  "0:d",
                                       "1:d:s", "d:s", "d:s:1", "D:S"};
    static const char *const bad[] = {"", "0:1", "1:1", "d:d", "x", "1:", ":1", "1,d", "0xyz"};

    for (size_t i = 0; i < COUNT_OF(good); i++) {
        struct rec_dmarc record =
            parse(state, arena_printf(*state, "v=DMARC1; p=none; fo=%s", good[i]));

        if (record.faults != NULL)
            fail_msg("fo=%s: %s", good[i], record.faults->text);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct rec_dmarc record =
            parse(state, arena_printf(*state, "v=DMARC1; p=none; fo=%s", bad[i]));

        if (find_fault(&record, REC_DMARC_FAULT_VALUE) == NULL)
            fail_msg("fo=%s is taken", bad[i]);
    }
}

static void removed_tags_are_told_and_pct_is_kept_for_the_older_standard(void **state)
{
    struct rec_dmarc record = parse(state, "v=DMARC1; p=none; pct=50; rf=afrf; ri=86400");

    assert_true(record.has_percent);
    assert_int_equal(record.percent, 50);
    assert_fault(&record, REC_DMARC_FAULT_REMOVED,
                 "pct=50: RFC 9989 removed pct, it is ignored; t=y asks for testing");
    assert_non_null(record.faults->next->next);
    assert_null(record.faults->next->next->next);
    static const char *const bad[] = {"101", "-1", "abc", "50x", "4294967296", "", "5 0"};

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        record = parse(state, arena_printf(*state, "v=DMARC1; p=none; pct=%s", bad[i]));
        assert_false(record.has_percent);
        assert_int_equal(record.percent, 100);
    }
}

static void versions_that_are_not_one_say_why(void **state)
{
    static const struct {
        const char *text;
        const char *fault;
    } cases[] = {
        {"", "the record is empty"},
        {"v=spf1 -all", "v=spf1 -all: the version is DMARC1"},
        {"v=dmarc1; p=none", "v=dmarc1: the version is written DMARC1, in capitals"},
        {"v=DMARC1, p=none", "v=DMARC1, p=none: after DMARC1 a \";\" must follow"},
        {"v=DMARC1 p=none", "v=DMARC1 p=none: after DMARC1 a \";\" must follow"},
        {"p=none; v=DMARC1", "v=DMARC1 must be the first tag"},
        {" v=DMARC1; p=none", "nothing is allowed before v=DMARC1, not even a blank"},
        {"p=none", "does not begin with v=DMARC1"},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct rec_dmarc record = parse(state, cases[i].text);

        assert_false(record.is_record);
        assert_true(record.is_fatal);
        assert_fault(&record, REC_DMARC_FAULT_VERSION, cases[i].fault);
        assert_true(find_fault(&record, REC_DMARC_FAULT_VERSION)->is_fatal);
    }
}

static void mistakes_say_what_was_probably_meant(void **state)
{
    static const struct {
        const char *tags;
        int kind;
        const char *fault;
    } cases[] = {
        {"p=nonee", REC_DMARC_FAULT_POLICY, "p=nonee: did you mean none"},
        {"p=quarentine", REC_DMARC_FAULT_POLICY, "p=quarentine: did you mean quarantine"},
        {"p=rejected", REC_DMARC_FAULT_POLICY, "p=rejected: did you mean reject"},
        {"p=monitor", REC_DMARC_FAULT_POLICY,
         "p=monitor: a policy is none, quarantine or reject"},
        {"p=none; sp=rejct", REC_DMARC_FAULT_POLICY, "sp=rejct: did you mean reject"},
        {"p=none; policy=none", REC_DMARC_FAULT_UNKNOWN,
         "unknown tag policy, ignored; did you mean p"},
        {"p=none; rau=mailto:a@example.com", REC_DMARC_FAULT_UNKNOWN,
         "unknown tag rau, ignored; did you mean rua"},
        {"p=none; ruaa=mailto:a@example.com", REC_DMARC_FAULT_UNKNOWN,
         "unknown tag ruaa, ignored; did you mean rua"},
        {"p=none; akdim=r", REC_DMARC_FAULT_UNKNOWN,
         "unknown tag akdim, ignored; did you mean adkim"},
        {"p=none; rua=mailto:a@example.com%2Cb@example.net", REC_DMARC_FAULT_URI,
         "rua=mailto:a@example.com%2Cb@example.net: no mail address after mailto:"},
        {"p=none; x=y", REC_DMARC_FAULT_UNKNOWN, "unknown tag x, ignored"},
        {"p=none; future=1", REC_DMARC_FAULT_UNKNOWN, "unknown tag future, ignored"},
        {"p=none; rua=admin@example.com", REC_DMARC_FAULT_URI,
         "rua=admin@example.com: no URI; write mailto:admin@example.com"},
        {"p=none; rua=foo", REC_DMARC_FAULT_URI,
         "rua=foo: no URI; an address is written mailto:name@example.com"},
        {"p=none; rua=mailto:a@example.com,,mailto:b@example.com", REC_DMARC_FAULT_URI,
         "rua=: an empty entry between commas"},
        {"p=none; rua=mailto: a@example.com", REC_DMARC_FAULT_URI,
         "rua=mailto: a@example.com: a blank inside the URI"},
        {"p=none; rua=mailto:a@example.com mailto:b@example.com", REC_DMARC_FAULT_URI,
         "rua=mailto:a@example.com mailto:b@example.com: a blank inside the URI"},
        {"p=none; rua=mailto:<a@example.com>", REC_DMARC_FAULT_URI,
         "rua=mailto:<a@example.com>: \"<\" must be percent-encoded in a URI"},
        {"p=none; ruf=mailto:a!b@example.com", REC_DMARC_FAULT_URI,
         "ruf=mailto:a!b@example.com: expected a size like 10m after \"!\"; "
         "write a \"!\" of the address itself as %21"},
        {"p=none; rua=mailto:a@example.com!10m", REC_DMARC_FAULT_REMOVED,
         "rua=mailto:a@example.com!10m: RFC 9989 removed size limits; \"!\" and what follows "
         "is ignored"},
        {"p=none; rua=https://example.com/x", REC_DMARC_FAULT_URI,
         "rua=https://example.com/x: reports are only delivered to mailto: URIs; others are "
         "ignored"},
        {"p=none; rua=mailto:nobody", REC_DMARC_FAULT_URI,
         "rua=mailto:nobody: no mail address after mailto:"},
        {"p=none; rua=mailto:a@example.com; mailto:b@example.com", REC_TAG_NO_EQUALS,
         "several addresses of one tag are separated by \",\", not by \";\""},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct rec_dmarc record =
            parse(state, arena_printf(*state, "v=DMARC1; %s", cases[i].tags));

        assert_fault(&record, cases[i].kind, cases[i].fault);
    }
}

static void a_tag_in_look_alike_letters_is_recognised(void **state)
{
    struct rec_dmarc record = parse(state, "v=DMARC1; p=none; ru\xd0\xb0=mailto:a@example.com");

    assert_null(record.rua);
    assert_non_null(find_fault(&record, REC_TAG_NAME));
    assert_non_null(strstr(find_fault(&record, REC_TAG_NAME)->text, "did you mean rua"));
    assert_null(find_fault(&record, REC_DMARC_FAULT_UNKNOWN));
}

static void a_percent_encoded_address_gives_its_domain(void **state)
{
    struct rec_dmarc record =
        parse(state, "v=DMARC1; p=none; rua=mailto:a%21b@ex%61mple.com?subject=x,"
                     "MAILTO:B\xc3\xbc@example.net");

    assert_string_equal(record.rua->domain->text, "example.com");
    assert_true(record.rua->is_valid);
    assert_null(record.rua->next->domain); /* 8-bit octets cannot stand in a URI */
    assert_false(record.rua->next->is_valid);
}

static void faults_stand_in_the_order_of_the_text(void **state)
{
    struct rec_dmarc record =
        parse(state, "v=DMARC1; p=none; x=1;; foo; adkim=q; pct=7; p=reject; y2=3");
    size_t at = 0;
    size_t count = 0;

    for (const struct fault *fault = record.faults; fault != NULL; fault = fault->next) {
        assert_true(fault->at >= at);
        assert_false(fault->is_fatal);
        at = fault->at;
        count++;
    }
    assert_int_equal(count, 7);
}

static void a_record_of_many_parts_is_read_in_one_pass(void **state)
{
    size_t len = 65535;
    char *text = arena_alloc(*state, len);
    struct rec_dmarc record;

    memset(text, ',', len);
    memcpy(text, "v=DMARC1;p=none;rua=", 20);
    rec_dmarc_parse(*state, span_make(text, len), &record);
    assert_true(record.is_record);
    assert_non_null(find_fault(&record, REC_DMARC_FAULT_URI));
    memset(text + 9, ';', len - 9);
    rec_dmarc_parse(*state, span_make(text, len), &record);
    assert_true(record.is_fatal);
}

/* a fixed sequence of mutations; the parser must stay inside the text and its own promises */
static void mutated_records_never_break_the_parser(void **state)
{
    static const char seed_text[] =
        "v=DMARC1; p=reject; sp=none; np=quarantine; adkim=s; aspf=r; "
        "t=y; psd=n; fo=1:d; pct=20; rua=mailto:a%20b@example.com!5k,"
        "https://example.net/;ruf=mailto:c@example.org";
    uint32_t seed = 9989;

    for (int round = 0; round < 3000; round++) {
        struct arena *arena = arena_open();
        char *text = arena_strdup(arena, seed_text);
        size_t len = strlen(text);
        struct rec_dmarc record;

        for (int i = 0; i < 6; i++) {
            seed = seed * 1664525U + 1013904223U;
            text[(seed >> 8) % len] = (char)(seed >> 24);
        }
        len -= (seed >> 4) % 40;
        rec_dmarc_parse(arena, arena_span(arena, span_make(text, len)), &record);
        assert_true(record.policy <= REC_DMARC_REJECT);
        assert_true(record.percent <= 100);
        if (!record.is_record)
            assert_true(record.is_fatal);
        for (const struct fault *fault = record.faults; fault != NULL; fault = fault->next)
            assert_true(fault->at <= len && fault->text != NULL);
        arena_close(arena);
    }
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_an_exact_version_in_front_makes_a_record),
        RECORDS_TEST(defaults_are_those_of_the_standard),
        RECORDS_TEST(np_falls_back_to_sp_and_sp_to_p),
        RECORDS_TEST(every_tag_is_read_whatever_its_place_and_case),
        RECORDS_TEST(tag_names_in_capitals_count_but_are_told),
        RECORDS_TEST(an_unusable_policy_depends_on_rua),
        RECORDS_TEST(a_reader_of_the_older_standard_does_not_know_np),
        RECORDS_TEST(the_first_of_duplicate_tags_counts),
        RECORDS_TEST(wrong_values_are_replaced_by_defaults),
        RECORDS_TEST(failure_options_follow_the_grammar),
        RECORDS_TEST(removed_tags_are_told_and_pct_is_kept_for_the_older_standard),
        RECORDS_TEST(versions_that_are_not_one_say_why),
        RECORDS_TEST(mistakes_say_what_was_probably_meant),
        RECORDS_TEST(a_tag_in_look_alike_letters_is_recognised),
        RECORDS_TEST(a_percent_encoded_address_gives_its_domain),
        RECORDS_TEST(faults_stand_in_the_order_of_the_text),
        RECORDS_TEST(a_record_of_many_parts_is_read_in_one_pass),
        cmocka_unit_test(mutated_records_never_break_the_parser),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
