/* The two encodings in one pass each. */
#include "base/transfer.h"

#include "base/base64.h"
#include "base/sbuf.h"

/* decode_quoted - quoted-printable; what is malformed stays as it is */
static struct span decode_quoted(struct arena *arena, struct span bytes)
{
    struct sbuf out = sbuf_start(arena);

    for (size_t at = 0; at < bytes.len; at++) {
        struct span rest = span_from(bytes, at);

        if (rest.at[0] != '=') {
            sbuf_add_octet(&out, rest.at[0]);
        } else if (span_starts_with(rest, "=\n")) {
            at += 1;
        } else if (span_starts_with(rest, "=\r\n")) {
            at += 2;
        } else {
            int high = rest.len >= 3 ? ascii_hex_value(rest.at[1]) : -1;
            int low = high >= 0 ? ascii_hex_value(rest.at[2]) : -1;

            sbuf_add_octet(&out, low >= 0 ? (char)(high * 16 + low) : '=');
            at += low >= 0 ? 2 : 0;
        }
    }
    return sbuf_span(&out);
}

/* decode_base64 - up to its padding; other octets are skipped */
static struct span decode_base64(struct arena *arena, struct span bytes)
{
    struct sbuf out = sbuf_start(arena);
    uint32_t bits = 0;
    unsigned count = 0;

    for (size_t at = 0; at < bytes.len && bytes.at[at] != '='; at++) {
        int value = base64_value(bytes.at[at]);

        if (value < 0)
            continue;
        bits = (bits << 6 | (uint32_t)value) & 0xffffff;
        count += 6;
        if (count >= 8) {
            count -= 8;
            sbuf_add_octet(&out, (char)(bits >> count & 0xff));
        }
    }
    return sbuf_span(&out);
}

struct span transfer_decode(struct arena *arena, struct span bytes, struct span encoding)
{
    if (span_equal_nocase(encoding, "quoted-printable"))
        return decode_quoted(arena, bytes);
    if (span_equal_nocase(encoding, "base64"))
        return decode_base64(arena, bytes);
    return bytes;
}
