/* libspf2 in its child: ordinary agreement, its known differences, names it misses. */
#include "engine_fixture.h"

#include "base/limits.h"

/* input - an identity of the client 192.0.2.1 */
static struct auth_spf_input input(enum auth_spf_identity identity, const char *ip)
{
    struct auth_spf_input made = {.identity = identity,
                                  .helo = "mail.example.com",
                                  .mail_from = "jane@example.com",
                                  .now = NOW};

    assert_true(ip_parse(span_of(ip), &made.client));
    return made;
}

/* judge_input - the one verdict */
static const struct engine_verdict *judge_input(struct fixture *fixture,
                                                const struct auth_spf_input *made)
{
    struct engine_request request = {.spf = made, .spf_count = 1, .now = NOW};

    judge(fixture, &request);
    assert_int_equal(fixture->count, 1);
    assert_int_equal(fixture->verdicts[0].library, ENGINE_LIBSPF2);
    assert_non_null(fixture->verdicts[0].detail);
    return &fixture->verdicts[0];
}

/* expect - MAIL FROM example.com from `ip` gives `result` */
static void expect(const char *world, const char *ip, const char *result)
{
    struct fixture fixture = fixture_open(world);
    struct auth_spf_input made = input(AUTH_SPF_MAILFROM, ip);
    const struct engine_verdict *verdict = judge_input(&fixture, &made);

    assert_false(verdict->is_lost);
    assert_false(verdict->is_skipped);
    assert_string_equal(verdict->about, "spf.mailfrom");
    assert_string_equal(verdict->result, result);
    arena_close(fixture.arena);
}

static void ordinary_records_get_the_ordinary_words(void **state)
{
    (void)state;
    expect("example.com TXT \"v=spf1 ip4:192.0.2.0/24 -all\"", "192.0.2.1", "pass");
    expect("example.com TXT \"v=spf1 ip4:192.0.2.0/24 -all\"", "198.51.100.1", "fail");
    expect("example.com TXT \"v=spf1 ip4:192.0.2.0/24 ~all\"", "198.51.100.1", "softfail");
    expect("example.com TXT \"v=spf1 ip4:192.0.2.0/24 ?all\"", "198.51.100.1", "neutral");
    expect("example.com TXT \"v=spf1 ip4:192.0.2.0/24\"", "198.51.100.1", "neutral");
    expect("example.com TXT \"v=spf1 ip6:2001:db8::/32 -all\"", "2001:db8::1", "pass");
    expect("example.com TXT \"nothing of ours\"", "192.0.2.1", "none");
    expect("example.com A 192.0.2.1", "192.0.2.1", "none");
    expect("other.example A 192.0.2.1", "192.0.2.1", "none");
}

static void errors_at_the_top_are_mapped_as_receivers_do(void **state)
{
    (void)state;
    expect("example.com TXT \"v=spf1 moo -all\"", "192.0.2.1", "permerror");
    expect("example.com TXT \"v=spf1 -all\"\nexample.com TXT \"v=spf1 +all\"", "192.0.2.1",
           "permerror");
    expect("example.com TXT !SERVFAIL", "192.0.2.1", "temperror");
    expect("example.com TXT !TIMEOUT", "192.0.2.1", "temperror");
    expect("example.com TXT \"v=spf1 a:gone.example.com -all\"\n"
           "gone.example.com A !SERVFAIL",
           "192.0.2.1", "temperror");
}

static void every_mechanism_gets_its_answers(void **state)
{
    (void)state;
    expect("example.com TXT \"v=spf1 a -all\"\nexample.com A 192.0.2.1", "192.0.2.1", "pass");
    expect("example.com TXT \"v=spf1 a -all\"\nexample.com AAAA 2001:db8::7", "2001:db8::7",
           "pass");
    expect("example.com TXT \"v=spf1 mx -all\"\nexample.com MX 10 mx.example.com\n"
           "mx.example.com A 192.0.2.1",
           "192.0.2.1", "pass");
    expect("example.com TXT \"v=spf1 ptr -all\"\n"
           "1.2.0.192.in-addr.arpa PTR mail.example.com\nmail.example.com A 192.0.2.1",
           "192.0.2.1", "pass");
    expect("example.com TXT \"v=spf1 exists:%{ir}.list.example -all\"\n"
           "1.2.0.192.list.example A 127.0.0.2",
           "192.0.2.1", "pass");
    expect("example.com TXT \"v=spf1 redirect=other.example\"\n"
           "other.example TXT \"v=spf1 include:third.example -all\"\n"
           "third.example TXT \"v=spf1 ip4:192.0.2.1 -all\"",
           "192.0.2.1", "pass");
    expect("example.com TXT \"v=spf1 include:alias.example -all\"\n"
           "alias.example CNAME third.example\n"
           "third.example TXT \"v=spf1 ip4:192.0.2.1 -all\"",
           "192.0.2.1", "pass");
}

static void a_split_record_is_joined(void **state)
{
    (void)state;
    expect("example.com TXT \"v=spf1 ip4:192.0\" \".2.1 -all\"", "192.0.2.1", "pass");
}

static void a_record_past_511_compiled_octets_loses_its_end(void **state)
{
    struct fixture fixture = fixture_open("");
    struct sbuf world = sbuf_start(fixture.arena);

    (void)state;
    sbuf_add(&world, "example.com TXT \"v=spf1");
    for (int i = 0; i < 64; i++)
        sbuf_addf(&world, "%s ip4:203.0.113.%d", i % 10 == 9 ? "\" \"" : "", i);
    sbuf_add(&world, "\" \" ip4:192.0.2.1 -all\"");
    expect(sbuf_text(&world), "203.0.113.3", "pass");
    expect(sbuf_text(&world), "192.0.2.1", "neutral");    /* the standard: pass */
    expect(sbuf_text(&world), "198.51.100.1", "neutral"); /* the standard: fail */
    arena_close(fixture.arena);
}

static void a_zero_prefix_is_refused(void **state)
{
    (void)state;
    expect("example.com TXT \"v=spf1 ip4:192.0.2.0/0 -all\"", "198.51.100.1", "permerror");
}

static void the_local_host_passes_without_a_lookup(void **state)
{
    (void)state;
    expect("example.com TXT \"v=spf1 -all\"", "127.0.0.1", "pass");
}

static void helo_is_the_request_without_a_sender(void **state)
{
    struct fixture fixture = fixture_open("mail.example.com TXT \"v=spf1 ip4:192.0.2.1 -all\"\n"
                                          "example.com TXT \"v=spf1 -all\"");
    struct auth_spf_input made = input(AUTH_SPF_HELO, "192.0.2.1");
    const struct engine_verdict *verdict = judge_input(&fixture, &made);

    (void)state;
    assert_string_equal(verdict->about, "spf.helo");
    assert_string_equal(verdict->result, "pass");
    arena_close(fixture.arena);
}

static void the_null_path_uses_postmaster_at_helo(void **state)
{
    struct fixture fixture =
        fixture_open("mail.example.com TXT \"v=spf1 exists:%{l}.who.example -all\"\n"
                     "postmaster.who.example A 127.0.0.2");
    struct auth_spf_input made = input(AUTH_SPF_MAILFROM, "192.0.2.1");

    (void)state;
    made.mail_from = "";
    assert_string_equal(judge_input(&fixture, &made)->result, "pass");
    arena_close(fixture.arena);
}

static void an_unknown_client_is_not_asked_about(void **state)
{
    struct fixture fixture = fixture_open("");
    struct auth_spf_input made = input(AUTH_SPF_MAILFROM, "192.0.2.1");
    const struct engine_verdict *verdict;

    (void)state;
    made.client.family = IP_NONE;
    verdict = judge_input(&fixture, &made);
    assert_true(verdict->is_skipped);
    assert_null(verdict->result);
    assert_string_equal(verdict->detail, "not run: the client address is not known");
    arena_close(fixture.arena);
}

static void missed_names_are_noted_in_the_ledger(void **state)
{
    struct fixture fixture = fixture_open("example.com TXT \"v=spf1 a -all\"\n"
                                          "example.com A 192.0.2.1");
    struct auth_spf_input made = input(AUTH_SPF_MAILFROM, "192.0.2.1");
    struct engine_request request = {.spf = &made, .spf_count = 1, .now = NOW};
    bool is_pending = false;
    size_t count = 0;

    (void)state;
    (void)engine_judge(fixture.engine, fixture.arena, fixture.ledger, &request, &count,
                       &is_pending);
    assert_true(is_pending);
    assert_int_equal(count, 1);
    assert_int_equal(ledger_wanted(fixture.ledger), 1);
    assert_string_equal(ledger_get(fixture.ledger, 0)->question.name->text, "example.com");
    assert_int_equal(ledger_get(fixture.ledger, 0)->question.type, DNS_TXT);
    judge(&fixture, &request);
    assert_int_equal(fixture.passes, 3); /* TXT, A, verdict */
    assert_string_equal(fixture.verdicts[0].result, "pass");
    arena_close(fixture.arena);
}

static void while_others_want_answers_nobody_is_asked(void **state)
{
    struct fixture fixture = fixture_open("example.com TXT \"v=spf1 ip4:192.0.2.1 -all\"");
    struct auth_spf_input made = input(AUTH_SPF_MAILFROM, "192.0.2.1");
    struct engine_request request = {.spf = &made, .spf_count = 1, .now = NOW};
    bool is_pending = false;
    size_t count = 0;

    (void)state;
    (void)ledger_ask(fixture.ledger, dns_name_from_text(fixture.arena, "example.com"), DNS_NS);
    fixture.verdicts = engine_judge(fixture.engine, fixture.arena, fixture.ledger, &request,
                                    &count, &is_pending);
    assert_true(is_pending);
    assert_true(fixture.verdicts[0].is_skipped);
    assert_int_equal(ledger_wanted(fixture.ledger), 1);
    judge(&fixture, &request);
    assert_string_equal(fixture.verdicts[0].result, "pass");
    arena_close(fixture.arena);
}

static void beyond_the_ceiling_of_questions_it_is_not_judged(void **state)
{
    struct fixture fixture = fixture_open("example.com TXT \"v=spf1 a:late.example.com -all\"");
    struct auth_spf_input made = input(AUTH_SPF_MAILFROM, "192.0.2.1");
    struct engine_request request = {.spf = &made, .spf_count = 1, .now = NOW};

    (void)state;
    for (int i = 0; i < LIMIT_QUESTIONS; i++)
        (void)ledger_ask(fixture.ledger,
                         dns_name_from_text(fixture.arena,
                                            arena_printf(fixture.arena, "n%d.example.net", i)),
                         DNS_A);
    ledger_fill(fixture.ledger, fixture.world);
    judge(&fixture, &request);
    assert_int_equal(fixture.passes, 1);
    assert_true(fixture.verdicts[0].is_skipped);
    assert_string_equal(fixture.verdicts[0].detail,
                        "not judged: it needs more DNS answers than one subject may ask for");
    arena_close(fixture.arena);
}

static void both_identities_come_in_order(void **state)
{
    struct fixture fixture = fixture_open("example.com TXT \"v=spf1 -all\"");
    struct auth_spf_input both[2] = {input(AUTH_SPF_MAILFROM, "192.0.2.1"),
                                     input(AUTH_SPF_HELO, "192.0.2.1")};
    struct engine_request request = {.spf = both, .spf_count = 2, .now = NOW};

    (void)state;
    judge(&fixture, &request);
    assert_int_equal(fixture.count, 2);
    assert_string_equal(fixture.verdicts[0].about, "spf.mailfrom");
    assert_string_equal(fixture.verdicts[0].result, "fail");
    assert_string_equal(fixture.verdicts[1].about, "spf.helo");
    assert_string_equal(fixture.verdicts[1].result, "none");
    assert_true(strncmp(fixture.verdicts[0].library_text, "libspf2 1.", 10) == 0);
    arena_close(fixture.arena);
}

static void the_detail_names_the_faulty_term_and_is_fit_to_show(void **state)
{
    struct fixture fixture = fixture_open("example.com TXT \"v=spf1 m\\027oo -all\"");
    struct auth_spf_input made = input(AUTH_SPF_MAILFROM, "192.0.2.1");
    const struct engine_verdict *verdict = judge_input(&fixture, &made);

    (void)state;
    assert_string_equal(verdict->result, "permerror");
    for (const char *at = verdict->detail; *at != '\0'; at++)
        assert_true((unsigned char)*at >= ' ');
    assert_true(strstr(verdict->detail, "oo") != NULL);
    arena_close(fixture.arena);
}

static void a_macro_that_breaks_the_stack_costs_its_own_line_only(void **state)
{
    struct fixture fixture = fixture_open("");
    struct sbuf world = sbuf_start(fixture.arena);
    struct auth_spf_input both[2] = {input(AUTH_SPF_MAILFROM, "192.0.2.1"),
                                     input(AUTH_SPF_HELO, "192.0.2.1")};
    struct engine_request request = {.spf = both, .spf_count = 2, .now = NOW};

    (void)state;
    sbuf_add(&world, "mail.example.com TXT \"v=spf1 ip4:192.0.2.1 -all\"\n"
                     "example.com TXT \"v=spf1 -all exp=exp.example.com\"\n"
                     "exp.example.com TXT ");
    for (int i = 0; i < 127; i++)
        sbuf_addf(&world, "%s%%{d}", i % 50 == 0 ? (i == 0 ? "\"" : "\" \"") : "");
    sbuf_add(&world, "A\"");
    fixture.world = world_source(fixture.arena, sbuf_text(&world));
    judge(&fixture, &request);
    assert_int_equal(fixture.count, 2);
    assert_true(fixture.verdicts[0].is_lost);
    assert_null(fixture.verdicts[0].result);
    assert_true(strstr(fixture.verdicts[0].detail, "libspf2 ended with signal") != NULL);
    assert_string_equal(fixture.verdicts[1].result, "pass");
    arena_close(fixture.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ordinary_records_get_the_ordinary_words),
        cmocka_unit_test(errors_at_the_top_are_mapped_as_receivers_do),
        cmocka_unit_test(every_mechanism_gets_its_answers),
        cmocka_unit_test(a_split_record_is_joined),
        cmocka_unit_test(a_record_past_511_compiled_octets_loses_its_end),
        cmocka_unit_test(a_zero_prefix_is_refused),
        cmocka_unit_test(the_local_host_passes_without_a_lookup),
        cmocka_unit_test(helo_is_the_request_without_a_sender),
        cmocka_unit_test(the_null_path_uses_postmaster_at_helo),
        cmocka_unit_test(an_unknown_client_is_not_asked_about),
        cmocka_unit_test(missed_names_are_noted_in_the_ledger),
        cmocka_unit_test(while_others_want_answers_nobody_is_asked),
        cmocka_unit_test(beyond_the_ceiling_of_questions_it_is_not_judged),
        cmocka_unit_test(both_identities_come_in_order),
        cmocka_unit_test(the_detail_names_the_faulty_term_and_is_fit_to_show),
        cmocka_unit_test(a_macro_that_breaks_the_stack_costs_its_own_line_only),
    };

    if (!library_runs(ENGINE_LIBSPF2))
        return 77;
    return cmocka_run_group_tests(tests, open_engine, close_engine);
}
