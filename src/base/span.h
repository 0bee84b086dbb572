/*
 * NAME
 *     span - bytes that belong to somebody else
 * DESCRIPTION
 *     A pointer and a length. Untrusted bytes travel only as spans: they may
 *     hold NUL, any 8-bit octet and no terminator. The empty span is
 *     {NULL or anything, 0}. Case folding is ASCII.
 * OWNERSHIP
 *     A span owns nothing; it is valid as long as the memory it looks at.
 * ERRORS
 *     None. Every function is total.
 */
#ifndef SPAN_H
#define SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct span {
    const char *at;
    size_t len;
};

/* for printf's "%.*s"; only for bytes known to be printable */
#define SPAN_ARG(s) (int)(s).len, (s).at

/* NULL gives the empty span */
static inline struct span span_of(const char *text)
{
    return (struct span){text, text == NULL ? 0 : strlen(text)};
}

static inline struct span span_make(const char *at, size_t len)
{
    return (struct span){at, len};
}

bool span_equal(struct span a, struct span b);
bool span_equal_text(struct span a, const char *text);
bool span_same_nocase(struct span a, struct span b);
bool span_equal_nocase(struct span a, const char *text);
bool span_starts_with(struct span a, const char *prefix);
bool span_starts_with_nocase(struct span a, const char *prefix);
bool span_ends_with_nocase(struct span a, const char *suffix);

/* both NULL, or equal */
bool text_same(const char *a, const char *b);

/* position, or -1 */
ptrdiff_t span_find(struct span a, char octet);
ptrdiff_t span_find_last(struct span a, char octet);
ptrdiff_t span_find_nocase(struct span a, const char *text);

/* clamps: `from` and `len` beyond the end give what there is */
struct span span_sub(struct span a, size_t from, size_t len);
struct span span_from(struct span a, size_t from);

/* without leading and trailing blanks (SP HTAB CR LF) */
struct span span_trim(struct span a);

/* cut `*rest` at the first `octet`: returns what is before it, `*rest` becomes what is
 * after; without the octet returns everything and `*rest` becomes {NULL, 0} */
struct span span_cut(struct span *rest, char octet);

/* length of the quoted string at the start, quotes included, 0 if it is never closed:
 * RFC 5322, 3.2.4 */
size_t span_quoted_length(struct span a);

/* a decimal number of 1 to 19 digits and nothing else; false otherwise or above `max` */
bool span_to_number(struct span a, uint64_t max, uint64_t *number_out);

/* FNV-1a, 64 bits */
uint64_t span_hash(struct span a);

/* how many elements an array has */
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* ASCII, whatever the locale; inline, because they are called for each octet of a message */
static inline bool ascii_is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool ascii_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool ascii_is_alnum(char c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c);
}

static inline bool ascii_is_blank(char c) /* SP HTAB */
{
    return c == ' ' || c == '\t';
}

static inline bool ascii_is_space(char c) /* SP HTAB CR LF */
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static inline bool ascii_is_visible(char c) /* 33 to 126 */
{
    return c > 32 && c < 127;
}

/* the value of a hexadecimal digit, or -1 */
int ascii_hex_value(char c);

static inline char ascii_to_upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static inline char ascii_to_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

#endif
