/* Sets of addresses against lists written by hand, and against sets of 256 bits. */
#include <string.h>

#include "dice.h"
#include "unit_arena.h"

#include "base/ip_ranges.h"

/* set_of - from "192.0.2.0/24 192.0.2.7" */
static struct ip_ranges set_of(enum ip_family family, const char *text)
{
    struct ip_ranges set = ip_ranges_none(family);
    struct span rest = span_of(text);

    while (rest.len > 0) {
        struct span prefix = span_cut(&rest, ' ');
        struct span address_text = span_cut(&prefix, '/');
        struct ip_address address = {0};
        uint64_t bits = family == IP_V4 ? 32 : 128;

        assert_true(ip_parse(address_text, &address));
        if (prefix.at != NULL)
            assert_true(span_to_number(prefix, 128, &bits));
        ip_ranges_add_network(arena, &set, &address, (unsigned)bits);
    }
    ip_ranges_settle(&set);
    return set;
}

/* assert_networks - the set as the fewest networks */
static void assert_networks(const struct ip_ranges *set, const char *expected)
{
    struct ip_network_walk walk = {0};
    struct ip_network network;
    char text[2000] = "";

    while (ip_ranges_next_network(set, &walk, &network)) {
        if (text[0] != '\0')
            strncat(text, " ", sizeof(text) - strlen(text) - 1);
        strncat(text, ip_network_to_text(arena, &network), sizeof(text) - strlen(text) - 1);
    }
    assert_string_equal(text, expected);
}

static void networks_are_merged_and_as_few_as_possible(void **state)
{
    static const struct {
        enum ip_family family;
        const char *given;
        const char *expected;
    } rows[] = {
        {IP_V4, "", ""},
        {IP_V4, "192.0.2.7", "192.0.2.7"},
        {IP_V4, "192.0.2.7/24", "192.0.2.0/24"},
        {IP_V4, "192.0.2.128/25 192.0.2.0/25", "192.0.2.0/24"},
        {IP_V4, "192.0.2.1 192.0.2.2", "192.0.2.1 192.0.2.2"},
        {IP_V4, "192.0.2.2 192.0.2.3 192.0.2.1", "192.0.2.1 192.0.2.2/31"},
        {IP_V4, "10.0.0.0/8 10.1.2.3", "10.0.0.0/8"},
        {IP_V4, "0.0.0.0/1 128.0.0.0/1", "0.0.0.0/0"},
        {IP_V4, "255.255.255.255 0.0.0.0", "0.0.0.0 255.255.255.255"},
        {IP_V4, "255.255.255.255 255.255.255.254", "255.255.255.254/31"},
        {IP_V6, "2001:db8::/33 2001:db8:8000::/33", "2001:db8::/32"},
        {IP_V6, "::/1 8000::/1 ::1", "::/0"},
        {IP_V6, "2001:db8::ffff:ffff:ffff:ffff 2001:db8:0:1::",
         "2001:db8::ffff:ffff:ffff:ffff 2001:db8:0:1::"},
        {IP_V6, "2001:db8::/64 2001:db8:0:1::/64", "2001:db8::/63"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct ip_ranges set = set_of(rows[i].family, rows[i].given);

        assert_networks(&set, rows[i].expected);
    }
}

static void sizes_are_exact(void **state)
{
    struct ip_ranges set = set_of(IP_V4, "192.0.2.0/24 198.51.100.1");

    (void)state;
    assert_string_equal(ip_ranges_size_text(arena, &set), "257");
    assert_string_equal(ip_ranges_size_grouped(arena, &set), "257");
    assert_int_equal(ip_ranges_count_networks(&set), 2);
    set = ip_ranges_none(IP_V6);
    assert_string_equal(ip_ranges_size_text(arena, &set), "0");
    set = ip_ranges_all(arena, IP_V4);
    assert_string_equal(ip_ranges_size_text(arena, &set), "4294967296");
    assert_string_equal(ip_ranges_size_grouped(arena, &set), "4,294,967,296");
    assert_int_equal(ip_ranges_count_networks(&set), 1);
    assert_true(ip_ranges_are_all(&set));
    set = ip_ranges_all(arena, IP_V6);
    assert_string_equal(ip_ranges_size_text(arena, &set),
                        "340282366920938463463374607431768211456");
    set = set_of(IP_V6, "2001:db8::/64 2001:db8:1::/128");
    assert_string_equal(ip_ranges_size_text(arena, &set), "18446744073709551617");
    assert_false(ip_ranges_are_all(&set));
}

/* ---- against 256 bits: all that happens within 192.0.2.0/24 ---- */

/* throw_set - a few random networks, in a set and as bits */
static struct ip_ranges throw_set(bool *bits)
{
    struct ip_ranges set = ip_ranges_none(IP_V4);
    struct ip_address address = {IP_V4, {192, 0, 2, 0}};
    unsigned count = dice(9);

    memset(bits, 0, 256 * sizeof(*bits));
    for (unsigned i = 0; i < count; i++) {
        unsigned prefix = 25 + dice(8);
        unsigned width = 1U << (32 - prefix);
        unsigned first = dice(256) / width * width;

        address.octets[3] = (uint8_t)first;
        ip_ranges_add_network(arena, &set, &address, prefix);
        for (unsigned j = first; j < first + width; j++)
            bits[j] = true;
    }
    ip_ranges_settle(&set);
    return set;
}

/* assert_bits - the set holds what the bits say, and nothing around the network */
static void assert_bits(const struct ip_ranges *set, const bool *bits)
{
    struct ip_address address = {IP_V4, {192, 0, 2, 0}};
    size_t ranges = 0;

    for (unsigned i = 0; i < 256; i++) {
        address.octets[3] = (uint8_t)i;
        assert_int_equal(ip_ranges_hold(set, &address), bits[i]);
        ranges += bits[i] && (i == 0 || !bits[i - 1]);
    }
    assert_int_equal(set->count, ranges);
    address.octets[2] = 1;
    assert_false(ip_ranges_hold(set, &address));
}

static void set_operations_agree_with_bits(void **state)
{
    (void)state;
    for (int round = 0; round < 300; round++) {
        bool a[256];
        bool b[256];
        bool both[256];
        bool common[256];
        bool rest[256];
        struct ip_ranges left = throw_set(a);
        struct ip_ranges right = throw_set(b);
        struct ip_ranges made = ip_ranges_union(arena, &left, &right);

        for (size_t i = 0; i < 256; i++) {
            both[i] = a[i] || b[i];
            common[i] = a[i] && b[i];
            rest[i] = a[i] && !b[i];
        }
        assert_bits(&made, both);
        made = ip_ranges_intersection(arena, &left, &right);
        assert_bits(&made, common);
        made = ip_ranges_difference(arena, &left, &right);
        assert_bits(&made, rest);
    }
}

static void points_and_addresses_are_the_same(void **state)
{
    static const char *const texts[] = {
        "0.0.0.0", "192.0.2.255", "255.255.255.255",
        "::",      "2001:db8::1", "ffff:ffff:ffff:ffff:ffff:ffff:0:1"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct ip_address address = {0};
        struct ip_address again = {0};

        assert_true(ip_parse(span_of(texts[i]), &address));
        again = ip_from_point(address.family, ip_to_point(&address));
        assert_string_equal(ip_to_text(arena, &again), texts[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(networks_are_merged_and_as_few_as_possible),
        cmocka_unit_test(sizes_are_exact),
        cmocka_unit_test(set_operations_agree_with_bits),
        cmocka_unit_test(points_and_addresses_are_the_same),
    };

    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
