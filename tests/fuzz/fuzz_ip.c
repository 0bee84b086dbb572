/* Addresses and networks, one a line: what is read is written in a form that is read again. */
#include "base/ip_ranges.h"
#include "base/must.h"
#include "fuzz.h"

/* check_address - text and back; prefix of it */
static void check_address(struct arena *arena, const struct ip_address *address)
{
    struct ip_address again = {0};

    must(ip_parse(span_of(ip_to_text(arena, address)), &again));
    must(ip_equal(address, &again));
    must(ip_matches(address, &again, address->family == IP_V4 ? 32 : 128));
    must(ip_to_reverse_name(arena, address)[0] != '\0');
}

/* check_set - the networks of a set make the same set */
static void check_set(struct arena *arena, struct ip_ranges *set)
{
    struct ip_ranges again = ip_ranges_none(set->family);
    struct ip_network_walk walk = {0};
    struct ip_network network;

    ip_ranges_settle(set);
    while (ip_ranges_next_network(set, &walk, &network)) {
        ip_ranges_add_network(arena, &again, &network.address, network.prefix);
        must(ip_ranges_hold(set, &network.address));
        must(ip_network_to_text(arena, &network)[0] != '\0');
    }
    ip_ranges_settle(&again);
    must(ip_ranges_difference(arena, set, &again).count == 0);
    must(ip_ranges_difference(arena, &again, set).count == 0);
}

FUZZ(arena, bytes)
{
    struct ip_ranges sets[] = {ip_ranges_none(IP_V4), ip_ranges_none(IP_V6)};

    while (bytes.len > 0) {
        struct span prefix = span_cut(&bytes, '\n');
        struct span text = span_cut(&prefix, '/');
        struct ip_address address = {0};
        uint64_t bits = 0;

        if (!ip_parse(text, &address))
            continue;
        check_address(arena, &address);
        if (span_to_number(prefix, address.family == IP_V4 ? 32 : 128, &bits))
            ip_ranges_add_network(arena, &sets[address.family == IP_V6], &address,
                                  (unsigned)bits);
    }
    check_set(arena, &sets[0]);
    check_set(arena, &sets[1]);
}
