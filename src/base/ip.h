/*
 * NAME
 *     ip - client addresses
 * DESCRIPTION
 *     IPv4 and IPv6 addresses, read from text and written back. An
 *     IPv4-mapped IPv6 address becomes IPv4 at once (RFC 7208, 5).
 * OWNERSHIP
 *     Text lives in the arena.
 * ERRORS
 *     ip_parse() returns false and leaves the address alone.
 * STANDARDS
 *     RFC 4291, 2.2; RFC 5952; RFC 1112, 4; RFC 6666
 */
#ifndef IP_H
#define IP_H

#include "base/arena.h"
#include "base/span.h"

enum ip_family { IP_NONE, IP_V4, IP_V6 };

#define IP_V4_OCTETS 4
#define IP_V6_OCTETS 16

struct ip_address {
    enum ip_family family;
    uint8_t octets[IP_V6_OCTETS]; /* the first four for IP_V4 */
};

bool ip_parse(struct span text, struct ip_address *address_out);
/* a host that is nobody's: class E (RFC 1112, 4), the discard prefix (RFC 6666) */
struct ip_address ip_of_nobody(enum ip_family family);
struct ip_address ip_from_octets(enum ip_family family, const uint8_t *octets);
const char *ip_to_text(struct arena *arena, const struct ip_address *address);
bool ip_equal(const struct ip_address *a, const struct ip_address *b);

/* the families are the same and the first `prefix` bits agree */
bool ip_matches(const struct ip_address *a, const struct ip_address *b, unsigned prefix);

bool ip_is_loopback(const struct ip_address *address);

/* not routable on the Internet: private, loopback, link-local, multicast. Documentation
 * networks count as public, because this project's examples use them */
bool ip_is_private(const struct ip_address *address);

/* a host of the Internet may have it: neither private, nor reserved, nor a form of IPv6 that
 * holds an IPv4 address (RFC 6890 and its registries) */
bool ip_is_global(const struct ip_address *address);

/* "4.3.2.1.in-addr.arpa" or the nibbles under ip6.arpa (RFC 1035, 3.5; RFC 3596, 2.5) */
const char *ip_to_reverse_name(struct arena *arena, const struct ip_address *address);

#endif
