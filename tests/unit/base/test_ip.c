/* Client addresses: what is one, which network it is in, what its reverse name is. */
#include "base/ip.h"
#include "unit.h"

static struct ip_address ip(const char *text)
{
    struct ip_address address = {0};

    if (!ip_parse(span_of(text), &address))
        fail_msg("refused: %s", text);
    return address;
}

static void text_comes_back_in_canonical_form(void **state)
{
    static const char *const rows[][2] = {
        {"192.0.2.1", "192.0.2.1"},
        {"2001:DB8:0:0::1", "2001:db8::1"},
        {"::ffff:192.0.2.1", "192.0.2.1"},
        {"::ffff:c000:201", "192.0.2.1"},
    };
    struct arena *arena = arena_open();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct ip_address address = ip(rows[i][0]);

        assert_string_equal(ip_to_text(arena, &address), rows[i][1]);
    }
    arena_close(arena);
}

static void what_is_no_address_is_refused(void **state)
{
    static const char *const rows[] = {"",         "1.2.3",      "1.2.3.4.5",   "256.1.1.1",
                                       "1.2.3.4 ", "[1.2.3.4]",  "2001:db8::g", "fe80::1%eth0",
                                       "01.2.3.4", "example.com"};
    struct ip_address address = {0};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (ip_parse(span_of(rows[i]), &address))
            fail_msg("accepted: %s", rows[i]);
    assert_int_equal(address.family, IP_NONE);
}

static void prefixes_match_bit_by_bit(void **state)
{
    struct ip_address a = ip("192.0.2.129");
    struct ip_address b = ip("192.0.2.128");
    struct ip_address c = ip("2001:db8::1");
    struct ip_address d = ip("2001:db8:8000::1");

    (void)state;
    assert_true(ip_matches(&a, &b, 31));
    assert_false(ip_matches(&a, &b, 32));
    assert_true(ip_matches(&a, &b, 0));
    assert_true(ip_matches(&c, &d, 32));
    assert_false(ip_matches(&c, &d, 33));
    assert_false(ip_matches(&a, &c, 0));
    assert_true(ip_equal(&a, &a));
}

static void reverse_names_follow_the_standards(void **state)
{
    struct arena *arena = arena_open();
    struct ip_address a = ip("192.0.2.1");
    struct ip_address b = ip("2001:db8::567:89ab");

    (void)state;
    assert_string_equal(ip_to_reverse_name(arena, &a), "1.2.0.192.in-addr.arpa");
    assert_string_equal(
        ip_to_reverse_name(arena, &b),
        "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
    arena_close(arena);
}

static void private_and_loopback_are_known(void **state)
{
    static const char *const rows[] = {"10.1.2.3",  "172.31.0.1", "192.168.0.1",
                                       "127.0.0.1", "100.64.1.1", "169.254.0.1",
                                       "::1",       "fe80::1",    "fd00::1"};
    struct ip_address public4 = ip("192.0.2.1");
    struct ip_address public6 = ip("2001:db8::1");
    struct ip_address near_miss = ip("172.32.0.1");
    struct ip_address loop4 = ip("127.9.9.9");
    struct ip_address loop6 = ip("::1");

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct ip_address address = ip(rows[i]);

        assert_true(ip_is_private(&address));
    }
    assert_false(ip_is_private(&public4));
    assert_false(ip_is_private(&public6));
    assert_false(ip_is_private(&near_miss));
    assert_true(ip_is_loopback(&loop4));
    assert_true(ip_is_loopback(&loop6));
    assert_false(ip_is_loopback(&public4));
}

static void only_a_host_of_the_internet_is_global(void **state)
{
    static const struct {
        const char *text;
        bool is_global;
    } rows[] = {
        {"8.8.8.8", true},
        {"2606:4700::1111", true},
        {"127.0.0.1", false},
        {"127.255.255.255", false},
        {"128.0.0.1", true},
        {"10.0.0.1", false},
        {"11.0.0.1", true},
        {"172.15.255.255", true},
        {"172.16.0.1", false},
        {"172.31.255.255", false},
        {"172.32.0.1", true},
        {"192.168.1.1", false},
        {"192.167.1.1", true},
        {"169.254.169.254", false},
        {"100.64.0.1", false},
        {"100.128.0.1", true},
        {"0.0.0.0", false},
        {"224.0.0.1", false},
        {"255.255.255.255", false},
        {"198.18.0.1", false},
        {"192.0.2.1", false},
        {"::", false},
        {"::1", false},
        {"::127.0.0.1", false},
        {"::ffff:127.0.0.1", false},
        {"::ffff:10.0.0.1", false},
        {"::ffff:8.8.8.8", true},
        {"64:ff9b::7f00:1", false},
        {"2002:7f00:1::", false},
        {"2001::1", false},
        {"fe80::1", false},
        {"fd00::1", false},
        {"ff02::1", false},
        {"2001:db8::1", false},
        {"fec0::1", false},
        {"::ffff:0:7f00:1", false},
        {"100::1", false},
        {"100:0:0:1::1", false},
        {"64:ff9b:1::a00:1", false},
        {"3fff:fff::1", false},
        {"3ffe::1", true},
        {"5f00::1", false},
        {"4000::1", false},
        {"1fff::1", false},
        {"2001:1ff::1", false},
        {"2001:200::1", true},
        {"192.0.0.8", false},
        {"192.88.99.1", false},
        {"198.51.100.1", false},
        {"203.0.113.1", false},
        {"240.0.0.1", false},
        {"100.127.255.255", false},
        {"223.255.255.255", true},
        {"198.20.0.1", true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct ip_address address = ip(rows[i].text);

        if (ip_is_global(&address) != rows[i].is_global)
            fail_msg("%s is taken for the other kind", rows[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_comes_back_in_canonical_form),
        cmocka_unit_test(what_is_no_address_is_refused),
        cmocka_unit_test(prefixes_match_bit_by_bit),
        cmocka_unit_test(reverse_names_follow_the_standards),
        cmocka_unit_test(private_and_loopback_are_known),
        cmocka_unit_test(only_a_host_of_the_internet_is_global),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
