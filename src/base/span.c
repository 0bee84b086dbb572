/* Looking at bytes without owning them; nothing here allocates. */
#include <string.h>

#include "base/span.h"

#define NUMBER_DIGITS_MAX 19 /* the most that always fit into 64 bits */

/* FNV-1a */
#define HASH_START 14695981039346656037U
#define HASH_PRIME 1099511628211U
#define HASH_FOLD  32

bool span_equal(struct span a, struct span b)
{
    return a.len == b.len &&
           (a.len == 0 || (a.at[0] == b.at[0] && memcmp(a.at, b.at, a.len) == 0));
}

bool span_equal_text(struct span a, const char *text)
{
    return span_equal(a, span_of(text));
}

/* equal_folded - compare `len` octets, ASCII letters without case */
static bool equal_folded(const char *a, const char *b, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (ascii_to_lower(a[i]) != ascii_to_lower(b[i]))
            return false;
    return true;
}

bool span_same_nocase(struct span a, struct span b)
{
    return a.len == b.len && equal_folded(a.at, b.at, a.len);
}

/* same_start - how many octets at the start are those of the text, ASCII letters without case;
 * most comparisons end at the first one */
static size_t same_start(struct span a, const char *text)
{
    size_t len = 0;

    while (len < a.len && text[len] != '\0' &&
           ascii_to_lower(a.at[len]) == ascii_to_lower(text[len]))
        len++;
    return len;
}

bool span_equal_nocase(struct span a, const char *text)
{
    size_t len = same_start(a, text);

    return len == a.len && text[len] == '\0';
}

bool text_same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

bool span_starts_with(struct span a, const char *prefix)
{
    size_t len = strlen(prefix);

    return len == 0 || (a.len >= len && memcmp(a.at, prefix, len) == 0);
}

bool span_starts_with_nocase(struct span a, const char *prefix)
{
    return prefix[same_start(a, prefix)] == '\0';
}

bool span_ends_with_nocase(struct span a, const char *suffix)
{
    size_t len = strlen(suffix);

    return len == 0 || (a.len >= len && equal_folded(a.at + a.len - len, suffix, len));
}

ptrdiff_t span_find(struct span a, char octet)
{
    const char *hit = a.len == 0 ? NULL : memchr(a.at, octet, a.len);

    return hit == NULL ? -1 : hit - a.at;
}

ptrdiff_t span_find_last(struct span a, char octet)
{
    for (size_t i = a.len; i > 0; i--)
        if (a.at[i - 1] == octet)
            return (ptrdiff_t)(i - 1);
    return -1;
}

ptrdiff_t span_find_nocase(struct span a, const char *text)
{
    size_t len = strlen(text);

    for (size_t at = 0; at + len <= a.len; at++)
        if (equal_folded(a.at + at, text, len))
            return (ptrdiff_t)at;
    return -1;
}

struct span span_sub(struct span a, size_t from, size_t len)
{
    if (from >= a.len)
        return (struct span){a.at == NULL ? NULL : a.at + a.len, 0};
    return (struct span){a.at + from, len < a.len - from ? len : a.len - from};
}

struct span span_from(struct span a, size_t from)
{
    return span_sub(a, from, a.len);
}

struct span span_trim(struct span a)
{
    while (a.len > 0 && ascii_is_space(a.at[0])) {
        a.at++;
        a.len--;
    }
    while (a.len > 0 && ascii_is_space(a.at[a.len - 1]))
        a.len--;
    return a;
}

struct span span_cut(struct span *rest, char octet)
{
    ptrdiff_t at = span_find(*rest, octet);
    struct span whole = *rest;

    if (at < 0) {
        *rest = (struct span){NULL, 0};
        return whole;
    }
    *rest = span_from(whole, (size_t)at + 1);
    return span_sub(whole, 0, (size_t)at);
}

size_t span_quoted_length(struct span a)
{
    for (size_t i = 1; i < a.len; i++) {
        if (a.at[i] == '\\')
            i++;
        else if (a.at[i] == '"')
            return i + 1;
    }
    return 0;
}

bool span_to_number(struct span a, uint64_t max, uint64_t *number_out)
{
    uint64_t number = 0;

    if (a.len == 0 || a.len > NUMBER_DIGITS_MAX)
        return false;
    for (size_t i = 0; i < a.len; i++) {
        if (!ascii_is_digit(a.at[i]))
            return false;
        number = number * 10 + (uint64_t)(a.at[i] - '0');
    }
    if (number > max)
        return false;
    *number_out = number;
    return true;
}

uint64_t span_hash(struct span a)
{
    uint64_t hash = HASH_START ^ a.len;
    uint64_t word = 0;

    for (; a.len >= sizeof(word); a = span_from(a, sizeof(word))) {
        memcpy(&word, a.at, sizeof(word));
        hash = (hash ^ word) * HASH_PRIME;
        hash ^= hash >> HASH_FOLD; /* a product has the high octets in its high bits alone */
    }
    for (size_t i = 0; i < a.len; i++)
        hash = (hash ^ (unsigned char)a.at[i]) * HASH_PRIME;
    return hash ^ hash >> HASH_FOLD;
}

int ascii_hex_value(char c)
{
    if (ascii_is_digit(c))
        return c - '0';
    c = ascii_to_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}
