/* Limits, rounds of questions, and hostile records: RFC 7208, 4.6.4. */
#include "base/sbuf.h"
#include "spf_case.h"

#define IN4  "192.0.2.1"
#define HEAD "example.com TXT \"v=spf1 "

static void ten_lookups_are_allowed_and_eleven_are_not(void **state)
{
    struct spf_case ten = spf_case_from(HEAD "a a mx mx a a a a a a ip4:192.0.2.1 -all\"\n"
                                             "example.com A 192.0.2.9\n"
                                             "example.com MX 10 example.com",
                                        IN4, "u@example.com");
    struct spf_case eleven = spf_case_from(HEAD "a a mx mx a a a a a a a ip4:192.0.2.1 -all\"\n"
                                                "example.com A 192.0.2.9\n"
                                                "example.com MX 10 example.com",
                                           IN4, "u@example.com");

    (void)state;
    assert_int_equal(ten.verdict->result, SPF_PASS);
    assert_int_equal(ten.verdict->lookups, 10);
    assert_int_equal(eleven.verdict->result, SPF_PERMERROR);
    assert_int_equal(eleven.verdict->lookups, 11);
    assert_string_equal(eleven.verdict->reason, "more than 10 terms need DNS lookups: a in the "
                                                "record of example.com is one too many");
    assert_int_equal(eleven.verdict->term_at, 29);
    spf_case_close(&ten);
    spf_case_close(&eleven);
}

static void included_terms_count_too(void **state)
{
    static const char inc[] = "i.test TXT \"v=spf1 a a a a a a a a\"\ni.test A 192.0.2.9\n"
                              "example.com A 192.0.2.9\n";
    struct arena *arena = arena_open();

    (void)state;
    spf_case_expect(
        arena_printf(arena, "%s" HEAD "a include:i.test ip4:192.0.2.1 mx -all\"", inc), IN4,
        SPF_PASS, "ip4:192.0.2.1");
    spf_case_expect(
        arena_printf(arena, "%s" HEAD "a include:i.test a ip4:192.0.2.1 -all\"", inc), IN4,
        SPF_PERMERROR, "more than 10 terms");
    arena_close(arena);
}

static void loops_end_at_the_limit(void **state)
{
    static const struct spf_row rows[] = {
        {HEAD "redirect=example.com\"", IN4, SPF_PERMERROR, "more than 10 terms"},
        {HEAD "include:b.test\"\nb.test TXT \"v=spf1 include:example.com\"", IN4, SPF_PERMERROR,
         "more than 10 terms"},
        {HEAD "ip4:192.0.2.1 redirect=example.com\"", IN4, SPF_PASS, "ip4"},
    };

    (void)state;
    spf_rows_expect(rows, COUNT_OF(rows));
}

static void two_void_lookups_are_allowed_and_three_are_not(void **state)
{
    static const struct spf_row rows[] = {
        {HEAD "a:x.test a:y.test ?all\"", IN4, SPF_NEUTRAL, "?all"},
        {HEAD "a:x.test a:y.test a:z.test ?all\"", IN4, SPF_PERMERROR,
         "more than 2 lookups found nothing: A z.test for a:z.test in the record of "
         "example.com"},
        {HEAD "a:x.test mx exists:z.test\"", IN4, SPF_PERMERROR, "A z.test for exists:z.test"},
        {HEAD "ptr a:x.test mx:y.test ?all\"", IN4, SPF_PERMERROR, "MX y.test"},
        {HEAD
         "a:x.test a:y.test mx ?all\"\nexample.com MX 10 no1.test\nexample.com MX 10 no2.test",
         IN4, SPF_PERMERROR, "A no1.test for mx in the record of example.com"},
        {HEAD "a:x.test mx ?all\"\nexample.com MX 10 no1.test", IN4, SPF_NEUTRAL, "?all"},
        {HEAD "a:x.test ptr:b.test ?all\"\n1.2.0.192.in-addr.arpa PTR b.test\n"
              "1.2.0.192.in-addr.arpa PTR a.b.test",
         IN4, SPF_PERMERROR, "A a.b.test for ptr:b.test"},
        {HEAD "a:x.test a:y.test exp=no.test -all\"", IN4, SPF_FAIL, "-all"},
        {HEAD "a:x.test a:y.test include:i.test -all\"\ni.test TXT \"v=spf1 a:z.test\"", IN4,
         SPF_PERMERROR, "A z.test for a:z.test in the record of i.test"},
        {HEAD "a:x.test exists:%{p}.a.b.test ?all\"", IN4, SPF_PERMERROR, "A unknown.a.b.test"},
        {HEAD "a:x.test a:y.test exists:%{p}.a.b.test ?all\"", IN4, SPF_PERMERROR,
         "PTR 1.2.0.192.in-addr.arpa for the macro p"},
        {HEAD "a:x.test a:y.test exp=%{p}.a.b.test -all\"", IN4, SPF_FAIL, "-all"},
    };

    (void)state;
    spf_rows_expect(rows, COUNT_OF(rows));
}

/* `count` hosts of one MX; the last one is the client */
static const char *mx_world(struct arena *arena, int count)
{
    struct sbuf world = sbuf_start(arena);

    sbuf_add(&world, HEAD "mx -all\"\n");
    for (int i = 1; i <= count; i++)
        sbuf_addf(&world, "example.com MX %d h%d.test\nh%d.test A %s\n", i, i, i,
                  i == count ? IN4 : "198.51.100.1");
    return sbuf_text(&world);
}

static void ten_mx_hosts_are_looked_at_and_an_eleventh_is_not(void **state)
{
    struct arena *arena = arena_open();

    (void)state;
    spf_case_expect(mx_world(arena, 10), IN4, SPF_PASS, "mx in the record");
    spf_case_expect(mx_world(arena, 11), IN4, SPF_PERMERROR,
                    "mx in the record of example.com finds 11 MX hosts, and none of the first "
                    "10 matches; the limit is 10");
    spf_case_expect(mx_world(arena, 11), "198.51.100.1", SPF_PASS, "mx in the record");
    arena_close(arena);
}

/* `count` names of the client; only the last one leads back */
static const char *ptr_world(struct arena *arena, int count, const char *term)
{
    struct sbuf world = sbuf_start(arena);

    sbuf_addf(&world, HEAD "%s -all\"\n", term);
    for (int i = 1; i <= count; i++)
        sbuf_addf(&world, "1.2.0.192.in-addr.arpa PTR h%d.example.com\nh%d.example.com A %s\n",
                  i, i, i == count ? IN4 : "198.51.100.1");
    sbuf_addf(&world, "h%d.example.com.ok.test A 127.0.0.2\n", count);
    return sbuf_text(&world);
}

static void names_after_the_tenth_are_ignored(void **state)
{
    struct arena *arena = arena_open();

    (void)state;
    spf_case_expect(ptr_world(arena, 10, "ptr"), IN4, SPF_PASS, "ptr");
    spf_case_expect(ptr_world(arena, 11, "ptr"), IN4, SPF_FAIL, "-all");
    spf_case_expect(ptr_world(arena, 10, "exists:%{p}.ok.test"), IN4, SPF_PASS, "exists");
    spf_case_expect(ptr_world(arena, 11, "exists:%{p}.ok.test"), IN4, SPF_FAIL, "-all");
    arena_close(arena);
}

static void addresses_of_one_name_have_no_limit(void **state)
{
    struct arena *arena = arena_open();
    struct sbuf world = sbuf_start(arena);

    (void)state;
    sbuf_add(&world, HEAD "a -all\"\n");
    for (int i = 50; i > 0; i--)
        sbuf_addf(&world, "example.com A 192.0.2.%d\n", i);
    spf_case_expect(sbuf_text(&world), IN4, SPF_PASS, "a in the record");
    arena_close(arena);
}

static void a_tree_of_depth_three_takes_five_rounds(void **state)
{
    static const char world[] =
        HEAD "include:a.test include:b.test mx a:h.test exp=e.test -all\"\n"
             "example.com MX 10 m1.test\nexample.com MX 20 m2.test\nh.test A 192.0.2.9\n"
             "m1.test A 192.0.2.9\nm2.test A 192.0.2.9\ne.test TXT \"explained\"\n"
             "a.test TXT \"v=spf1 include:aa.test include:ab.test\"\n"
             "b.test TXT \"v=spf1 include:ba.test ~all\"\n"
             "aa.test TXT \"v=spf1 mx:mxa.test -all\"\nmxa.test MX 10 m3.test\n"
             "m3.test A 192.0.2.9\n"
             "ab.test TXT \"v=spf1 a:h.test ?all\"\nba.test TXT \"v=spf1 ip4:203.0.113.0/24\"";
    struct spf_case one = spf_case_from(world, IN4, "u@example.com");

    (void)state;
    assert_int_equal(one.verdict->result, SPF_FAIL);
    assert_string_equal(one.verdict->explanation, "explained");
    assert_int_equal(one.verdict->lookups, 9);
    assert_in_range(ledger_rounds(one.ledger), 4, 5);
    spf_case_close(&one);
}

static void asking_ahead_stays_within_the_limit(void **state)
{
    struct arena *arena = arena_open();
    struct sbuf world = sbuf_start(arena);
    struct spf_case one;

    (void)state;
    sbuf_add(&world, "example.com TXT \"v=spf1\"");
    for (int i = 0; i < 1000; i++)
        sbuf_addf(&world, " \" include:h%d.test\"", i);
    for (int i = 0; i < 12; i++)
        sbuf_addf(&world, "\nh%d.test TXT \"v=spf1 mx:a%d.test mx:b%d.test\"", i, i, i);
    one = spf_case_from(sbuf_text(&world), IN4, "u@example.com");
    assert_int_equal(one.verdict->result, SPF_PERMERROR);
    assert_in_range(ledger_count(one.ledger), 5, 25);
    spf_case_close(&one);
    arena_close(arena);
}

static void nothing_is_asked_behind_a_match(void **state)
{
    struct spf_case one = spf_case_from(
        HEAD "ip4:192.0.2.0/24 include:never.test a:never.test -all exp=never.test\"", IN4,
        "u@example.com");

    (void)state;
    assert_int_equal(one.verdict->result, SPF_PASS);
    assert_int_equal(ledger_count(one.ledger), 1);
    assert_int_equal(one.verdict->lookups, 0);
    spf_case_close(&one);
}

static void terms_behind_all_are_never_asked(void **state)
{
    struct spf_case one = spf_case_from(
        HEAD "a:h.test ~all include:never.test redirect=never.test\"\nh.test A 192.0.2.9", IN4,
        "u@example.com");

    (void)state;
    assert_int_equal(one.verdict->result, SPF_SOFTFAIL);
    assert_int_equal(ledger_count(one.ledger), 2);
    spf_case_close(&one);
}

/* next_random - a small generator with a fixed seed: the same mutations on every run */
static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 8;
}

/* escaped - octets as the strings of a TXT record in zone file syntax */
static const char *escaped(struct arena *arena, struct span text)
{
    struct sbuf out = sbuf_start(arena);

    for (size_t i = 0; i < text.len; i++) {
        if (i % 200 == 0)
            sbuf_add(&out, i == 0 ? "\"" : "\" \"");
        sbuf_addf(&out, "\\%03u", (unsigned)(unsigned char)text.at[i]);
    }
    sbuf_add(&out, "\"");
    return sbuf_text(&out);
}

static void mutated_records_never_break_the_evaluation(void **state)
{
    static const char *const seeds[] = {
        "v=spf1 include:a.test exists:%{ir}.%{l1r+-}.b.test mx:a.test a:%{p}.b.test -all",
        "v=spf1 ptr a/24//64 mx redirect=%{d2}.a.test exp=%{s}.%{o}.b.test",
        "v=spf1 redirect=example.com include:example.com a:%{h}.%{D9R}.b.test",
        "%{c} %{R} %{t} is %% no%_friend of %{S}.",
    };
    uint32_t seed = 464;

    (void)state;
    for (int round = 0; round < 3000; round++) {
        struct arena *arena = arena_open();
        const char *records[4];
        struct spf_case one;

        for (size_t i = 0; i < COUNT_OF(seeds); i++) {
            struct span whole = span_of(seeds[i]);
            char *text = arena_strdup_span(arena, whole);
            unsigned edits = next_random(&seed) % 4;

            while (edits-- > 0)
                text[6 + next_random(&seed) % (whole.len - 6)] =
                    next_random(&seed) % 4 == 0 ? (char)next_random(&seed)
                                                : whole.at[next_random(&seed) % whole.len];
            records[i] = escaped(arena, span_make(text, whole.len));
        }
        one = spf_case_from(
            arena_printf(arena,
                         "example.com TXT %s\na.test TXT %s\na.test MX 10 example.com\n"
                         "example.com A 192.0.2.9\n*.b.test TXT %s\n*.a.test TXT %s\n"
                         "*.b.test A 192.0.2.200\n1.2.0.192.in-addr.arpa PTR x.b.test\n",
                         records[round % 3], records[(round + 1) % 3], records[3],
                         records[(round + 2) % 3]),
            IN4, "us+er@example.com");
        assert_in_range(one.verdict->lookups, 0, 11);
        assert_in_range(one.verdict->void_lookups, 0, 3);
        assert_in_range(ledger_count(one.ledger), 1, 400);
        spf_case_close(&one);
        arena_close(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_lookups_are_allowed_and_eleven_are_not),
        cmocka_unit_test(included_terms_count_too),
        cmocka_unit_test(loops_end_at_the_limit),
        cmocka_unit_test(two_void_lookups_are_allowed_and_three_are_not),
        cmocka_unit_test(ten_mx_hosts_are_looked_at_and_an_eleventh_is_not),
        cmocka_unit_test(names_after_the_tenth_are_ignored),
        cmocka_unit_test(addresses_of_one_name_have_no_limit),
        cmocka_unit_test(a_tree_of_depth_three_takes_five_rounds),
        cmocka_unit_test(asking_ahead_stays_within_the_limit),
        cmocka_unit_test(nothing_is_asked_behind_a_match),
        cmocka_unit_test(terms_behind_all_are_never_asked),
        cmocka_unit_test(mutated_records_never_break_the_evaluation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
