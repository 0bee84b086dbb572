/* Identity, record selection, flow, include, redirect, exp: RFC 7208, 2, 4, 5.1, 5.2, 6. */
#include "spf_case.h"

#define INSIDE  "192.0.2.1" /* what the records of these worlds allow */
#define OUTSIDE "198.51.100.7"

static void every_qualifier_gives_its_result(void **state)
{
    static const struct spf_row rows[] = {
        {"example.com TXT \"v=spf1 +ip4:192.0.2.0/24\"", INSIDE, SPF_PASS,
         "+ip4:192.0.2.0/24 in the record of example.com matches 192.0.2.1"},
        {"example.com TXT \"v=spf1 ip4:192.0.2.1 -all\"", INSIDE, SPF_PASS, "ip4:192.0.2.1"},
        {"example.com TXT \"v=spf1 -ip4:192.0.2.1 +all\"", INSIDE, SPF_FAIL, "-ip4:192.0.2.1"},
        {"example.com TXT \"v=spf1 ~ip4:192.0.2.1 +all\"", INSIDE, SPF_SOFTFAIL, "~ip4"},
        {"example.com TXT \"v=spf1 ?ip4:192.0.2.1 +all\"", INSIDE, SPF_NEUTRAL, "?ip4"},
        {"example.com TXT \"v=spf1 ip4:192.0.2.1 -all\"", OUTSIDE, SPF_FAIL,
         "-all in the record of example.com: no term before it matches 198.51.100.7"},
        {"example.com TXT \"v=spf1 ip4:192.0.2.1\"", OUTSIDE, SPF_NEUTRAL,
         "no term in the record of example.com matches 198.51.100.7"},
        {"example.com TXT \"v=spf1\"", OUTSIDE, SPF_NEUTRAL, "no term"},
        {"example.com TXT \"v=spf1 all -all\"", OUTSIDE, SPF_PASS, "all in the record"},
        {"example.com TXT \"V=SPF1 ALL\"", OUTSIDE, SPF_PASS, "ALL in the record"},
    };

    (void)state;
    spf_rows_expect(rows, COUNT_OF(rows));
}

static void the_record_is_selected_among_txt_records(void **state)
{
    static const struct spf_row rows[] = {
        {"example.org A 192.0.2.1", INSIDE, SPF_NONE, "example.com does not exist"},
        {"example.com A 192.0.2.1", INSIDE, SPF_NONE, "example.com has no SPF record"},
        {"example.com TXT \"v=spf10 -all\"", INSIDE, SPF_NONE, "has no SPF record"},
        {"example.com TXT \"v=spf1\" \"ip4:192.0.2.1\"", INSIDE, SPF_NONE, "has no SPF record"},
        {"example.com TXT \"v=spf1 ip4:\" \"192.0.2.1 -all\"", INSIDE, SPF_PASS, "ip4"},
        {"example.com TXT \"\"\nexample.com TXT \"other\"\nexample.com TXT \"v=spf1 -all\"",
         INSIDE, SPF_FAIL, "-all"},
        {"example.com TXT \"v=spf1 -all\"\nexample.com TXT \"v=spf1 +all\"", INSIDE,
         SPF_PERMERROR, "example.com has 2 SPF records"},
        {"example.com TXT \"v=spf1 -all\"\nexample.com TXT \"V=sPf1 +all\"", INSIDE,
         SPF_PERMERROR, "2 SPF records"},
        {"example.com CNAME real.example.net\nreal.example.net TXT \"v=spf1 +all\"", INSIDE,
         SPF_PASS, "all in the record of example.com"},
        {"example.com TXT \"v=spf1 -all  \"", INSIDE, SPF_FAIL, "-all"},
    };

    (void)state;
    spf_rows_expect(rows, COUNT_OF(rows));
}

static void trouble_with_the_record_is_temperror(void **state)
{
    static const struct spf_row rows[] = {
        {"example.com TXT !SERVFAIL", INSIDE, SPF_TEMPERROR, "TXT example.com: SERVFAIL"},
        {"example.com TXT !TIMEOUT", INSIDE, SPF_TEMPERROR, "TXT example.com: TIMEOUT"},
        {"example.com TXT !BOGUS", INSIDE, SPF_TEMPERROR, "TXT example.com: BOGUS"},
        {"example.com TXT !MALFORMED", INSIDE, SPF_TEMPERROR, "TXT example.com: MALFORMED"},
        {"example.com TXT !UNKNOWN", INSIDE, SPF_TEMPERROR, "TXT example.com: UNKNOWN"},
        {"example.com TXT !BUDGET", INSIDE, SPF_TEMPERROR, "TXT example.com: BUDGET"},
    };

    (void)state;
    spf_rows_expect(rows, COUNT_OF(rows));
}

static void a_syntax_error_anywhere_is_permerror_first(void **state)
{
    static const struct spf_row rows[] = {
        {"example.com TXT \"v=spf1 ip4:192.0.2.1 -all moo\"", INSIDE, SPF_PERMERROR,
         "record of example.com: unknown mechanism \"moo\""},
        {"example.com TXT \"v=spf1 include:x.example ipv4:192.0.2.1\"", INSIDE, SPF_PERMERROR,
         "did you mean ip4?"},
        {"example.com TXT \"v=spf1 a:\\239\\187\\191x.example -all\"", INSIDE, SPF_PERMERROR,
         "byte order mark"},
        {"example.com TXT \"v=spf1 redirect=a.test redirect=b.test\"", INSIDE, SPF_PERMERROR,
         "redirect= appears twice"},
    };
    struct spf_case one = spf_case_from("example.com TXT \"v=spf1 ip4:192.0.2.1 -all moo\"",
                                        INSIDE, "u@example.com");

    (void)state;
    assert_string_equal(one.verdict->term, "moo");
    assert_int_equal(one.verdict->term_at, 26);
    assert_int_equal(one.verdict->lookups, 0);
    assert_int_equal(ledger_count(one.ledger), 1);
    spf_case_close(&one);
    spf_rows_expect(rows, COUNT_OF(rows));
}

static void what_is_no_domain_has_no_policy(void **state)
{
    static const struct {
        const char *mail_from;
        const char *domain;
    } rows[] = {
        {"user@[192.0.2.1]", "[192.0.2.1]"},
        {"user@localhost", "localhost"},
        {"user@a..example.com", "a..example.com"},
        {"user@", ""},
        {"user@a12345678901234567890123456789012345678901234567890123456789012345.example.com",
         "a12345678901234567890123456789012345678901234567890123456789012345.example.com"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct spf_case one =
            spf_case_from("example.com TXT \"v=spf1 -all\"", INSIDE, rows[i].mail_from);

        assert_int_equal(one.verdict->result, SPF_NONE);
        assert_string_equal(one.verdict->domain, rows[i].domain);
        assert_int_equal(ledger_count(one.ledger), 0);
        assert_true(one.verdict->reason[0] != '\0');
        spf_case_close(&one);
    }
}

static void the_null_path_stands_for_postmaster_at_helo(void **state)
{
    static const char world[] = "mail.example.org TXT \"v=spf1 exists:%{l}.%{o}.test -all\"\n"
                                "postmaster.mail.example.org.test A 127.0.0.2";
    struct spf_case one = spf_case_from(world, OUTSIDE, "");
    struct spf_case two = spf_case_helo(world, OUTSIDE, "mail.example.org");
    struct spf_case three = spf_case_from(world, OUTSIDE, "mail.example.org");
    struct spf_case four = spf_case_from(world, OUTSIDE, "@mail.example.org");

    (void)state;
    assert_int_equal(one.verdict->result, SPF_PASS);
    assert_string_equal(one.verdict->domain, "mail.example.org");
    assert_int_equal(one.verdict->identity, AUTH_SPF_MAILFROM);
    assert_int_equal(two.verdict->result, SPF_PASS);
    assert_int_equal(two.verdict->identity, AUTH_SPF_HELO);
    assert_int_equal(three.verdict->result, SPF_PASS);
    assert_int_equal(four.verdict->result, SPF_PASS);
    spf_case_close(&one);
    spf_case_close(&two);
    spf_case_close(&three);
    spf_case_close(&four);
}

static void an_identity_that_is_not_known_is_none(void **state)
{
    struct spf_case one = spf_case_helo("", INSIDE, NULL);
    struct spf_case two = spf_case_from("", INSIDE, NULL);
    struct arena *arena = arena_open();
    struct auth_spf_input no_client = {.mail_from = "user@example.com"};

    (void)state;
    assert_int_equal(one.verdict->result, SPF_NONE);
    assert_string_equal(one.verdict->reason, "the HELO name is not known");
    assert_int_equal(two.verdict->result, SPF_NONE);
    assert_string_equal(two.verdict->reason, "the MAIL FROM address is not known");
    assert_int_equal(auth_spf_check(arena, ledger_open(arena), &no_client)->result, SPF_NONE);
    arena_close(arena);
    spf_case_close(&one);
    spf_case_close(&two);
}

static void the_last_at_sign_parts_the_address(void **state)
{
    struct spf_case one = spf_case_from("example.com TXT \"v=spf1 -all\"", INSIDE,
                                        "\"odd@example.net\"@example.com");

    (void)state;
    assert_string_equal(one.verdict->domain, "example.com");
    assert_int_equal(one.verdict->result, SPF_FAIL);
    spf_case_close(&one);
}

static void international_domains_are_asked_as_a_labels(void **state)
{
    static const char world[] = "xn--bcher-kva.example TXT \"v=spf1 exists:%{o}.test -all\"\n"
                                "xn--bcher-kva.example.test A 127.0.0.2";
    struct spf_case one = spf_case_from(world, INSIDE,
                                        "user@b\xc3\xbc"
                                        "cher.example");

    (void)state;
    assert_int_equal(one.verdict->result, SPF_PASS);
    assert_string_equal(one.verdict->domain, "xn--bcher-kva.example");
    spf_case_close(&one);
}

/* the table of RFC 7208, 5.2 */
static void include_matches_only_when_it_passes(void **state)
{
    static const struct spf_row rows[] = {
        {"example.com TXT \"v=spf1 include:i.example ~all\"\n"
         "i.example TXT \"v=spf1 ip4:192.0.2.1 -all\"",
         INSIDE, SPF_PASS, "ip4:192.0.2.1 in the record of i.example matches 192.0.2.1"},
        {"example.com TXT \"v=spf1 include:i.example ~all\"\n"
         "i.example TXT \"v=spf1 -all\"",
         INSIDE, SPF_SOFTFAIL, "~all in the record of example.com"},
        {"example.com TXT \"v=spf1 include:i.example -all\"\n"
         "i.example TXT \"v=spf1 ~all\"",
         INSIDE, SPF_FAIL, "-all in the record of example.com"},
        {"example.com TXT \"v=spf1 include:i.example -all\"\n"
         "i.example TXT \"v=spf1 ?all\"",
         INSIDE, SPF_FAIL, "-all in the record of example.com"},
        {"example.com TXT \"v=spf1 include:i.example -all\"\n"
         "i.example TXT \"v=spf1\"",
         INSIDE, SPF_FAIL, "-all in the record of example.com"},
        {"example.com TXT \"v=spf1 include:i.example +all\"\ni.example TXT !SERVFAIL", INSIDE,
         SPF_TEMPERROR, "TXT i.example: SERVFAIL"},
        {"example.com TXT \"v=spf1 include:i.example +all\"\ni.example TXT \"v=spf1 moo\"",
         INSIDE, SPF_PERMERROR, "record of i.example: unknown mechanism"},
        {"example.com TXT \"v=spf1 include:i.example +all\"\ni.example TXT \"other\"", INSIDE,
         SPF_PERMERROR,
         "include:i.example in the record of example.com: i.example has no SPF record"},
        {"example.com TXT \"v=spf1 include:i.example +all\"", INSIDE, SPF_PERMERROR,
         "i.example does not exist"},
        {"example.com TXT \"v=spf1 include:a..example +all\"", INSIDE, SPF_PERMERROR,
         "is not a domain name"},
        {"example.com TXT \"v=spf1 -include:i.example +all\"\ni.example TXT \"v=spf1 +all\"",
         INSIDE, SPF_FAIL, "-include:i.example in the record of example.com matches"},
        {"example.com TXT \"v=spf1 ?include:i.example -all\"\ni.example TXT \"v=spf1 +all\"",
         INSIDE, SPF_NEUTRAL, "?include:i.example in the record of example.com matches"},
    };

    (void)state;
    spf_rows_expect(rows, COUNT_OF(rows));
}

static void redirect_comes_last_and_not_with_all(void **state)
{
    static const struct spf_row rows[] = {
        {"example.com TXT \"v=spf1 redirect=r.example ip4:192.0.2.1\"\n"
         "r.example TXT \"v=spf1 -all\"",
         INSIDE, SPF_PASS, "ip4:192.0.2.1"},
        {"example.com TXT \"v=spf1 redirect=r.example ip4:192.0.2.1\"\n"
         "r.example TXT \"v=spf1 -all\"",
         OUTSIDE, SPF_FAIL, "-all in the record of r.example"},
        {"example.com TXT \"v=spf1 redirect=r.example ~all\"", INSIDE, SPF_SOFTFAIL, "~all"},
        {"example.com TXT \"v=spf1 redirect=r.example\"", INSIDE, SPF_PERMERROR,
         "redirect=r.example in the record of example.com: r.example does not exist"},
        {"example.com TXT \"v=spf1 redirect=r.example\"\nr.example TXT \"hello\"", INSIDE,
         SPF_PERMERROR, "has no SPF record"},
        {"example.com TXT \"v=spf1 redirect=r.example\"\nr.example TXT !TIMEOUT", INSIDE,
         SPF_TEMPERROR, "TXT r.example: TIMEOUT"},
        {"example.com TXT \"v=spf1 redirect=r.example\"\nr.example TXT \"v=spf1 a -all\"\n"
         "example.com A 192.0.2.99\nr.example A 192.0.2.1",
         INSIDE, SPF_PASS, "a in the record of r.example matches"},
        {"example.com TXT \"v=spf1 include:i.example -all\"\n"
         "i.example TXT \"v=spf1 redirect=r.example\"\nr.example TXT \"v=spf1 +all\"",
         INSIDE, SPF_PASS, "+all in the record of r.example"},
    };

    (void)state;
    spf_rows_expect(rows, COUNT_OF(rows));
}

static void unknown_modifiers_change_nothing(void **state)
{
    static const struct spf_row rows[] = {
        {"example.com TXT \"v=spf1 default=pass\"", INSIDE, SPF_NEUTRAL, "no term"},
        {"example.com TXT \"v=spf1 ra=postmaster moo.x-y_z=a:b/c ip4:192.0.2.1 -all\"", INSIDE,
         SPF_PASS, "ip4"},
    };

    (void)state;
    spf_rows_expect(rows, COUNT_OF(rows));
}

static void the_verdict_says_which_term_of_which_record(void **state)
{
    static const char world[] =
        "example.com TXT \"v=spf1 ip4:203.0.113.1 redirect=r.example\"\n"
        "r.example TXT \"v=spf1 include:i.example -all\"\n"
        "i.example TXT \"v=spf1 a:none.example ip4:192.0.2.0/24\"";
    struct spf_case one = spf_case_from(world, INSIDE, "user@example.com");
    const struct auth_spf_verdict *verdict = one.verdict;

    (void)state;
    assert_int_equal(verdict->result, SPF_PASS);
    assert_string_equal(verdict->term, "ip4:192.0.2.0/24");
    assert_int_equal(verdict->term_at, 22);
    assert_string_equal(verdict->record_domain, "i.example");
    assert_int_equal(verdict->path_len, 3);
    assert_string_equal(verdict->path[0], "example.com");
    assert_string_equal(verdict->path[1], "r.example");
    assert_string_equal(verdict->path[2], "i.example");
    assert_int_equal(verdict->lookups, 3);
    assert_int_equal(verdict->void_lookups, 1);
    assert_int_equal(verdict->trouble, DNS_OK);
    assert_null(verdict->explanation);
    spf_case_close(&one);
}

static void a_temperror_names_its_question(void **state)
{
    static const char world[] = "example.com TXT \"v=spf1 include:i.example +all\"\n"
                                "i.example TXT \"v=spf1 a:slow.example\"\n"
                                "slow.example A !TIMEOUT";
    struct spf_case one = spf_case_from(world, INSIDE, "user@example.com");

    (void)state;
    assert_int_equal(one.verdict->result, SPF_TEMPERROR);
    assert_int_equal(one.verdict->trouble, DNS_TIMEOUT);
    assert_string_equal(one.verdict->trouble_name->text, "slow.example");
    assert_int_equal(one.verdict->trouble_type, DNS_A);
    assert_string_equal(one.verdict->term, "a:slow.example");
    assert_string_equal(one.verdict->record_domain, "i.example");
    assert_int_equal(one.verdict->path_len, 2);
    spf_case_close(&one);
}

static void expect_explanation(const char *world, const char *explanation)
{
    struct spf_case one = spf_case_from(world, INSIDE, "user@example.com");

    assert_int_equal(one.verdict->result, SPF_FAIL);
    if (explanation == NULL)
        assert_null(one.verdict->explanation);
    else
        assert_string_equal(one.verdict->explanation, explanation);
    spf_case_close(&one);
}

static void a_failure_is_explained_by_its_own_record(void **state)
{
    (void)state;
    expect_explanation("example.com TXT \"v=spf1 -all\"", NULL);
    expect_explanation("example.com TXT \"v=spf1 exp=e.example -all\"\n"
                       "e.example TXT \"%{i} is not \" \"one of %{d}'s.\"",
                       "192.0.2.1 is not one of example.com's.");
    expect_explanation("example.com TXT \"v=spf1 exp=e.example redirect=r.example\"\n"
                       "e.example TXT \"wrong\"\nr.example TXT \"v=spf1 -all\"",
                       NULL);
    expect_explanation("example.com TXT \"v=spf1 exp=e.example redirect=r.example\"\n"
                       "e.example TXT \"wrong\"\nf.example TXT \"right\"\n"
                       "r.example TXT \"v=spf1 -all exp=f.example\"",
                       "right");
    expect_explanation("example.com TXT \"v=spf1 include:i.example -all exp=e.example\"\n"
                       "e.example TXT \"right\"\nf.example TXT \"wrong\"\n"
                       "i.example TXT \"v=spf1 -all exp=f.example\"",
                       "right");
    expect_explanation("example.com TXT \"v=spf1 -include:i.example exp=e.example\"\n"
                       "e.example TXT \"right\"\nf.example TXT \"wrong\"\n"
                       "i.example TXT \"v=spf1 +all exp=f.example\"",
                       "right");
}

static void an_explanation_that_cannot_be_used_is_left_out(void **state)
{
    (void)state;
    expect_explanation("example.com TXT \"v=spf1 exp=e.example -all\"", NULL);
    expect_explanation("example.com TXT \"v=spf1 exp=e.example -all\"\ne.example TXT !SERVFAIL",
                       NULL);
    expect_explanation("example.com TXT \"v=spf1 exp=e.example -all\"\ne.example TXT !UNKNOWN",
                       NULL);
    expect_explanation("example.com TXT \"v=spf1 exp=e.example -all\"\n"
                       "e.example TXT \"one\"\ne.example TXT \"two\"",
                       NULL);
    expect_explanation("example.com TXT \"v=spf1 exp=e.example -all\"\n"
                       "e.example TXT \"The %{x}-files\"",
                       NULL);
    expect_explanation("example.com TXT \"v=spf1 exp=e.example -all\"\n"
                       "e.example TXT \"100% wrong\"",
                       NULL);
    expect_explanation("example.com TXT \"v=spf1 exp=e.example -all\"\n"
                       "e.example TXT \"caf\\195\\169\"",
                       NULL);
    expect_explanation("example.com TXT \"v=spf1 exp=e.example -all\"\n"
                       "e.example TXT \"two\\010lines\"",
                       NULL);
    expect_explanation("example.com TXT \"v=spf1 exp=a..example -all\"", NULL);
    expect_explanation("example.com TXT \"v=spf1 exp=%{p}.example -all\"\n"
                       "1.2.0.192.in-addr.arpa PTR !UNKNOWN\nunknown.example TXT \"hi\"",
                       "hi");
}

static void only_a_failure_is_explained(void **state)
{
    struct spf_case one = spf_case_from("example.com TXT \"v=spf1 exp=e.example ~all\"\n"
                                        "e.example TXT \"no\"",
                                        INSIDE, "user@example.com");

    (void)state;
    assert_int_equal(one.verdict->result, SPF_SOFTFAIL);
    assert_null(one.verdict->explanation);
    spf_case_close(&one);
}

static void select_counts_records(void **state)
{
    struct spf_case one = spf_case_from("example.com TXT \"v=spf1 -all\"\n"
                                        "example.com TXT \"x\"\nexample.com TXT \"v=spf1\"",
                                        INSIDE, "user@example.com");
    const struct dns_rr *record = NULL;
    const struct dns_answer *answer = ledger_get(one.ledger, 0);

    (void)state;
    assert_int_equal(auth_spf_select(answer, &record), 2);
    assert_true(span_equal_text(record->joined, "v=spf1 -all"));
    spf_case_close(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_qualifier_gives_its_result),
        cmocka_unit_test(the_record_is_selected_among_txt_records),
        cmocka_unit_test(trouble_with_the_record_is_temperror),
        cmocka_unit_test(a_syntax_error_anywhere_is_permerror_first),
        cmocka_unit_test(what_is_no_domain_has_no_policy),
        cmocka_unit_test(the_null_path_stands_for_postmaster_at_helo),
        cmocka_unit_test(an_identity_that_is_not_known_is_none),
        cmocka_unit_test(the_last_at_sign_parts_the_address),
        cmocka_unit_test(international_domains_are_asked_as_a_labels),
        cmocka_unit_test(include_matches_only_when_it_passes),
        cmocka_unit_test(redirect_comes_last_and_not_with_all),
        cmocka_unit_test(unknown_modifiers_change_nothing),
        cmocka_unit_test(the_verdict_says_which_term_of_which_record),
        cmocka_unit_test(a_temperror_names_its_question),
        cmocka_unit_test(a_failure_is_explained_by_its_own_record),
        cmocka_unit_test(an_explanation_that_cannot_be_used_is_left_out),
        cmocka_unit_test(only_a_failure_is_explained),
        cmocka_unit_test(select_counts_records),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
