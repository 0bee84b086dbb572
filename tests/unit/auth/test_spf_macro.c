/* Macro expansion: RFC 7208, 7. Explanations show what a macro becomes. */
#include "base/limits.h"
#include "base/sbuf.h"
#include "spf_case.h"

#define FROM "strong-bad@email.example.com" /* the sender of RFC 7208, 7.4 */

/* what `text` becomes in an explanation for FROM, out of `ip` */
static void expect_text(const char *ip, const char *text, const char *expanded)
{
    struct arena *arena = arena_open();
    const char *world = arena_printf(arena,
                                     "email.example.com TXT \"v=spf1 exp=e.example -all\"\n"
                                     "e.example TXT \"%s\"\n"
                                     "3.2.0.192.in-addr.arpa PTR host.example.net\n"
                                     "3.2.0.192.in-addr.arpa PTR mx.email.example.com\n"
                                     "host.example.net A 192.0.2.3\n"
                                     "mx.email.example.com A 192.0.2.3\n",
                                     text);
    struct spf_case one = spf_case_run(world, ip,
                                       (struct auth_spf_input){.helo = "Helo.example.org",
                                                               .mail_from = FROM,
                                                               .receiver = "mx.example.net"});

    assert_int_equal(one.verdict->result, SPF_FAIL);
    assert_non_null(one.verdict->explanation);
    assert_string_equal(one.verdict->explanation, expanded);
    spf_case_close(&one);
    arena_close(arena);
}

static void the_examples_of_the_standard_hold(void **state)
{
    static const char *const rows[][2] = {
        {"%{s}", "strong-bad@email.example.com"},
        {"%{o}", "email.example.com"},
        {"%{d}", "email.example.com"},
        {"%{d4}", "email.example.com"},
        {"%{d3}", "email.example.com"},
        {"%{d2}", "example.com"},
        {"%{d1}", "com"},
        {"%{dr}", "com.example.email"},
        {"%{d2r}", "example.email"},
        {"%{l}", "strong-bad"},
        {"%{l-}", "strong.bad"},
        {"%{lr}", "strong-bad"},
        {"%{lr-}", "bad.strong"},
        {"%{l1r-}", "strong"},
        {"%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"},
        {"%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"},
        {"%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", "bad.strong.lp.3.2.0.192.in-addr._spf.example.com"},
        {"%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}", "3.2.0.192.in-addr.strong.lp._spf.example.com"},
        {"%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        expect_text("192.0.2.3", rows[i][0], rows[i][1]);
}

static void letters_escapes_and_delimiters_expand(void **state)
{
    static const char *const rows[][2] = {
        {"%{i} %{c} %{v}", "192.0.2.3 192.0.2.3 in-addr"},
        {"%{h}", "Helo.example.org"},
        {"%{r} at %{t}", "mx.example.net at 1700000000"},
        {"%{p}", "mx.email.example.com"},
        {"50%% off%_now%-ok", "50% off now%20ok"},
        {"%{S}", "strong-bad%40email.example.com"},
        {"%{L-}", "strong.bad"},
        {"%{o.-}", "email.example.com"},
        {"%{or+-.}", "com.example.email"},
        {"%{d127}", "email.example.com"},
        {"%{d99999999999999999999999}", "email.example.com"},
        {"%{D2R}", "example.email"},
        {"%{h1r.}", "Helo"},
        {"", ""},
        {"trailing dot stays.", "trailing dot stays."},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        expect_text("192.0.2.3", rows[i][0], rows[i][1]);
}

static void an_ipv6_client_is_nibbles_or_text(void **state)
{
    (void)state;
    expect_text("2001:db8::cb01", "%{i} %{v}",
                "2.0.0.1.0.D.B.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.C.B.0.1 ip6");
    expect_text("2001:db8::cb01", "%{ir}",
                "1.0.B.C.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.B.D.0.1.0.0.2");
    expect_text("2001:db8::cb01", "%{c}", "2001:db8::cb01");
    expect_text("2001:db8::cb01", "%{p}", "unknown");
}

static void a_mapped_client_is_ipv4(void **state)
{
    (void)state;
    expect_text("::ffff:192.0.2.3", "%{c} %{i} %{v}", "192.0.2.3 192.0.2.3 in-addr");
}

static void url_escaping_spares_the_unreserved(void **state)
{
    struct spf_case one = spf_case_from("example.com TXT \"v=spf1 exp=e.example -all\"\n"
                                        "e.example TXT \"%{L}\"",
                                        "192.0.2.3", "~a&b=c-d_e.f!*'(/@example.com");

    (void)state;
    assert_string_equal(one.verdict->explanation, "~a%26b%3Dc-d_e.f%21%2A%27%28%2F");
    spf_case_close(&one);
}

static void what_is_not_known_is_the_word_unknown(void **state)
{
    struct spf_case one =
        spf_case_run("example.com TXT \"v=spf1 exp=e.example -all\"\n"
                     "e.example TXT \"%{h} %{r} %{p}\"",
                     "192.0.2.3", (struct auth_spf_input){.mail_from = "user@example.com"});

    (void)state;
    assert_string_equal(one.verdict->explanation, "unknown unknown unknown");
    spf_case_close(&one);
}

static void names_of_terms_are_expanded(void **state)
{
    static const struct spf_row rows[] = {
        {"example.com TXT \"v=spf1 exists:%{ir}.%{l}.list.test -all\"\n"
         "3.2.0.192.user.list.test A 127.0.0.2",
         "192.0.2.3", SPF_PASS, "exists:%{ir}.%{l}.list.test"},
        {"example.com TXT \"v=spf1 include:%{v}._spf.%{d} -all\"\n"
         "in-addr._spf.example.com TXT \"v=spf1 +all\"",
         "192.0.2.3", SPF_PASS, "+all in the record of in-addr._spf.example.com"},
        {"example.com TXT \"v=spf1 redirect=_spf.%{d}\"\n"
         "_spf.example.com TXT \"v=spf1 a:%{d}.test -all\"\n"
         "_spf.example.com.test A 192.0.2.3",
         "192.0.2.3", SPF_PASS, "a:%{d}.test in the record of _spf.example.com"},
        {"example.com TXT \"v=spf1 a:x%%y%_z.test -all\"\nx%y\\032z.test A 192.0.2.3",
         "192.0.2.3", SPF_PASS, "a:x%%y%_z.test"},
        {"example.com TXT \"v=spf1 a:%{h} -all\"\nmail.example.org A 192.0.2.3", "192.0.2.3",
         SPF_PASS, "a:%{h}"},
        {"example.com TXT \"v=spf1 exists:%{p}.ok.test -all\"\n"
         "3.2.0.192.in-addr.arpa PTR liar.example.net\n"
         "3.2.0.192.in-addr.arpa PTR any.example.net\n"
         "liar.example.net A 192.0.2.99\nany.example.net A 192.0.2.3\n"
         "any.example.net.ok.test A 127.0.0.2",
         "192.0.2.3", SPF_PASS, "exists:%{p}.ok.test"},
        {"example.com TXT \"v=spf1 exists:%{p}.ok.test -all\"\n"
         "3.2.0.192.in-addr.arpa PTR !SERVFAIL\nunknown.ok.test A 127.0.0.2",
         "192.0.2.3", SPF_PASS, "exists:%{p}.ok.test"},
        {"example.com TXT \"v=spf1 exists:%{p}.ok.test +all\"\n"
         "3.2.0.192.in-addr.arpa PTR !UNKNOWN",
         "192.0.2.3", SPF_TEMPERROR, "PTR 3.2.0.192.in-addr.arpa: UNKNOWN"},
    };

    (void)state;
    spf_rows_expect(rows, COUNT_OF(rows));
}

static void the_best_client_name_is_taken(void **state)
{
    static const char ptrs[] = "3.2.0.192.in-addr.arpa PTR any.example.net\n"
                               "3.2.0.192.in-addr.arpa PTR sub.example.com\n"
                               "3.2.0.192.in-addr.arpa PTR example.com\n"
                               "any.example.net A 192.0.2.3\nsub.example.com A 192.0.2.3\n"
                               "example.com TXT \"v=spf1 exp=e.example -all\"\n"
                               "e.example TXT \"%{p}\"\n";
    struct arena *arena = arena_open();
    struct spf_case exact =
        spf_case_from(arena_printf(arena, "%sexample.com A 192.0.2.3", ptrs), "192.0.2.3",
                      "user@example.com");
    struct spf_case below =
        spf_case_from(arena_printf(arena, "%sexample.com A 192.0.2.9", ptrs), "192.0.2.3",
                      "user@example.com");

    (void)state;
    assert_string_equal(exact.verdict->explanation, "example.com");
    assert_string_equal(below.verdict->explanation, "sub.example.com");
    spf_case_close(&exact);
    spf_case_close(&below);
    arena_close(arena);
}

static void a_name_that_cannot_be_does_not_match(void **state)
{
    static const struct spf_row rows[] = {
        {"example.com TXT \"v=spf1 a:mail..example.com -all\"", "192.0.2.3", SPF_FAIL, "-all"},
        {"example.com TXT \"v=spf1 exists:.example.com -all\"", "192.0.2.3", SPF_FAIL, "-all"},
        {"example.com TXT \"v=spf1 mx:"
         "a12345678901234567890123456789012345678901234567890123456789012345.example.com "
         "~all\"",
         "192.0.2.3", SPF_SOFTFAIL, "~all"},
        {"example.com TXT \"v=spf1 ptr:a..example.com ?all\"", "192.0.2.3", SPF_NEUTRAL,
         "?all"},
        {"example.com TXT \"v=spf1 redirect=a..example.com\"", "192.0.2.3", SPF_PERMERROR,
         "is not a domain name"},
    };

    (void)state;
    spf_rows_expect(rows, COUNT_OF(rows));
}

static void a_local_part_beyond_ascii_matches_nothing(void **state)
{
    struct spf_case one = spf_case_from("example.com TXT \"v=spf1 exists:%{l}.test -all\"\n"
                                        "\\195\\188ser.test A 127.0.0.2",
                                        "192.0.2.3", "\xc3\xbcser@example.com");

    (void)state;
    assert_int_equal(one.verdict->result, SPF_FAIL);
    assert_int_equal(ledger_count(one.ledger), 1);
    spf_case_close(&one);
}

/* what fits has 239 octets; with the local-part before it the name would have 294 */
static void a_long_name_loses_labels_from_the_left(void **state)
{
    static const char label[] = "abcdefghijklmno";
    struct arena *arena = arena_open();
    struct sbuf name = sbuf_start(arena);
    struct spf_case one;

    (void)state;
    for (int i = 0; i < 14; i++)
        sbuf_addf(&name, "%s.", label);
    sbuf_add(&name, "abc.example.com");
    one = spf_case_from(arena_printf(arena,
                                     "example.com TXT \"v=spf1 exists:\" \"%%{l}.\" "
                                     "\"%s\" \" -all\"\n%s A 127.0.0.2",
                                     sbuf_text(&name), sbuf_text(&name)),
                        "192.0.2.3",
                        "this-is-a-local-part.of-many-octets.that-does-not-fit@example.com");
    assert_int_equal(one.verdict->result, SPF_PASS);
    assert_string_equal(ledger_get(one.ledger, 1)->question.name->text, sbuf_text(&name));
    spf_case_close(&one);
    arena_close(arena);
}

static void ten_thousand_macros_are_still_one_name(void **state)
{
    struct arena *arena = arena_open();
    struct sbuf world = sbuf_start(arena);
    struct spf_case one;

    (void)state;
    sbuf_add(&world, "example.com TXT \"v=spf1 exists:\"");
    for (int i = 0; i < 200; i++) {
        sbuf_add(&world, " \"");
        for (int j = 0; j < 50; j++)
            sbuf_add(&world, "%{S}.");
        sbuf_add(&world, "\"");
    }
    sbuf_add(&world, " \"tail.test -all\"");
    one = spf_case_from(sbuf_text(&world), "192.0.2.3", "user@example.com");
    assert_int_equal(one.verdict->result, SPF_FAIL);
    assert_true(ledger_get(one.ledger, 1)->question.name->len <= DNS_NAME_MAX);
    assert_true(span_ends_with_nocase(span_of(ledger_get(one.ledger, 1)->question.name->text),
                                      ".tail.test"));
    spf_case_close(&one);
    arena_close(arena);
}

/* bound: LIMIT_SPF_EXPLANATION_BYTES past */
static void explanations_are_bounded(void **state)
{
    struct arena *arena = arena_open();
    struct sbuf world = sbuf_start(arena);
    struct spf_case one;

    (void)state;
    sbuf_add(&world, "example.com TXT \"v=spf1 exp=e.example -all\"\ne.example TXT");
    for (int i = 0; i < 30; i++) {
        sbuf_add(&world, " \"");
        for (int j = 0; j < 50; j++)
            sbuf_add(&world, "%{o}.");
        sbuf_add(&world, "\"");
    }
    one = spf_case_from(sbuf_text(&world), "192.0.2.3", "user@example.com");
    assert_int_equal(strlen(one.verdict->explanation), LIMIT_SPF_EXPLANATION_BYTES);
    spf_case_close(&one);
    arena_close(arena);
}

/* bound: LIMIT_SPF_IDENTITY_BYTES both */
static void a_monstrous_local_part_is_refused(void **state)
{
    char from[LIMIT_SPF_IDENTITY_BYTES + 20];

    (void)state;
    for (size_t len = LIMIT_SPF_IDENTITY_BYTES; len < LIMIT_SPF_IDENTITY_BYTES + 2; len++) {
        struct spf_case one;

        memset(from, 'a', len);
        memcpy(from + len, "@example.com", sizeof("@example.com"));
        one = spf_case_from("example.com TXT \"v=spf1 +all\"", "192.0.2.3", from);
        if (len == LIMIT_SPF_IDENTITY_BYTES)
            assert_int_equal(one.verdict->result, SPF_PASS);
        else
            assert_string_equal(one.verdict->reason,
                                "the local-part is longer than any server accepts");
        spf_case_close(&one);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_examples_of_the_standard_hold),
        cmocka_unit_test(letters_escapes_and_delimiters_expand),
        cmocka_unit_test(an_ipv6_client_is_nibbles_or_text),
        cmocka_unit_test(a_mapped_client_is_ipv4),
        cmocka_unit_test(url_escaping_spares_the_unreserved),
        cmocka_unit_test(what_is_not_known_is_the_word_unknown),
        cmocka_unit_test(names_of_terms_are_expanded),
        cmocka_unit_test(the_best_client_name_is_taken),
        cmocka_unit_test(a_name_that_cannot_be_does_not_match),
        cmocka_unit_test(a_local_part_beyond_ascii_matches_nothing),
        cmocka_unit_test(a_long_name_loses_labels_from_the_left),
        cmocka_unit_test(ten_thousand_macros_are_still_one_name),
        cmocka_unit_test(explanations_are_bounded),
        cmocka_unit_test(a_monstrous_local_part_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
