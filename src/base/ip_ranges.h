/*
 * NAME
 *     ip_ranges - sets of addresses of one family
 * DESCRIPTION
 *     A set is a list of ranges from low to high that neither overlap nor
 *     touch, so that equal sets have equal lists. Networks are added with
 *     ip_ranges_add_network() in any order and become a set by
 *     ip_ranges_settle(); all other functions take sets and return sets.
 *
 *     ip_ranges_next_network() gives the fewest networks in CIDR form that make
 *     up the set.
 * OWNERSHIP
 *     Ranges live in the arena; sets are never changed once they are settled.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 4632 (CIDR)
 */
#ifndef IP_RANGES_H
#define IP_RANGES_H

#include "base/arena.h"
#include "base/ip.h"

struct ip_point { /* an address as a number; IPv4 is in `low` */
    uint64_t high;
    uint64_t low;
};

struct ip_range {
    struct ip_point first;
    struct ip_point last; /* belongs to it */
};

struct ip_ranges {
    enum ip_family family;
    struct ip_range *ranges;
    size_t count;
};

struct ip_network {
    struct ip_address address;
    unsigned prefix;
};

/* where a walk over the networks of a set is; begin with all zero */
struct ip_network_walk {
    size_t range;
    bool is_inside; /* a part of the range was given out */
    struct ip_point next;
};

struct ip_ranges ip_ranges_none(enum ip_family family);
struct ip_ranges ip_ranges_all(struct arena *arena, enum ip_family family);

/* addresses of another family are left out; bits beyond `prefix` do not count */
void ip_ranges_add_network(struct arena *arena, struct ip_ranges *ranges,
                           const struct ip_address *address, unsigned prefix);
void ip_ranges_settle(struct ip_ranges *ranges);

struct ip_ranges ip_ranges_union(struct arena *arena, const struct ip_ranges *a,
                                 const struct ip_ranges *b);
struct ip_ranges ip_ranges_intersection(struct arena *arena, const struct ip_ranges *a,
                                        const struct ip_ranges *b);
/* what is in `a` and not in `b` */
struct ip_ranges ip_ranges_difference(struct arena *arena, const struct ip_ranges *a,
                                      const struct ip_ranges *b);

/* the whole network is in the set, which is settled */
bool ip_ranges_cover(const struct ip_ranges *ranges, const struct ip_address *address,
                     unsigned prefix);
bool ip_ranges_hold(const struct ip_ranges *ranges, const struct ip_address *address);
bool ip_ranges_are_all(const struct ip_ranges *ranges);

/* how many addresses: exactly, as a decimal number, and roughly, for comparisons */
const char *ip_ranges_size_text(struct arena *arena, const struct ip_ranges *ranges);
/* the same in groups of three: "1,048,576" */
const char *ip_ranges_size_grouped(struct arena *arena, const struct ip_ranges *ranges);
double ip_ranges_size(const struct ip_ranges *ranges);

/* the next network, from low to high; false: no more */
bool ip_ranges_next_network(const struct ip_ranges *ranges, struct ip_network_walk *walk,
                            struct ip_network *network_out);
/* how many that gives */
size_t ip_ranges_count_networks(const struct ip_ranges *ranges);
/* "192.0.2.0/24"; a single address without prefix */
const char *ip_network_to_text(struct arena *arena, const struct ip_network *network);

struct ip_point ip_to_point(const struct ip_address *address);
struct ip_address ip_from_point(enum ip_family family, struct ip_point point);

#endif
