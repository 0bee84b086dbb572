/* A child on standby answers one question after the other, and is replaced when it ends. */
#include "engine_fixture.h"
#include "engine_provoke.h"

#include "base/limits.h"
#include "engine/engine_standby.h"

static const char world[] = "example.com TXT \"v=spf1 ip4:192.0.2.0/28 a -all\"\n"
                            "example.com A 192.0.2.25\n"
                            "example.com AAAA 2001:db8::25\n";

/* envelope - from the address */
static struct auth_spf_input envelope(const char *client)
{
    struct auth_spf_input input = {
        .helo = "mail.example.com", .mail_from = "ann@example.com", .now = NOW};

    assert_true(ip_parse(span_of(client), &input.client));
    return input;
}

/* know - the answers that the record needs */
static void know(struct fixture *fixture)
{
    const struct dns_name *name = dns_name_from_text(fixture->arena, "example.com");

    (void)ledger_ask(fixture->ledger, name, DNS_TXT);
    (void)ledger_ask(fixture->ledger, name, DNS_A);
    (void)ledger_ask(fixture->ledger, name, DNS_AAAA);
    ledger_fill(fixture->ledger, fixture->world);
}

static void one_child_has_many_questions(void **state)
{
    struct fixture fixture = fixture_open(world);
    struct engine_standby *standby = engine_standby_open(shared_engine, fixture.arena);
    const struct auth_spf_input inputs[] = {envelope("192.0.2.1"), envelope("192.0.2.25"),
                                            envelope("198.51.100.1"), envelope("2001:db8::25")};
    static const char *const results[] = {"pass", "pass", "fail", "pass"};

    (void)state;
    know(&fixture);
    for (int round = 0; round < 3; round++) {
        const struct engine_verdict *verdicts =
            engine_standby_spf(standby, fixture.ledger, inputs, COUNT_OF(inputs));
        const struct engine_verdict *policy =
            engine_standby_dmarc(standby, "example.com",
                                 "v=DMARC1; p=quarantine; sp=none; adkim=s; "
                                 "rua=mailto:a@example.com,mailto:b@c.test",
                                 NOW);

        assert_non_null(verdicts);
        for (size_t i = 0; i < COUNT_OF(inputs); i++)
            assert_string_equal(verdicts[i].result, results[i]);
        assert_non_null(policy);
        assert_string_equal(
            policy->detail,
            "p=quarantine, sp=none, adkim=strict, aspf=relaxed, 2 addresses in rua");
    }
    engine_standby_close(standby);
    arena_close(fixture.arena);
}

static void what_is_not_known_is_not_answered_and_not_wanted(void **state)
{
    struct fixture fixture = fixture_open(world);
    struct engine_standby *standby = engine_standby_open(shared_engine, fixture.arena);
    const struct auth_spf_input input = envelope("192.0.2.1");
    struct auth_spf_input other = input;

    (void)state;
    know(&fixture);
    other.mail_from = "ann@example.net";
    assert_null(engine_standby_spf(standby, fixture.ledger, &other, 1));
    assert_int_equal(ledger_wanted(fixture.ledger), 0);
    assert_non_null(engine_standby_spf(standby, fixture.ledger, &input, 1));
    engine_standby_close(standby);
    arena_close(fixture.arena);
}

static void a_record_that_is_refused_says_why(void **state)
{
    struct fixture fixture = fixture_open(world);
    struct engine_standby *standby = engine_standby_open(shared_engine, fixture.arena);
    const struct engine_verdict *policy =
        engine_standby_dmarc(standby, "example.com", "v=DMARC1; p=nothing", NOW);

    (void)state;
    assert_non_null(policy);
    assert_string_equal(policy->result, "permerror");
    engine_standby_close(standby);
    arena_close(fixture.arena);
}

/* bound: LIMIT_STANDBY_CHILDREN both */
static void a_child_that_ends_is_replaced_for_a_while(void **state)
{
    struct fixture fixture = fixture_open(world);
    struct engine_standby *standby = engine_standby_open(shared_engine, fixture.arena);
    const struct auth_spf_input input = envelope("192.0.2.1");

    (void)state;
    know(&fixture);
    shared_engine->instead = PROVOKED(CRASH);
    for (int i = 0; i < LIMIT_STANDBY_CHILDREN; i++) {
        const struct engine_verdict *verdict =
            engine_standby_spf(standby, fixture.ledger, &input, 1);

        assert_non_null(verdict);
        assert_true(verdict->is_lost);
        assert_string_equal(verdict->detail, "libspf2 ended with signal 11 on this question");
    }
    shared_engine->instead = ENGINE_KIND_SPF;
    assert_null(engine_standby_spf(standby, fixture.ledger, &input, 1));
    engine_standby_close(standby);
    arena_close(fixture.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_child_has_many_questions),
        cmocka_unit_test(what_is_not_known_is_not_answered_and_not_wanted),
        cmocka_unit_test(a_record_that_is_refused_says_why),
        cmocka_unit_test(a_child_that_ends_is_replaced_for_a_while),
    };

    if (!library_runs(ENGINE_LIBSPF2) || !library_runs(ENGINE_LIBOPENDMARC))
        return 77;
    engine_child_provoked = engine_provoke_now;
    return cmocka_run_group_tests(tests, open_engine, close_engine);
}
