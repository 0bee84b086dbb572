/* What is asked as evidence: names of addresses, and the zones of the domain. */
#include "base/limits.h"
#include "base/sbuf.h"
#include "gather_case.h"

#define NO_PTR "25.2.0.192.in-addr.arpa"

static const struct dns_answer *asked(const struct gather_case *one, const char *name,
                                      enum dns_type type)
{
    return ledger_find(one->work.ledger, dns_name_from_text(one->arena, name), type);
}

static void a_name_that_leads_back_costs_one_question(void **state)
{
    struct gather_case one =
        gather_case_open("example.com MX 10 mail.example.com\n"
                         "mail.example.com A 192.0.2.25\n" NO_PTR " PTR mail.example.com\n",
                         "example.com");
    const struct mx_host *mx = gather_case_run(&one)->domain.mx_hosts;

    (void)state;
    assert_true(mx->names->is_confirmed);
    assert_null(mx->names->next);
    assert_int_equal(one.facts->rounds, 3); /* MX, A, PTR; its A is known */
    gather_case_close(&one);
}

static void a_name_that_leads_elsewhere_does_not_confirm(void **state)
{
    struct gather_case one =
        gather_case_open("example.com MX 10 mail.example.com\n"
                         "mail.example.com A 192.0.2.25\n" NO_PTR " PTR other.example.net\n"
                         "other.example.net A 192.0.2.26\n",
                         "example.com");
    const struct ptr_facts *names = gather_case_run(&one)->domain.mx_hosts->names;

    (void)state;
    assert_int_equal(names->ptr->status, DNS_OK);
    assert_false(names->is_confirmed);
    assert_null(names->unknown);
    assert_int_equal(one.facts->rounds, 4);
    gather_case_close(&one);
}

static void a_name_whose_addresses_cannot_be_asked_is_unknown(void **state)
{
    struct gather_case one =
        gather_case_open("example.com MX 10 mail.example.com\n"
                         "mail.example.com A 192.0.2.25\n" NO_PTR " PTR other.example.net\n"
                         "other.example.net A !SERVFAIL\n",
                         "example.com");
    const struct ptr_facts *names = gather_case_run(&one)->domain.mx_hosts->names;

    (void)state;
    assert_false(names->is_confirmed);
    assert_int_equal(names->unknown->status, DNS_SERVFAIL);
    gather_case_close(&one);
}

static void addresses_of_the_inside_have_no_names_and_shared_ones_count_once(void **state)
{
    struct gather_case one = gather_case_open("example.com MX 10 a.example.com\n"
                                              "example.com MX 20 b.example.com\n"
                                              "a.example.com A 10.0.0.25\n"
                                              "a.example.com A 192.0.2.25\n"
                                              "b.example.com A 192.0.2.25\n"
                                              "b.example.com AAAA 2001:db8::25\n",
                                              "example.com");
    const struct mx_host *mx = gather_case_run(&one)->domain.mx_hosts;

    (void)state;
    assert_false(gather_case_asked(&one, "25.0.0.10.in-addr.arpa", DNS_PTR));
    assert_string_equal(mx->names->ptr->question.name->text, NO_PTR);
    assert_null(mx->names->next);
    assert_int_equal(mx->next->names->ip.family, IP_V6);
    assert_null(mx->next->names->next);
    gather_case_close(&one);
}

static void names_of_twenty_addresses_are_asked_for(void **state)
{
    struct arena *arena = arena_open();
    struct sbuf world = sbuf_start(arena);
    struct gather_case one;
    const struct ptr_facts *names = NULL;
    size_t count = 0;

    (void)state;
    sbuf_add(&world, "example.com MX 10 mail.example.com\n");
    for (int i = 1; i <= LIMIT_PTR_ADDRESSES + 3; i++)
        sbuf_addf(&world, "mail.example.com A 192.0.2.%d\n", i);
    one = gather_case_open(sbuf_text(&world), "example.com");
    names = gather_case_run(&one)->domain.mx_hosts->names;
    for (; names != NULL; names = names->next)
        count++;
    assert_int_equal(count, LIMIT_PTR_ADDRESSES);
    assert_int_equal(one.facts->domain.unnamed_addresses, 3);
    gather_case_close(&one);
    arena_close(arena);
}

static void what_is_evidence_is_aside_unless_something_rests_on_it(void **state)
{
    struct gather_case one = gather_case_open("example.com MX 10 mail.example.com\n"
                                              "example.com NS mail.example.com\n"
                                              "example.com NS ns.example.net\n"
                                              "mail.example.com A 192.0.2.25\n"
                                              "ns.example.net A 192.0.2.53\n",
                                              "example.com");

    (void)state;
    gather_case_run(&one);
    assert_true(asked(&one, NO_PTR, DNS_PTR)->is_aside);
    assert_true(asked(&one, "ns.example.net", DNS_A)->is_aside);
    assert_false(asked(&one, "mail.example.com", DNS_A)->is_aside);
    assert_false(asked(&one, "example.com", DNS_NS)->is_aside);
    gather_case_close(&one);
}

static void the_name_of_a_client_is_no_mere_evidence(void **state)
{
    struct gather_case one = gather_case_open("example.com MX 10 mail.example.com\n"
                                              "mail.example.com A 192.0.2.25\n",
                                              "example.com");

    (void)state;
    ip_parse(span_of("192.0.2.25"), &one.subject.ip);
    gather_case_run(&one);
    assert_false(asked(&one, NO_PTR, DNS_PTR)->is_aside);
    assert_ptr_equal(one.facts->client_ptr, one.facts->domain.mx_hosts->names->ptr);
    gather_case_close(&one);
}

static void the_zone_of_the_organizational_domain_is_looked_at_too(void **state)
{
    struct gather_case one =
        gather_case_open("news.example.com MX 10 mail.example.com\n"
                         "_dmarc.example.com TXT \"v=DMARC1; p=reject\"\n"
                         "example.com SOA ns.example.net. a.example.com. 1 7200 900 86400 300\n"
                         "example.com NS ns.example.net\n"
                         "ns.example.net A 192.0.2.53\n",
                         "news.example.com");
    const struct zone_facts *zone = gather_case_run(&one)->domain.zones;

    (void)state;
    assert_string_equal(zone->name->text, "news.example.com");
    assert_null(zone->values);
    assert_null(zone->servers);
    zone = zone->next;
    assert_string_equal(zone->name->text, "example.com");
    assert_int_equal(zone->values->retry, 900);
    assert_string_equal(zone->servers->host->text, "ns.example.net");
    assert_int_equal(zone->servers->a->status, DNS_OK);
    assert_null(zone->next);
    gather_case_close(&one);
}

static void thirteen_name_servers_are_looked_at(void **state)
{
    struct arena *arena = arena_open();
    struct sbuf world = sbuf_start(arena);
    struct gather_case one;
    size_t count = 0;

    (void)state;
    for (int i = 0; i < LIMIT_NAME_SERVERS + 2; i++)
        sbuf_addf(&world, "example.com NS ns%d.example.net\n", i);
    one = gather_case_open(sbuf_text(&world), "example.com");
    gather_case_run(&one);
    for (const struct name_server *at = one.facts->domain.zones->servers; at; at = at->next)
        count++;
    assert_int_equal(count, LIMIT_NAME_SERVERS);
    gather_case_close(&one);
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_that_leads_back_costs_one_question),
        cmocka_unit_test(a_name_that_leads_elsewhere_does_not_confirm),
        cmocka_unit_test(a_name_whose_addresses_cannot_be_asked_is_unknown),
        cmocka_unit_test(addresses_of_the_inside_have_no_names_and_shared_ones_count_once),
        cmocka_unit_test(names_of_twenty_addresses_are_asked_for),
        cmocka_unit_test(what_is_evidence_is_aside_unless_something_rests_on_it),
        cmocka_unit_test(the_name_of_a_client_is_no_mere_evidence),
        cmocka_unit_test(the_zone_of_the_organizational_domain_is_looked_at_too),
        cmocka_unit_test(thirteen_name_servers_are_looked_at),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
