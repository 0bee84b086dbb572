/*
 * Addresses are numbers of 128 bits, in two halves since C11 has no type for them. Every
 * operation is one merge of two sorted lists.
 */
#include <stdlib.h>
#include <string.h>

#include "base/ip_ranges.h"
#include "base/must.h"
#include "base/sbuf.h"

#define BITS_HALF 64
#define DIGITS    40 /* of 2^128 and a NUL */

/* ---- numbers ---- */

/* ip_ranges_less - a comes before b */
static bool ip_ranges_less(struct ip_point a, struct ip_point b)
{
    return a.high < b.high || (a.high == b.high && a.low < b.low);
}

/* ip_ranges_equal - the same number */
static bool ip_ranges_equal(struct ip_point a, struct ip_point b)
{
    return a.high == b.high && a.low == b.low;
}

/* ip_ranges_after - the number that follows; 0 after the highest */
static struct ip_point ip_ranges_after(struct ip_point a)
{
    a.low++;
    a.high += a.low == 0;
    return a;
}

/* ip_ranges_before - the number in front of it */
static struct ip_point ip_ranges_before(struct ip_point a)
{
    a.high -= a.low == 0;
    a.low--;
    return a;
}

/* bits_of - of an address of the family */
static unsigned bits_of(enum ip_family family)
{
    return 8 * (family == IP_V4 ? IP_V4_OCTETS : IP_V6_OCTETS);
}

/* low_bits - a number with this many ones at its end */
static struct ip_point low_bits(unsigned count)
{
    struct ip_point ones = {0, UINT64_MAX};

    if (count < BITS_HALF)
        ones.low = ((uint64_t)1 << count) - 1;
    else if (count == 2 * BITS_HALF)
        ones.high = UINT64_MAX;
    else if (count > BITS_HALF)
        ones.high = ((uint64_t)1 << (count - BITS_HALF)) - 1;
    return ones;
}

struct ip_point ip_to_point(const struct ip_address *address)
{
    struct ip_point point = {0, 0};

    for (unsigned i = 0; i < bits_of(address->family) / 8; i++) {
        point.high = point.high << 8 | point.low >> (BITS_HALF - 8);
        point.low = point.low << 8 | address->octets[i];
    }
    return point;
}

struct ip_address ip_from_point(enum ip_family family, struct ip_point point)
{
    struct ip_address address = {.family = family};

    for (unsigned i = bits_of(family) / 8; i > 0; i--) {
        address.octets[i - 1] = (uint8_t)(point.low & 0xff);
        point.low = point.low >> 8 | point.high << (BITS_HALF - 8);
        point.high >>= 8;
    }
    return address;
}

/* ---- making sets ---- */

struct ip_ranges ip_ranges_none(enum ip_family family)
{
    return (struct ip_ranges){family, NULL, 0};
}

struct ip_ranges ip_ranges_all(struct arena *arena, enum ip_family family)
{
    struct ip_ranges all = ip_ranges_none(family);

    arena_append(arena, all.ranges, all.count,
                 ((struct ip_range){{0, 0}, low_bits(bits_of(family))}));
    return all;
}

/* network_range - from its first address to its last */
static struct ip_range network_range(const struct ip_address *address, unsigned prefix)
{
    unsigned bits = bits_of(address->family);
    struct ip_point host = low_bits(prefix < bits ? bits - prefix : 0);
    struct ip_range range = {ip_to_point(address), {0, 0}};

    range.first.high &= ~host.high;
    range.first.low &= ~host.low;
    range.last.high = range.first.high | host.high;
    range.last.low = range.first.low | host.low;
    return range;
}

void ip_ranges_add_network(struct arena *arena, struct ip_ranges *ranges,
                           const struct ip_address *address, unsigned prefix)
{
    if (address->family == ranges->family)
        arena_append(arena, ranges->ranges, ranges->count, network_range(address, prefix));
}

/* by_first - for qsort() */
static int by_first(const void *a, const void *b)
{
    const struct ip_range *left = a;
    const struct ip_range *right = b;

    if (!ip_ranges_equal(left->first, right->first))
        return ip_ranges_less(left->first, right->first) ? -1 : 1;
    if (ip_ranges_equal(left->last, right->last))
        return 0;
    return ip_ranges_less(left->last, right->last) ? -1 : 1;
}

void ip_ranges_settle(struct ip_ranges *ranges)
{
    size_t kept = 0;

    if (ranges->count < 2)
        return;
    qsort(ranges->ranges, ranges->count, sizeof(*ranges->ranges), by_first);
    for (size_t i = 1; i < ranges->count; i++) {
        struct ip_range *last = &ranges->ranges[kept];
        const struct ip_range *next = &ranges->ranges[i];
        /* the highest address has none after it */
        bool is_end = ip_ranges_equal(last->last, low_bits(bits_of(ranges->family)));

        if (!is_end && ip_ranges_less(ip_ranges_after(last->last), next->first))
            ranges->ranges[++kept] = *next;
        else if (ip_ranges_less(last->last, next->last))
            last->last = next->last;
    }
    ranges->count = kept + 1;
}

/* ---- two sets ---- */

struct ip_ranges ip_ranges_union(struct arena *arena, const struct ip_ranges *a,
                                 const struct ip_ranges *b)
{
    struct ip_ranges both = ip_ranges_none(a->family);
    size_t i = 0;
    size_t j = 0;

    must(a->family == b->family);
    if (a->count == 0 || b->count == 0)
        return a->count == 0 ? *b : *a;
    both.ranges = arena_array_of(arena, struct ip_range, a->count + b->count);
    while (i < a->count || j < b->count) {
        bool is_left = j == b->count ||
                       (i < a->count && ip_ranges_less(a->ranges[i].first, b->ranges[j].first));

        both.ranges[both.count++] = is_left ? a->ranges[i++] : b->ranges[j++];
    }
    ip_ranges_settle(&both);
    return both;
}

struct ip_ranges ip_ranges_intersection(struct arena *arena, const struct ip_ranges *a,
                                        const struct ip_ranges *b)
{
    struct ip_ranges both = ip_ranges_none(a->family);
    size_t i = 0;
    size_t j = 0;

    must(a->family == b->family);
    while (i < a->count && j < b->count) {
        const struct ip_range *left = &a->ranges[i];
        const struct ip_range *right = &b->ranges[j];
        struct ip_range common = {
            ip_ranges_less(left->first, right->first) ? right->first : left->first,
            ip_ranges_less(left->last, right->last) ? left->last : right->last};

        if (!ip_ranges_less(common.last, common.first))
            arena_append(arena, both.ranges, both.count, common);
        if (ip_ranges_less(left->last, right->last))
            i++;
        else
            j++;
    }
    return both;
}

struct ip_ranges ip_ranges_difference(struct arena *arena, const struct ip_ranges *a,
                                      const struct ip_ranges *b)
{
    struct ip_ranges rest = ip_ranges_none(a->family);
    size_t j = 0;

    must(a->family == b->family);
    for (size_t i = 0; i < a->count; i++) {
        struct ip_range left = a->ranges[i];
        bool is_gone = false;

        while (j < b->count && ip_ranges_less(b->ranges[j].last, left.first))
            j++;
        for (size_t k = j;
             k < b->count && !is_gone && !ip_ranges_less(left.last, b->ranges[k].first); k++) {
            const struct ip_range *cut = &b->ranges[k];

            if (ip_ranges_less(left.first, cut->first))
                arena_append(arena, rest.ranges, rest.count,
                             ((struct ip_range){left.first, ip_ranges_before(cut->first)}));
            is_gone = !ip_ranges_less(cut->last, left.last);
            if (!is_gone)
                left.first = ip_ranges_after(cut->last);
        }
        if (!is_gone)
            arena_append(arena, rest.ranges, rest.count, left);
    }
    return rest;
}

/* ---- what is in a set ---- */

bool ip_ranges_cover(const struct ip_ranges *ranges, const struct ip_address *address,
                     unsigned prefix)
{
    struct ip_range wanted = network_range(address, prefix);
    size_t low = 0;
    size_t high = ranges->count;

    if (address->family != ranges->family)
        return false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (ip_ranges_less(ranges->ranges[middle].last, wanted.first))
            low = middle + 1;
        else
            high = middle;
    }
    return low < ranges->count && !ip_ranges_less(wanted.first, ranges->ranges[low].first) &&
           !ip_ranges_less(ranges->ranges[low].last, wanted.last);
}

bool ip_ranges_hold(const struct ip_ranges *ranges, const struct ip_address *address)
{
    return ip_ranges_cover(ranges, address, bits_of(address->family));
}

bool ip_ranges_are_all(const struct ip_ranges *ranges)
{
    return ranges->count == 1 &&
           ip_ranges_equal(ranges->ranges[0].first, (struct ip_point){0, 0}) &&
           ip_ranges_equal(ranges->ranges[0].last, low_bits(bits_of(ranges->family)));
}

/* ip_ranges_distance - from the first to the last address: one less than how many they are */
static struct ip_point ip_ranges_distance(const struct ip_range *range)
{
    return (struct ip_point){range->last.high - range->first.high -
                                 (range->last.low < range->first.low),
                             range->last.low - range->first.low};
}

double ip_ranges_size(const struct ip_ranges *ranges)
{
    static const double half = 18446744073709551616.0; /* 2^64 */
    double size = 0;

    for (size_t i = 0; i < ranges->count; i++) {
        struct ip_point length = ip_ranges_distance(&ranges->ranges[i]);

        size += (double)length.high * half + (double)length.low + 1;
    }
    return size;
}

/* to_decimal - divide by ten until nothing is left, half by half of each half */
static const char *to_decimal(struct arena *arena, struct ip_point number)
{
    uint32_t parts[4] = {(uint32_t)(number.high >> 32), (uint32_t)number.high,
                         (uint32_t)(number.low >> 32), (uint32_t)number.low};
    char digits[DIGITS];
    size_t at = sizeof(digits) - 1;
    bool is_left = true;

    digits[at] = '\0';
    while (is_left) {
        uint64_t rest = 0;

        is_left = false;
        for (size_t i = 0; i < 4; i++) {
            rest = rest << 32 | parts[i];
            parts[i] = (uint32_t)(rest / 10);
            rest %= 10;
            is_left = is_left || parts[i] != 0;
        }
        digits[--at] = (char)('0' + rest);
    }
    return arena_strdup(arena, &digits[at]);
}

const char *ip_ranges_size_text(struct arena *arena, const struct ip_ranges *ranges)
{
    static const char everything[] = "340282366920938463463374607431768211456"; /* 2^128 */
    struct ip_point size = {0, 0};

    for (size_t i = 0; i < ranges->count; i++) {
        struct ip_point length = ip_ranges_after(ip_ranges_distance(&ranges->ranges[i]));

        size.low += length.low;
        size.high += length.high + (size.low < length.low);
    }
    if (ranges->count > 0 && ip_ranges_equal(size, (struct ip_point){0, 0}))
        return everything;
    return to_decimal(arena, size);
}

/* ip_ranges_fit - how many host bits the largest network has that begins here and ends by
 * `last` */
static unsigned ip_ranges_fit(struct ip_point first, struct ip_point last, unsigned bits)
{
    unsigned host = 0;

    while (host < bits) {
        struct ip_point ones = low_bits(host + 1);
        struct ip_point end = {first.high | ones.high, first.low | ones.low};

        if ((first.high & ones.high) != 0 || (first.low & ones.low) != 0 ||
            ip_ranges_less(last, end))
            break;
        host++;
    }
    return host;
}

bool ip_ranges_next_network(const struct ip_ranges *ranges, struct ip_network_walk *walk,
                            struct ip_network *network_out)
{
    unsigned bits = bits_of(ranges->family);
    const struct ip_range *range = NULL;
    struct ip_point ones;
    struct ip_point end;
    unsigned host = 0;

    if (walk->range >= ranges->count)
        return false;
    range = &ranges->ranges[walk->range];
    if (!walk->is_inside)
        walk->next = range->first;
    host = ip_ranges_fit(walk->next, range->last, bits);
    network_out->address = ip_from_point(ranges->family, walk->next);
    network_out->prefix = bits - host;
    ones = low_bits(host);
    end = (struct ip_point){walk->next.high | ones.high, walk->next.low | ones.low};
    walk->is_inside = !ip_ranges_equal(end, range->last);
    walk->range += !walk->is_inside;
    walk->next = ip_ranges_after(end);
    return true;
}

const char *ip_network_to_text(struct arena *arena, const struct ip_network *network)
{
    const char *address = ip_to_text(arena, &network->address);

    if (network->prefix == bits_of(network->address.family))
        return address;
    return arena_printf(arena, "%s/%u", address, network->prefix);
}

size_t ip_ranges_count_networks(const struct ip_ranges *ranges)
{
    struct ip_network_walk walk = {0};
    struct ip_network network;
    size_t count = 0;

    while (ip_ranges_next_network(ranges, &walk, &network))
        count++;
    return count;
}

const char *ip_ranges_size_grouped(struct arena *arena, const struct ip_ranges *ranges)
{
    struct sbuf text = sbuf_start(arena);

    sbuf_add_grouped(&text, ip_ranges_size_text(arena, ranges));
    return sbuf_text(&text);
}
