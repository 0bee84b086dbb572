/* Whom the live source asks: what was typed, or what resolv.conf says. */
#include <netinet/in.h>

#include "ledger/ledger.h"
#include "source/source_live.h"
#include "hostile.h"
#include "unit_arena.h"

/* request_of - as source_open() makes it */
static struct source_request request_of(const char *rest)
{
    return (struct source_request){
        .arena = arena, .spec = arena_printf(arena, "live:%s", rest), .rest = rest};
}

/* parse - a resolv.conf */
static struct dns_live_servers parse(const char *text)
{
    struct source_request request = request_of("");

    return dns_live_servers_parse(&request, span_of(text));
}

static void typed_addresses_and_ports_are_read(void **state)
{
    static const struct {
        const char *rest;
        const char *text;
        unsigned port;
        int family;
    } rows[] = {
        {"192.0.2.53", "192.0.2.53", 53, AF_INET},
        {"192.0.2.53@53", "192.0.2.53", 53, AF_INET},
        {"127.0.0.1@5399", "127.0.0.1@5399", 5399, AF_INET},
        {"::1@5353", "::1@5353", 5353, AF_INET6},
        {"2001:db8::53", "2001:db8::53", 53, AF_INET6},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct source_request request = request_of(rows[i].rest);
        struct dns_live_servers servers;
        struct err why = {0};

        assert_true(dns_live_servers_read(&request, &servers, &why));
        assert_int_equal(servers.count, 1);
        assert_string_equal(servers.list[0].text, rows[i].text);
        assert_string_equal(servers.list[0].spec, arena_printf(arena, "live:%s", rows[i].text));
        assert_int_equal(servers.list[0].address.ss_family, rows[i].family);
        /* the port stands at the same place for both families */
        assert_int_equal(ntohs(((struct sockaddr_in *)&servers.list[0].address)->sin_port),
                         rows[i].port);
    }
}

static void what_is_no_server_is_refused(void **state)
{
    static const char *const specs[] = {
        "live:resolver.example",
        "live:192.0.2.53@",
        "live:192.0.2.53@0",
        "live:192.0.2.53@65536",
        "live:192.0.2.53@dns",
        "live:192.0.2.53:53",
        "live:@5353",
        "live:192.0.2.53@53@53",
        "live: 192.0.2.53",
        "live:192.0.2.53,",
        "live:,192.0.2.53",
        "live:192.0.2.53,x",
        "live:127.1",
        "live:192.0.2.1,192.0.2.2,192.0.2.3,192.0.2.4",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(specs); i++) {
        struct err why = {0};

        if (source_open(arena, specs[i], NULL, &why) != NULL)
            fail_msg("\"%s\" is taken for a source", specs[i]);
        assert_int_equal(why.kind, ERR_USAGE);
        assert_non_null(strstr(why.text, specs[i]));
        assert_non_null(strstr(why.text, "live:192.0.2.53@5353"));
    }
}

static void an_unknown_source_names_those_that_are_known(void **state)
{
    struct err why = {0};

    (void)state;
    assert_null(source_open(arena, "zonefile:x", NULL, &why));
    assert_int_equal(why.kind, ERR_USAGE);
    assert_string_equal(
        why.text,
        "unknown DNS source \"zonefile:x\": expected "
        "live[:ADDR[@PORT]], zone:FILE[@ORIGIN], plan:FILE[@ZONE], snapshot:FILE or fail:KIND");
    assert_null(source_open(arena, "", NULL, &why));
    assert_null(source_open(arena, "192.0.2.53", NULL, &why));
}

static void resolv_conf_gives_up_to_three_servers_in_order(void **state)
{
    struct dns_live_servers servers = parse("# a comment\n"
                                            "domain example.com\n"
                                            "search example.com example.net\n"
                                            "nameserver\t192.0.2.1  \n"
                                            "nameserver 2001:db8::2\n"
                                            "nameserver not-an-address\n"
                                            ";nameserver 192.0.2.9\n"
                                            "nameserver\n"
                                            "nameserver 192.0.2.3\n"
                                            "nameserver 192.0.2.4\n"
                                            "options ndots:5 timeout:7 rotate\n");

    (void)state;
    assert_int_equal(servers.count, 3);
    assert_string_equal(servers.list[0].text, "192.0.2.1");
    assert_string_equal(servers.list[1].text, "2001:db8::2");
    assert_string_equal(servers.list[2].text, "192.0.2.3");
    assert_int_equal(servers.timeout_ms, 7000);
}

static void without_name_servers_it_is_this_machine(void **state)
{
    static const char *const texts[] = {"", "search example.com", "nameserver\n",
                                        "nameserver 192.0.2.256\noptions timeout:x\n"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct dns_live_servers servers = parse(texts[i]);

        assert_int_equal(servers.count, 1);
        assert_string_equal(servers.list[0].text, "127.0.0.1");
        assert_true(servers.list[0].is_ad_trusted);
        assert_int_equal(servers.timeout_ms, 0);
    }
    assert_int_equal(parse("options timeout:3600\n").timeout_ms, 30000);
}

static void the_ad_bit_is_believed_on_loopback_or_by_option(void **state)
{
    struct source_request request = request_of("192.0.2.53,127.0.0.2,::1");
    struct dns_live_servers servers;
    struct err why = {0};

    (void)state;
    assert_true(dns_live_servers_read(&request, &servers, &why));
    assert_int_equal(servers.count, 3);
    assert_false(servers.list[0].is_ad_trusted);
    assert_true(servers.list[1].is_ad_trusted);
    assert_true(servers.list[2].is_ad_trusted);
    request.options.trust_ad = true;
    assert_true(dns_live_servers_read(&request, &servers, &why));
    assert_true(servers.list[0].is_ad_trusted);
}

/* ask_both - one question to two servers, the first of which is to be worse */
static const struct dns_answer *ask_both(const struct hostile *first,
                                         const struct hostile *second, const char *name)
{
    struct err why = {0};
    struct source_options options = {.timeout_ms = 100, .retries = 1};
    struct ledger *ledger = ledger_open(arena);
    const struct dns_answer *answer =
        ledger_ask(ledger, dns_name_from_text(arena, name), DNS_A);
    struct source *source = source_open(
        arena, arena_printf(arena, "live:127.0.0.1@%u,127.0.0.1@%u", first->port, second->port),
        &options, &why);

    if (source == NULL)
        fail_msg("%s", why.text);
    ledger_fill(ledger, source);
    source_close(source);
    return answer;
}

static void the_next_server_is_asked_when_one_fails(void **state)
{
    struct hostile first = hostile_start(arena);
    struct hostile second = hostile_start(arena);
    const struct dns_answer *answer = NULL;

    (void)state;
    hostile_stop(&first); /* nobody listens there any more */
    answer = ask_both(&first, &second, "ok.example");
    assert_int_equal(answer->status, DNS_OK);
    assert_string_equal(answer->source, second.spec);
    answer = ask_both(&first, &second, "refused.example");
    assert_int_equal(answer->status, DNS_TIMEOUT); /* the stronger of the two */
    assert_string_equal(answer->detail,
                        arena_printf(arena,
                                     "no answer from 127.0.0.1@%u: Connection refused; "
                                     "REFUSED by 127.0.0.1@%u",
                                     first.port, second.port));
    hostile_stop(&second);
}

static void a_silent_server_makes_place_for_the_next(void **state)
{
    struct hostile first = hostile_start(arena);
    struct hostile second = hostile_start(arena);
    const struct dns_answer *answer = NULL;

    (void)state;
    /* each drops the first question it gets about the name; then both have seen it */
    answer = ask_both(&first, &second, "drop1.example");
    assert_int_equal(answer->status, DNS_TIMEOUT);
    answer = ask_both(&first, &second, "drop1.example");
    assert_int_equal(answer->status, DNS_OK);
    assert_string_equal(answer->source, first.spec);
    hostile_stop(&first);
    hostile_stop(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(typed_addresses_and_ports_are_read),
        cmocka_unit_test(what_is_no_server_is_refused),
        cmocka_unit_test(an_unknown_source_names_those_that_are_known),
        cmocka_unit_test(resolv_conf_gives_up_to_three_servers_in_order),
        cmocka_unit_test(without_name_servers_it_is_this_machine),
        cmocka_unit_test(the_ad_bit_is_believed_on_loopback_or_by_option),
        cmocka_unit_test(the_next_server_is_asked_when_one_fails),
        cmocka_unit_test(a_silent_server_makes_place_for_the_next),
    };

    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
