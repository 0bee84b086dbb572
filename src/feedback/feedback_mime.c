/* As much of MIME as reports need. */
#include "feedback/feedback_mime.h"
#include "base/base64.h"
#include "base/mime.h"

#include <string.h>

static const struct {
    const char *type; /* how it begins */
    enum feedback_mime_kind kind;
} types[] = {
    {"multipart/", FEEDBACK_MIME_MULTIPART},
    {"message/rfc822", FEEDBACK_MIME_MESSAGE},
    {"message/global", FEEDBACK_MIME_MESSAGE},
    {"text/xml", FEEDBACK_MIME_REPORT},
    {"application/xml", FEEDBACK_MIME_REPORT},
    {"application/gzip", FEEDBACK_MIME_REPORT},
    {"application/x-gzip", FEEDBACK_MIME_REPORT},
    {"application/x-gunzip", FEEDBACK_MIME_REPORT},
    {"application/gunzip", FEEDBACK_MIME_REPORT},
    {"application/zip", FEEDBACK_MIME_REPORT},
    {"application/x-zip", FEEDBACK_MIME_REPORT},
    {"application/x-compressed", FEEDBACK_MIME_REPORT},
    {"application/tlsrpt", FEEDBACK_MIME_REPORT}, /* RFC 8460, 6.4 and 6.5 */
    {"text/plain", FEEDBACK_MIME_TEXT},
    {"application/octet-stream", FEEDBACK_MIME_OCTETS},
};

struct feedback_mime feedback_mime_none(void)
{
    return (struct feedback_mime){.kind = FEEDBACK_MIME_TEXT};
}

/* mime_type - Content-Type */
static void mime_type(struct feedback_mime *mime, struct span value)
{
    struct span type = span_trim(value);
    struct span boundary = mime_parameter(value, "boundary");

    mime->kind = FEEDBACK_MIME_NEVER;
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (span_starts_with_nocase(type, types[i].type)) {
            mime->kind = types[i].kind;
            break;
        }
    mime->boundary_len = boundary.len <= sizeof(mime->boundary) ? boundary.len : 0;
    if (mime->boundary_len > 0)
        memcpy(mime->boundary, boundary.at, mime->boundary_len);
}

/* mime_take - the field that was unfolded */
static void mime_take(struct feedback_mime *mime)
{
    struct span value = span_make(mime->field, mime->field_len);
    struct span name = span_trim(span_cut(&value, ':'));

    if (span_equal_nocase(name, "Content-Type"))
        mime_type(mime, value);
    else if (span_equal_nocase(name, "Content-Transfer-Encoding"))
        mime->coding = span_equal_nocase(span_trim(value), "base64") ? FEEDBACK_MIME_BASE64
                       : span_equal_nocase(span_trim(value), "quoted-printable")
                           ? FEEDBACK_MIME_QUOTED
                           : FEEDBACK_MIME_AS_IS;
    mime->field_len = 0;
}

void feedback_mime_field(struct feedback_mime *mime, struct span line)
{
    struct span part = {0};

    if (line.len > 0 && !ascii_is_blank(line.at[0]))
        mime_take(mime);
    part = span_sub(line, 0, sizeof(mime->field) - mime->field_len);
    if (part.len > 0)
        memcpy(mime->field + mime->field_len, part.at, part.len);
    mime->field_len += part.len;
}

void feedback_mime_end(struct feedback_mime *mime)
{
    mime_take(mime);
}

/* ---- bodies ---- */

/* mime_base64 - other octets are skipped */
static void mime_base64(struct feedback_mime *mime, struct feedback_part *part,
                        struct span line)
{
    char out[1024];
    size_t len = 0;

    for (size_t i = 0; i < line.len; i++) {
        int digit = base64_value(line.at[i]);

        if (digit < 0)
            continue;
        mime->bits = mime->bits << 6 | (uint32_t)digit;
        if (++mime->letters % 4 != 0)
            continue;
        out[len++] = (char)(mime->bits >> 16);
        out[len++] = (char)(mime->bits >> 8);
        out[len++] = (char)mime->bits;
        if (len > sizeof(out) - 3) {
            feedback_part_feed(part, span_make(out, len));
            len = 0;
        }
    }
    if (len > 0)
        feedback_part_feed(part, span_make(out, len));
}

struct span feedback_mime_rest(struct feedback_mime *mime, char rest[FEEDBACK_MIME_REST])
{
    unsigned left = mime->letters % 4;
    size_t len = 0;

    if (mime->coding != FEEDBACK_MIME_BASE64 || left < 2)
        return (struct span){rest, 0};
    mime->bits <<= 6 * (4 - left);
    rest[len++] = (char)(mime->bits >> 16);
    if (left == 3)
        rest[len++] = (char)(mime->bits >> 8);
    mime->letters = 0;
    return (struct span){rest, len};
}

/* mime_quoted - "=3D", and "=" at the end of a line (RFC 2045, 6.7) */
static void mime_quoted(struct feedback_part *part, struct span line, bool is_whole)
{
    bool is_soft = false;

    if (is_whole)
        while (line.len > 0 && ascii_is_blank(line.at[line.len - 1]))
            line.len--;
    is_soft = is_whole && line.len > 0 && line.at[line.len - 1] == '=';
    if (is_soft)
        line.len--;
    while (line.len > 0) {
        ptrdiff_t sign = span_find(line, '=');
        size_t len = sign < 0 ? line.len : (size_t)sign;
        int high = len + 2 < line.len ? ascii_hex_value(line.at[len + 1]) : -1;
        int low = high >= 0 ? ascii_hex_value(line.at[len + 2]) : -1;

        feedback_part_feed(part, span_sub(line, 0, len));
        line = span_from(line, len);
        if (low >= 0) {
            char octet = (char)(high << 4 | low);

            feedback_part_feed(part, span_make(&octet, 1));
            line = span_from(line, 3);
        } else if (line.len > 0) {
            feedback_part_feed(part, span_sub(line, 0, 1));
            line = span_from(line, 1);
        }
    }
    if (is_whole && !is_soft)
        feedback_part_feed(part, span_make("\r\n", 2));
}

void feedback_mime_decode(struct feedback_mime *mime, struct feedback_part *part,
                          struct span line, bool is_whole)
{
    if (mime->coding == FEEDBACK_MIME_BASE64) {
        mime_base64(mime, part, line);
    } else if (mime->coding == FEEDBACK_MIME_QUOTED) {
        mime_quoted(part, line, is_whole);
    } else {
        feedback_part_feed(part, line);
        if (is_whole)
            feedback_part_feed(part, span_make("\r\n", 2));
    }
}
