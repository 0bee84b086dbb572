/* The system's inet_pton reads strictly; this adds families and comparison. */
#include <arpa/inet.h>
#include <string.h>

#include "base/ip.h"
#include "base/must.h"
#include "base/sbuf.h"

struct network {
    const char *address;
    unsigned prefix;
};

/* RFC 6890 and its registries, without documentation networks: see ip_is_private() */
static const struct network private_networks[] = {
    {"0.0.0.0", 8},      {"10.0.0.0", 8},    {"100.64.0.0", 10},  {"127.0.0.0", 8},
    {"169.254.0.0", 16}, {"172.16.0.0", 12}, {"192.168.0.0", 16}, {"224.0.0.0", 3},
    {"::", 128},         {"::1", 128},       {"fc00::", 7},       {"fe80::", 10},
    {"ff00::", 8},
};

/* IANA allocates IPv6 addresses from this eighth alone (RFC 4291, 2.4); the forms that hold an
 * IPv4 address (compatible, translated, NAT64) are outside of it */
static const struct network global_ipv6[] = {{"2000::", 3}};

/* the rest of the special-purpose registries: documentation, measurements and transitions
 * (6to4, Teredo), which may lead anywhere */
static const struct network special_networks[] = {
    {"192.0.0.0", 24},   {"192.0.2.0", 24},   {"198.18.0.0", 15}, {"198.51.100.0", 24},
    {"203.0.113.0", 24}, {"192.88.99.0", 24}, {"2001::", 23},     {"2001:db8::", 32},
    {"2002::", 16},      {"3fff::", 20},
};

static const struct network loopback_networks[] = {{"127.0.0.0", 8}, {"::1", 128}};

struct ip_address ip_of_nobody(enum ip_family family)
{
    struct ip_address address = {IP_NONE, {0}};

    must(ip_parse(span_of(family == IP_V4 ? "240.0.0.1" : "100::1"), &address));
    return address;
}

struct ip_address ip_from_octets(enum ip_family family, const uint8_t *octets)
{
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    struct ip_address address = {.family = family};

    must(family != IP_NONE);
    if (family == IP_V6 && memcmp(octets, mapped, sizeof(mapped)) == 0) {
        address.family = IP_V4;
        octets += sizeof(mapped);
    }
    memcpy(address.octets, octets, address.family == IP_V4 ? IP_V4_OCTETS : IP_V6_OCTETS);
    return address;
}

bool ip_parse(struct span text, struct ip_address *address_out)
{
    char copy[INET6_ADDRSTRLEN] = "";
    uint8_t octets[IP_V6_OCTETS];

    if (text.len == 0 || text.len >= sizeof(copy) || span_find(text, '\0') >= 0)
        return false;
    memcpy(copy, text.at, text.len);
    if (inet_pton(AF_INET, copy, octets) == 1)
        *address_out = ip_from_octets(IP_V4, octets);
    else if (inet_pton(AF_INET6, copy, octets) == 1)
        *address_out = ip_from_octets(IP_V6, octets);
    else
        return false;
    return true;
}

/* ip_write_v4 - four numbers; inet_ntop() makes them with sprintf() */
static void ip_write_v4(const struct ip_address *address, char *text)
{
    for (size_t i = 0; i < IP_V4_OCTETS; i++) {
        unsigned number = address->octets[i];

        if (i > 0)
            *text++ = '.';
        if (number >= 100)
            *text++ = (char)('0' + number / 100);
        if (number >= 10)
            *text++ = (char)('0' + number / 10 % 10);
        *text++ = (char)('0' + number % 10);
    }
    *text = '\0';
}

const char *ip_to_text(struct arena *arena, const struct ip_address *address)
{
    char text[INET6_ADDRSTRLEN] = "";

    if (address->family == IP_NONE)
        return NULL;
    if (address->family == IP_V4)
        ip_write_v4(address, text);
    else
        inet_ntop(AF_INET6, address->octets, text, sizeof(text));
    return arena_strdup(arena, text);
}

bool ip_equal(const struct ip_address *a, const struct ip_address *b)
{
    return ip_matches(a, b, a->family == IP_V4 ? 8 * IP_V4_OCTETS : 8 * IP_V6_OCTETS);
}

bool ip_matches(const struct ip_address *a, const struct ip_address *b, unsigned prefix)
{
    unsigned whole = prefix / 8;
    unsigned rest = prefix % 8;

    if (a->family != b->family || memcmp(a->octets, b->octets, whole) != 0)
        return false;
    return rest == 0 || ((a->octets[whole] ^ b->octets[whole]) >> (8 - rest)) == 0;
}

/* is_in - one of the networks holds the address */
static bool is_in(const struct ip_address *address, const struct network *networks,
                  size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct ip_address network = {0};

        ip_parse(span_of(networks[i].address), &network);
        if (ip_matches(address, &network, networks[i].prefix))
            return true;
    }
    return false;
}

bool ip_is_loopback(const struct ip_address *address)
{
    return is_in(address, loopback_networks, COUNT_OF(loopback_networks));
}

bool ip_is_private(const struct ip_address *address)
{
    return is_in(address, private_networks, COUNT_OF(private_networks));
}

bool ip_is_global(const struct ip_address *address)
{
    if (address->family == IP_V6 && !is_in(address, global_ipv6, COUNT_OF(global_ipv6)))
        return false;
    return !ip_is_private(address) &&
           !is_in(address, special_networks, COUNT_OF(special_networks));
}

const char *ip_to_reverse_name(struct arena *arena, const struct ip_address *address)
{
    struct sbuf buf = sbuf_start(arena);
    const uint8_t *octets = address->octets;

    if (address->family == IP_V4)
        return arena_printf(arena, "%u.%u.%u.%u.in-addr.arpa", octets[3], octets[2], octets[1],
                            octets[0]);
    for (int i = IP_V6_OCTETS - 1; i >= 0; i--)
        sbuf_addf(&buf, "%x.%x.", octets[i] & 15U, octets[i] >> 4U);
    sbuf_add(&buf, "ip6.arpa");
    return sbuf_text(&buf);
}
