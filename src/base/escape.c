/* One pass, one decision per character: keep, or write as an escape. */
#include "base/escape.h"
#include "base/limits.h"
#include "base/sbuf.h"

/* lead_length - how long the UTF-8 sequence says it is, 0 for a wrong lead (RFC 3629, 4) */
static size_t lead_length(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xc2 && lead <= 0xdf)
        return 2;
    if (lead >= 0xe0 && lead <= 0xef)
        return 3;
    return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

size_t utf8_next(struct span bytes, uint32_t *code_out)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t len = bytes.len == 0 ? 0 : lead_length((unsigned char)bytes.at[0]);
    uint32_t code = 0;

    if (len == 0 || len > bytes.len)
        return 0;
    code = (unsigned char)bytes.at[0];
    if (len > 1)
        code &= 0x7fU >> len;
    for (size_t i = 1; i < len; i++) {
        unsigned char next = (unsigned char)bytes.at[i];

        if ((next & 0xc0) != 0x80)
            return 0;
        code = (code << 6) | (next & 0x3f);
    }
    if (code < least[len] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
        return 0;
    *code_out = code;
    return len;
}

/* what is not shown in its own place, or changes others: Unicode's categories Cc, Cf, Zl and
 * Zp, fillers that look like nothing, and what no font has (specials and tags) */
static const struct {
    uint32_t first;
    uint32_t last;
} harmful[] = {
    {0x00, 0x1f},       {0x7f, 0x9f},       {0xad, 0xad},       {0x0600, 0x0605},
    {0x061c, 0x061c},   {0x06dd, 0x06dd},   {0x070f, 0x070f},   {0x0890, 0x0891},
    {0x08e2, 0x08e2},   {0x115f, 0x1160},   {0x17b4, 0x17b5},   {0x180e, 0x180e},
    {0x200b, 0x200f},   {0x2028, 0x202e},   {0x2060, 0x206f},   {0x3164, 0x3164},
    {0xfeff, 0xfeff},   {0xffa0, 0xffa0},   {0xfff0, 0xffff},   {0x110bd, 0x110bd},
    {0x110cd, 0x110cd}, {0x13430, 0x1343f}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a},
    {0xe0000, 0xe0fff},
};

/* is_harmful - must be written as an escape */
static bool is_harmful(uint32_t code)
{
    if (code >= 0x20 && code < 0x7f)
        return false;
    for (size_t i = 0; i < COUNT_OF(harmful); i++)
        if (code <= harmful[i].last)
            return code >= harmful[i].first;
    return false;
}

/* add_next - one character of `bytes`; returns how many octets it has */
static size_t add_next(struct sbuf *buf, struct span bytes)
{
    uint32_t code = 0;
    size_t len = utf8_next(bytes, &code);

    if (len == 0) {
        sbuf_addf(buf, "\\x%02x", (unsigned)(unsigned char)bytes.at[0]);
        return 1;
    }
    if (is_harmful(code))
        sbuf_addf(buf, code < 0x80 ? "\\x%02x" : "\\u{%x}", (unsigned)code);
    else if (code == '\\')
        sbuf_add(buf, "\\\\");
    else
        sbuf_add_span(buf, span_sub(bytes, 0, len));
    return len;
}

/* plain_length - leading octets that are ASCII and need no escape */
static size_t plain_length(struct span bytes)
{
    size_t len = 0;

    while (len < bytes.len && bytes.at[len] >= ' ' && bytes.at[len] <= '~' &&
           bytes.at[len] != '\\')
        len++;
    return len;
}

const char *escape_to_text(struct arena *arena, struct span bytes, size_t max)
{
    struct sbuf buf = sbuf_start(arena);
    size_t plain = plain_length(max > 0 ? span_sub(bytes, 0, max) : bytes);

    if (plain == bytes.len)
        return arena_strdup_span(arena, bytes);
    sbuf_add_span(&buf, span_sub(bytes, 0, plain));
    for (size_t at = plain; at < bytes.len;) {
        if (max > 0 && at >= max) {
            sbuf_add(&buf, "...");
            break;
        }
        at += add_next(&buf, span_from(bytes, at));
    }
    return sbuf_text(&buf);
}

const char *escape_header(struct arena *arena, struct span value, size_t max)
{
    struct sbuf flat = sbuf_start(arena);
    bool was_space = false;

    value = span_trim(value);
    for (size_t i = 0; i < value.len; i++) {
        bool is_space = ascii_is_space(value.at[i]);

        if (!is_space)
            sbuf_add_octet(&flat, value.at[i]);
        else if (!was_space)
            sbuf_add_octet(&flat, ' ');
        was_space = is_space;
    }
    return escape_to_text(arena, sbuf_span(&flat), max);
}

const char *escape_shown(struct arena *arena, const char *text)
{
    return escape_to_text(arena, span_of(text), LIMIT_SHOWN_BYTES);
}

const char *escape_safe(struct arena *arena, const char *text)
{
    struct sbuf buf = sbuf_start(arena);
    struct span rest = span_of(text);

    if (plain_length(rest) == rest.len)
        return arena_strdup_span(arena, rest);
    while (rest.at != NULL) {
        bool has_more = span_find(rest, '\\') >= 0;

        sbuf_add(&buf, escape_to_text(arena, span_cut(&rest, '\\'), 0));
        if (has_more)
            sbuf_add_octet(&buf, '\\');
    }
    return sbuf_text(&buf);
}
