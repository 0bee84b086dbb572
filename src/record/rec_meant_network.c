/* Addresses and prefix lengths as people write them: netmasks, "192.0.2.*", "/024", "\\24". */
#include <string.h>

#include "record/rec_meant_private.h"

#define PREFIX4_MAX 32  /* RFC 7208, 5.6 */
#define PREFIX6_MAX 128 /* RFC 7208, 5.6 */

/* prefix_of_mask - the length that a netmask says; false: it is not one */
static bool prefix_of_mask(struct span text, unsigned *prefix_out)
{
    struct ip_address mask;
    uint32_t bits = 0;
    unsigned prefix = 0;

    if (!ip_parse(text, &mask) || mask.family != IP_V4)
        return false;
    for (size_t i = 0; i < IP_V4_OCTETS; i++)
        bits = bits << 8 | mask.octets[i];
    if (bits != 0 && (bits & 0x80000000U) == 0)
        bits = ~bits; /* the wildcard mask of a router */
    while (prefix < 32 && (bits << prefix & 0x80000000U) != 0)
        prefix++;
    *prefix_out = prefix;
    return prefix > 0 && (prefix == 32 || bits << prefix == 0);
}

bool rec_fixer_is_mask(struct span text)
{
    unsigned prefix = 0;

    return span_starts_with(text, "255.") && prefix_of_mask(text, &prefix);
}

/* digits_of - digits for the letters that look like them, if there are digits, too */
static struct span digits_of(struct arena *arena, struct span text)
{
    static const char pairs[] = "O0o0l1I1";
    char *digits = arena_strdup_span(arena, text);

    for (size_t i = 0; i < text.len; i++)
        for (size_t k = 0; k + 1 < sizeof(pairs); k += 2)
            if (digits[i] == pairs[k])
                digits[i] = pairs[k + 1];
    return (struct span){digits, text.len};
}

/* quad_of - "192.0.2" and "192.0.2.*" and "192.000.002.001" as an address; `bits_out` says how
 * much of it was written */
static const char *quad_of(struct arena *arena, struct span text, unsigned *bits_out)
{
    uint64_t octets[IP_V4_OCTETS] = {0};
    size_t count = 0;

    while (text.at != NULL && count < IP_V4_OCTETS) {
        struct span digits = span_cut(&text, '.');

        if (span_equal_text(digits, "*") || span_equal_nocase(digits, "x") ||
            (digits.len == 0 && text.at == NULL))
            break;
        if (digits.len == 0 && count > 0)
            continue; /* two dots */
        if (!span_to_number(digits_of(arena, digits), 255, &octets[count]))
            return NULL;
        count++;
    }
    *bits_out = (unsigned)count * 8;
    return count < 2 || (text.len > 0 && count == IP_V4_OCTETS)
               ? NULL
               : arena_printf(arena, "%u.%u.%u.%u", (unsigned)octets[0], (unsigned)octets[1],
                              (unsigned)octets[2], (unsigned)octets[3]);
}

bool rec_fixer_prefix(struct span text, unsigned most, unsigned *prefix_out)
{
    uint64_t number = 0;

    while (text.len > 0 && strchr("/\\", text.at[0]) != NULL)
        text = span_from(text, 1);
    if (text.len > 1 && text.at[text.len - 1] == '.')
        text.len--;
    while (text.len > 1 && text.at[0] == '0' && span_find(text, '.') < 0)
        text = span_from(text, 1);
    if (span_to_number(text, most, &number)) {
        *prefix_out = (unsigned)number;
        return true;
    }
    return prefix_of_mask(text, prefix_out);
}

/* network_end - where the address ends and its prefix begins */
static size_t network_end(struct span text)
{
    size_t end = 0;

    while (end < text.len && strchr("/\\", text.at[end]) == NULL)
        end++;
    return end;
}

const char *rec_fixer_network(struct arena *arena, struct span text, enum ip_family *family_out)
{
    struct ip_address ip;
    unsigned most = PREFIX4_MAX;
    unsigned bits = PREFIX4_MAX;
    unsigned prefix = 0;
    size_t end = network_end(text);
    struct span address = span_sub(text, 0, end);
    const char *plain = NULL;

    if (address.len > 1 && address.at[0] == '[' && address.at[address.len - 1] == ']')
        address = span_sub(address, 1, address.len - 2);
    if (ip_parse(address, &ip)) {
        plain = arena_strdup_span(arena, address);
        most = span_find(address, ':') >= 0 ? PREFIX6_MAX : PREFIX4_MAX;
        bits = most;
    } else {
        plain = quad_of(arena, address, &bits);
    }
    if (plain == NULL ||
        (end < text.len && !rec_fixer_prefix(span_from(text, end), most, &prefix)))
        return NULL;
    *family_out = most == PREFIX4_MAX ? IP_V4 : IP_V6;
    if (end < text.len)
        return arena_printf(arena, "%s/%u", plain, prefix);
    return bits < most ? arena_printf(arena, "%s/%u", plain, bits) : plain;
}

/* quad_number - an address of four octets as a number; false: it is not one */
static bool quad_number(struct span text, uint32_t *number_out)
{
    struct ip_address ip;

    if (!ip_parse(text, &ip) || ip.family != IP_V4)
        return false;
    *number_out = 0;
    for (size_t i = 0; i < IP_V4_OCTETS; i++)
        *number_out = *number_out << 8 | ip.octets[i];
    return true;
}

/* range_end - the last address of a range: whole, or its last octet alone */
static bool range_end(struct span text, uint32_t first, uint32_t *last_out)
{
    uint64_t octet = 0;

    if (quad_number(text, last_out))
        return true;
    if (!span_to_number(text, 255, &octet))
        return false;
    *last_out = (first & 0xFFFFFF00U) | (uint32_t)octet;
    return true;
}

size_t rec_fixer_range(struct arena *arena, struct span text, const char **networks_out,
                       size_t max)
{
    struct span rest = text;
    struct span start = span_cut(&rest, '-');
    uint32_t first = 0;
    uint32_t last = 0;
    size_t count = 0;

    if (!quad_number(start, &first) || !range_end(rest, first, &last) || last < first)
        return 0;
    for (uint64_t at = first; at <= last; count++) {
        unsigned bits = 0;

        while (bits < PREFIX4_MAX && at % (UINT64_C(2) << bits) == 0 &&
               at + (UINT64_C(2) << bits) - 1 <= last)
            bits++;
        if (count == max)
            return 0;
        networks_out[count] = arena_printf(
            arena, "%u.%u.%u.%u/%u", (unsigned)(at >> 24 & 255), (unsigned)(at >> 16 & 255),
            (unsigned)(at >> 8 & 255), (unsigned)(at & 255), PREFIX4_MAX - bits);
        at += UINT64_C(1) << bits;
    }
    return count;
}
