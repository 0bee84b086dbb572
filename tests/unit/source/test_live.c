/* The live source against a name server that does everything wrong, one thing at a time. */
#include "base/clock.h"
#include "base/limits.h"
#include "ledger/ledger.h"
#include "source/source.h"
#include "hostile.h"
#include "unit.h"

#define TRY_MS 150 /* of patience, where a test has to wait for it */

static struct arena *arena;
static struct hostile server;

static int start_server(void **state)
{
    (void)state;
    arena = arena_open();
    server = hostile_start(arena);
    return 0;
}

static int stop_server(void **state)
{
    (void)state;
    hostile_stop(&server);
    arena_close(arena);
    return 0;
}

/* ask_with - one question to the server, with options */
static const struct dns_answer *ask_with(const struct source_options *options, const char *name,
                                         enum dns_type type)
{
    struct err why = {0};
    struct ledger *ledger = ledger_open(arena);
    struct source *source = source_open(arena, server.spec, options, &why);
    const struct dns_answer *answer = ledger_ask(ledger, dns_name_from_text(arena, name), type);

    if (source == NULL)
        fail_msg("%s", why.text);
    ledger_fill(ledger, source);
    source_close(source);
    assert_int_equal(ledger_wanted(ledger), 0);
    return answer;
}

/* ask - with patience: the tests that use it never wait for a timeout */
static const struct dns_answer *ask(const char *name, enum dns_type type)
{
    return ask_with(&(struct source_options){.timeout_ms = 20000}, name, type);
}

/* ask_briefly - one try, which will time out */
static const struct dns_answer *ask_briefly(const char *name, enum dns_type type)
{
    return ask_with(&(struct source_options){.timeout_ms = TRY_MS}, name, type);
}

/* assert_address - the answer is this one address */
static void assert_address(const struct dns_answer *answer, const char *address)
{
    if (answer->status != DNS_OK)
        fail_msg("%s: %s", dns_status_to_text(answer->status), answer->detail);
    assert_int_equal(dns_answer_count(answer), 1);
    assert_string_equal(ip_to_text(arena, dns_answer_first(answer)->address), address);
    assert_null(answer->detail);
}

/* assert_failure - status, and the detail: the text, a blank and the server */
static void assert_failure(const struct dns_answer *answer, enum dns_status status,
                           const char *before, const char *after)
{
    assert_int_equal(answer->status, status);
    assert_string_equal(answer->detail,
                        arena_printf(arena, "%s 127.0.0.1@%u%s", before, server.port, after));
    assert_false(answer->has_ttl);
    assert_null(answer->records);
}

static void an_answer_names_its_server(void **state)
{
    const struct dns_answer *answer = ask("ok.example", DNS_A);

    (void)state;
    assert_address(answer, "192.0.2.1");
    assert_string_equal(answer->source, server.spec);
    assert_true(answer->has_ttl);
    assert_int_equal(answer->ttl, 300);
    assert_string_equal(answer->records->text, "ok.example.\t300\tIN\tA\t192.0.2.1");
}

static void questions_have_edns_ad_and_rd(void **state)
{
    (void)state;
    assert_address(ask("flags.example", DNS_A), "192.0.2.111");
}

static void a_lost_datagram_is_asked_again(void **state)
{
    struct source_options options = {.timeout_ms = TRY_MS, .retries = 3};

    (void)state;
    assert_address(ask_with(&options, "drop1.example", DNS_A), "192.0.2.1");
}

static void silence_is_a_timeout_after_all_tries(void **state)
{
    struct source_options options = {.timeout_ms = 50, .retries = 2};
    int64_t start = clock_monotonic_ms();

    (void)state;
    assert_failure(ask_with(&options, "dropall.example", DNS_A), DNS_TIMEOUT, "no answer from",
                   "");
    assert_true(clock_monotonic_ms() - start >= 150);
}

static void a_truncated_answer_is_fetched_over_tcp(void **state)
{
    const struct dns_answer *answer = ask("trunc.example", DNS_A);

    (void)state;
    assert_int_equal(answer->status, DNS_OK);
    assert_int_equal(dns_answer_count(answer), 2000);
    assert_address(ask("trunccut.example", DNS_A), "192.0.2.1");
}

static void trouble_over_tcp_is_told_apart(void **state)
{
    (void)state;
    assert_failure(ask("trunctcp.example", DNS_A), DNS_MALFORMED,
                   "truncated answer over TCP by", "");
    assert_failure(ask("closetcp.example", DNS_A), DNS_TIMEOUT, "no answer from",
                   ": the connection was closed");
    assert_failure(ask("halftcp.example", DNS_A), DNS_TIMEOUT, "no answer from",
                   ": the connection was closed");
}

/* bound: LIMIT_STRAYS past */
static void what_does_not_match_is_passed_over(void **state)
{
    (void)state;
    assert_address(ask("wrongid.example", DNS_A), "192.0.2.1");
    assert_address(ask("wrongname.example", DNS_A), "192.0.2.1");
    assert_address(ask("wrongtype.example", DNS_A), "192.0.2.1");
    assert_address(ask("wrongclass.example", DNS_A), "192.0.2.1");
    assert_address(ask("query.example", DNS_A), "192.0.2.1");
    assert_address(ask("noquestion.example", DNS_A), "192.0.2.1");
    assert_address(ask("otherport.example", DNS_A), "192.0.2.1");
    assert_address(ask("short.example", DNS_A), "192.0.2.1");
    assert_address(ask("strays.example", DNS_A), "192.0.2.1");
    assert_failure(ask_briefly("wrongidonly.example", DNS_A), DNS_TIMEOUT, "no answer from",
                   "");
}

static void broken_packets_are_malformed(void **state)
{
    (void)state;
    assert_failure(ask("garbage.example", DNS_A), DNS_MALFORMED, "malformed answer by", "");
    assert_failure(ask("pointer.example", DNS_A), DNS_MALFORMED, "malformed answer by", "");
    assert_int_equal(ask("shortrdata.example", DNS_A)->status, DNS_MALFORMED);
}

static void refusals_are_told_apart(void **state)
{
    (void)state;
    assert_failure(ask("servfail.example", DNS_A), DNS_SERVFAIL, "SERVFAIL by", "");
    assert_failure(ask("refused.example", DNS_A), DNS_SERVFAIL, "REFUSED by", "");
    assert_failure(ask("notimp.example", DNS_A), DNS_SERVFAIL, "NOTIMP by", "");
    assert_failure(ask("formerr.example", DNS_A), DNS_SERVFAIL, "FORMERR by", "");
    assert_failure(ask("rcode11.example", DNS_A), DNS_SERVFAIL, "response code 11 by", "");
}

static void extended_errors_are_read(void **state)
{
    (void)state;
    assert_failure(ask("bogus.example", DNS_A), DNS_BOGUS, "DNSSEC validation failed at",
                   " (signature expired)");
    assert_failure(ask("unreachable.example", DNS_A), DNS_SERVFAIL, "SERVFAIL by",
                   " (no reachable authority)");
}

static void servers_without_edns_are_asked_without(void **state)
{
    (void)state;
    assert_address(ask("noedns.example", DNS_A), "192.0.2.1");
    assert_address(ask("badvers.example", DNS_A), "192.0.2.1");
}

static void absences_have_the_ttl_of_the_soa(void **state)
{
    const struct dns_answer *answer = ask("nx.example", DNS_A);

    (void)state;
    assert_int_equal(answer->status, DNS_NXDOMAIN);
    assert_int_equal(answer->ttl, 120);
    assert_null(answer->detail);
    answer = ask("nodata.example", DNS_A);
    assert_int_equal(answer->status, DNS_NODATA);
    assert_int_equal(answer->ttl, 60);
    answer = ask("nosoa.example", DNS_A);
    assert_int_equal(answer->status, DNS_NODATA);
    assert_false(answer->has_ttl);
}

static void a_server_that_does_not_know_says_nothing_about_absence(void **state)
{
    (void)state;
    assert_failure(ask("referral.example", DNS_A), DNS_SERVFAIL, "referral by",
                   ", which neither knows the name nor asks for others");
    assert_failure(ask("lame.example", DNS_A), DNS_SERVFAIL, "empty answer by",
                   ", which neither knows the name nor asks for others");
}

static void an_alias_without_its_target_is_asked_on(void **state)
{
    const struct dns_answer *answer = ask("alias.example", DNS_A);

    (void)state;
    assert_address(answer, "192.0.2.1");
    assert_int_equal(answer->record_count, 2);
    assert_string_equal(answer->records->text, "alias.example.\t300\tIN\tCNAME\tok.example.");
}

static void only_the_chain_is_taken_and_in_order(void **state)
{
    const struct dns_answer *answer = ask("aliasfull.example", DNS_A);
    const struct dns_rr *rr = answer->records;

    (void)state;
    assert_int_equal(answer->status, DNS_OK);
    assert_int_equal(answer->record_count, 3);
    assert_string_equal(rr->text, "aliasfull.example.\t300\tIN\tCNAME\tok.example.");
    assert_string_equal(rr->next->text, "ok.example.\t300\tIN\tA\t192.0.2.1");
    assert_string_equal(rr->next->next->text, "ok.example.\t300\tIN\tA\t192.0.2.2");
}

static void an_alias_to_nowhere_is_nxdomain(void **state)
{
    const struct dns_answer *answer = ask("aliasnx.example", DNS_A);

    (void)state;
    assert_int_equal(answer->status, DNS_NXDOMAIN);
    assert_int_equal(answer->record_count, 1);
    assert_int_equal(answer->ttl, 300); /* the alias lives shorter than the absence */
    answer = ask("circle.example", DNS_A);
    assert_int_equal(answer->status, DNS_SERVFAIL);
    assert_string_equal(answer->detail, "the CNAME chain goes in a circle at circle.example");
}

static void mail_exchangers_are_sorted_and_single(void **state)
{
    const struct dns_answer *answer = ask("mx.example", DNS_MX);
    const struct dns_rr *rr = answer->records;

    (void)state;
    assert_int_equal(answer->record_count, 3);
    assert_string_equal(rr->text, "mx.example.\t300\tIN\tMX\t10 ok.example.");
    assert_string_equal(rr->next->text, "mx.example.\t300\tIN\tMX\t10 other.example.");
    assert_string_equal(rr->next->next->text, "mx.example.\t300\tIN\tMX\t20 other.example.");
}

static void the_ad_bit_of_a_resolver_on_loopback_is_believed(void **state)
{
    (void)state;
    assert_true(ask("ad.example", DNS_A)->ad);
    assert_false(ask("ok.example", DNS_A)->ad);
}

static void names_may_hold_any_octet(void **state)
{
    (void)state;
    assert_address(ask("ok\\000\\.\\255.example", DNS_A), "192.0.2.1");
    assert_int_equal(ask(".", DNS_A)->status, DNS_NXDOMAIN);
}

static void a_port_where_nobody_listens_is_known_at_once(void **state)
{
    struct hostile gone = hostile_start(arena);
    const char *own = server.spec;
    struct source_options options = {.timeout_ms = 60000, .retries = 5};
    const struct dns_answer *answer = NULL;

    (void)state;
    hostile_stop(&gone);
    server.spec = gone.spec;
    answer = ask_with(&options, "ok.example", DNS_A);
    server.spec = own;
    assert_int_equal(answer->status, DNS_TIMEOUT);
    assert_non_null(strstr(answer->detail, "Connection refused"));
}

static void servers_may_have_ipv6_addresses(void **state)
{
    const char *own = server.spec;
    const struct dns_answer *answer = NULL;

    (void)state;
    if (server.ipv6_spec == NULL)
        skip(); /* no ::1 here */
    server.spec = server.ipv6_spec;
    answer = ask("ok.example", DNS_A);
    server.spec = own;
    assert_address(answer, "192.0.2.1");
    assert_string_equal(answer->source, server.ipv6_spec);
}

/* ask_many - names that begin so, in one round; how many have an answer */
static size_t ask_many(const char *label, size_t count, unsigned timeout_ms)
{
    struct err why = {0};
    struct source_options options = {.timeout_ms = timeout_ms};
    struct ledger *ledger = ledger_open(arena);
    struct source *source = source_open(arena, server.spec, &options, &why);
    size_t answered = 0;

    for (size_t i = 0; i < count; i++)
        ledger_ask(ledger,
                   dns_name_from_text(arena, arena_printf(arena, "%s%zu.test", label, i)),
                   DNS_A);
    ledger_fill(ledger, source);
    source_close(source);
    assert_int_equal(ledger_rounds(ledger), 1);
    for (size_t i = 0; i < count; i++)
        answered += ledger_get(ledger, i)->status == DNS_OK;
    return answered;
}

/* the server answers none before it has so many; one more comes when another is given up */
/* bound: LIMIT_IN_FLIGHT both */
static void so_many_questions_are_in_flight_at_once_and_no_more(void **state)
{
    (void)state;
    assert_int_equal(ask_many("burst", LIMIT_IN_FLIGHT, 20000), LIMIT_IN_FLIGHT);
    assert_true(ask_many("over", LIMIT_IN_FLIGHT + 1, TRY_MS) <= LIMIT_IN_FLIGHT);
}

static void more_questions_than_sockets_take_turns(void **state)
{
    static const char *const labels[] = {"ok", "trunccut", "alias", "servfail", "noedns"};
    struct err why = {0};
    struct source_options options = {.timeout_ms = 20000};
    struct ledger *ledger = ledger_open(arena);
    struct source *source = source_open(arena, server.spec, &options, &why);

    (void)state;
    for (int i = 0; i < 600; i++)
        ledger_ask(
            ledger,
            dns_name_from_text(arena, arena_printf(arena, "%s%d.example", labels[i % 5], i)),
            DNS_A);
    ledger_fill(ledger, source);
    source_close(source);
    for (size_t i = 0; i < 600; i++) {
        const struct dns_answer *answer = ledger_get(ledger, i);

        assert_int_equal(answer->status, i % 5 == 3 ? DNS_SERVFAIL : DNS_OK);
    }
}

/* answered_never - for questions that are forgotten before they are answered */
static void answered_never(void *ctx, void *token, const struct dns_answer *answer)
{
    (void)ctx;
    (void)token;
    (void)answer;
    fail_msg("a question was answered that had been forgotten");
}

static void forgotten_questions_are_never_answered(void **state)
{
    struct err why = {0};
    struct source_options options = {.timeout_ms = 400};
    struct source *source = source_open(arena, server.spec, &options, &why);
    struct dns_question question = {dns_name_from_text(arena, "dropall.example"), DNS_A};

    (void)state;
    for (int i = 0; i < 200; i++)
        assert_true(source->ops->submit(source, &question, NULL));
    assert_int_equal(source->ops->poll(source, 0, answered_never, NULL), 200);
    source->ops->forget(source);
    assert_int_equal(source->ops->poll(source, 800, answered_never, NULL), 0);
    source_close(source);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_names_its_server),
        cmocka_unit_test(questions_have_edns_ad_and_rd),
        cmocka_unit_test(a_lost_datagram_is_asked_again),
        cmocka_unit_test(silence_is_a_timeout_after_all_tries),
        cmocka_unit_test(a_truncated_answer_is_fetched_over_tcp),
        cmocka_unit_test(trouble_over_tcp_is_told_apart),
        cmocka_unit_test(what_does_not_match_is_passed_over),
        cmocka_unit_test(broken_packets_are_malformed),
        cmocka_unit_test(refusals_are_told_apart),
        cmocka_unit_test(extended_errors_are_read),
        cmocka_unit_test(servers_without_edns_are_asked_without),
        cmocka_unit_test(absences_have_the_ttl_of_the_soa),
        cmocka_unit_test(a_server_that_does_not_know_says_nothing_about_absence),
        cmocka_unit_test(an_alias_without_its_target_is_asked_on),
        cmocka_unit_test(only_the_chain_is_taken_and_in_order),
        cmocka_unit_test(an_alias_to_nowhere_is_nxdomain),
        cmocka_unit_test(mail_exchangers_are_sorted_and_single),
        cmocka_unit_test(the_ad_bit_of_a_resolver_on_loopback_is_believed),
        cmocka_unit_test(names_may_hold_any_octet),
        cmocka_unit_test(a_port_where_nobody_listens_is_known_at_once),
        cmocka_unit_test(servers_may_have_ipv6_addresses),
        cmocka_unit_test(so_many_questions_are_in_flight_at_once_and_no_more),
        cmocka_unit_test(more_questions_than_sockets_take_turns),
        cmocka_unit_test(forgotten_questions_are_never_answered),
    };

    return cmocka_run_group_tests(tests, start_server, stop_server);
}
