/* One pass, one decision per character: keep, or write as an escape. */
#include "base/escape.h"
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

/* is_harmful - would showing this character change more than its own place */
static bool is_harmful(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0xad ||
           (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2060 && code <= 0x206f) || code == 0xfeff ||
           (code >= 0xfff0 && code <= 0xffff) || (code >= 0xe0000 && code <= 0xe007f);
}

/* add_next - write one character of `bytes`; returns how many octets it took */
static size_t add_next(struct sbuf *buf, struct span bytes)
{
    uint32_t code = 0;
    size_t len = utf8_next(bytes, &code);

    if (len == 0) {
        sbuf_addf(buf, "\\x%02x", (unsigned)(unsigned char)bytes.at[0]);
        return 1;
    }
    if (is_harmful(code))
        sbuf_addf(buf, code < 0x100 ? "\\x%02x" : "\\u{%x}", (unsigned)code);
    else if (code == '\\')
        sbuf_add(buf, "\\\\");
    else
        sbuf_add_span(buf, span_sub(bytes, 0, len));
    return len;
}

const char *escape_to_text(struct arena *arena, struct span bytes, size_t max)
{
    struct sbuf buf = sbuf_start(arena);

    for (size_t at = 0; at < bytes.len;) {
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
