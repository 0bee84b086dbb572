/* RFC 2047 words: "=?charset?encoding?text?=", decoded to UTF-8 where that is simple. */
#include "base/arena.h"
#include "base/base64.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "mail/mail_address_scan.h"

enum charset { CHARSET_OTHER, CHARSET_UTF8, CHARSET_LATIN1 };

/* which_charset - a language after "*" does not matter (RFC 2231, 5) */
static enum charset which_charset(struct span name)
{
    struct span rest = name;
    struct span plain = span_cut(&rest, '*');

    if (span_equal_nocase(plain, "utf-8") || span_equal_nocase(plain, "us-ascii"))
        return CHARSET_UTF8;
    return span_equal_nocase(plain, "iso-8859-1") ? CHARSET_LATIN1 : CHARSET_OTHER;
}

/* decode_q - RFC 2047, 4.2; false if it is malformed */
static bool decode_q(struct span text, struct sbuf *buf)
{
    for (size_t i = 0; i < text.len; i++) {
        int high = i + 2 < text.len ? ascii_hex_value(text.at[i + 1]) : -1;
        int low = high >= 0 ? ascii_hex_value(text.at[i + 2]) : -1;

        if (text.at[i] != '=') {
            sbuf_add_octet(buf, text.at[i] == '_' ? ' ' : text.at[i]);
            continue;
        }
        if (low < 0)
            return false;
        sbuf_add_octet(buf, (char)(high * 16 + low));
        i += 2;
    }
    return true;
}

/* decode_b - RFC 2047, 4.1; padding may be missing, as it often is */
static bool decode_b(struct span text, struct sbuf *buf)
{
    uint32_t bits = 0;
    unsigned count = 0;

    while (text.len > 0 && text.at[text.len - 1] == '=')
        text.len--;
    for (size_t i = 0; i < text.len; i++) {
        int digit = base64_value(text.at[i]);

        if (digit < 0)
            return false;
        bits = (bits << 6 | (uint32_t)digit) & 0xffffff;
        count += 6;
        if (count >= 8) {
            count -= 8;
            sbuf_add_octet(buf, (char)(bits >> count & 0xff));
        }
    }
    return true;
}

/* latin1_to_utf8 - each octet is its own code point */
static struct span latin1_to_utf8(struct arena *arena, struct span text)
{
    struct sbuf buf = sbuf_start(arena);

    for (size_t i = 0; i < text.len; i++) {
        unsigned char octet = (unsigned char)text.at[i];

        if (octet >= 0x80)
            sbuf_add_octet(&buf, (char)(0xc0 | octet >> 6));
        sbuf_add_octet(&buf, (char)(octet >= 0x80 ? 0x80 | (octet & 0x3f) : octet));
    }
    return sbuf_span(&buf);
}

struct span mail_decode_word(struct arena *arena, struct span word, bool *is_encoded_out)
{
    struct span rest = span_sub(word, 2, word.len < 4 ? 0 : word.len - 4);
    struct span charset_name = span_cut(&rest, '?');
    struct span encoding = span_cut(&rest, '?');
    enum charset charset = which_charset(charset_name);
    struct sbuf buf = sbuf_start(arena);
    bool is_read = false;

    *is_encoded_out = false;
    if (word.len < 8 || !span_starts_with(word, "=?") || word.at[word.len - 2] != '?' ||
        word.at[word.len - 1] != '=' || rest.at == NULL || charset == CHARSET_OTHER)
        return word;
    if (span_equal_nocase(encoding, "q"))
        is_read = decode_q(rest, &buf);
    else if (span_equal_nocase(encoding, "b"))
        is_read = decode_b(rest, &buf);
    if (!is_read)
        return word;
    *is_encoded_out = true;
    return charset == CHARSET_LATIN1 ? latin1_to_utf8(arena, sbuf_span(&buf)) : sbuf_span(&buf);
}
