/*
 * Damages that know the parts of a message: transfer encodings and character sets. A part that
 * was encoded has another Content-Transfer-Encoding in its header, which is a part of the body.
 */
#include "auth/auth_damage_body.h"
#include "base/base64.h"
#include "base/escape.h"
#include "base/sbuf.h"

#define QP_LINE 76 /* RFC 2045, 6.7: longest encoded line, its "=" included */
#define UPPER   8  /* of `param`: the name of the character set in upper case */

/* ---- transfer encodings ---- */

/* encoding_rename - in a header of a part the word `from` becomes `to`; false: another line */
static bool encoding_rename(struct damage_run *run, const struct damage_line *line,
                            const char *from, const char *to)
{
    struct span value = {NULL, 0};
    struct span word = {NULL, 0};

    if (!line->mime->in_header)
        return false;
    value = damage_mime_value(line->text, "Content-Transfer-Encoding");
    word = span_trim(value);
    if (value.at == NULL || !span_equal_nocase(word, from))
        return false;
    sbuf_add_span(run->out, span_make(line->text.at, (size_t)(word.at - line->text.at)));
    sbuf_add(run->out, to);
    sbuf_add_span(run->out, line->end);
    return true;
}

bool damage_undo_qp(struct damage_run *run, const struct damage_line *line)
{
    struct span text = line->text;
    bool is_soft = false;

    if (run->param > 0 && line->mime->boundary_count == 0)
        return false;
    if (encoding_rename(run, line, "quoted-printable", run->param == 0 ? "8bit" : "7bit"))
        return true;
    if (!line->mime->in_part || line->mime->encoding != DAMAGE_ENCODING_QP ||
        span_find(text, '=') < 0)
        return false;
    while (text.len > 0 && ascii_is_blank(text.at[text.len - 1]))
        text.len--;
    if (text.len > 0 && text.at[text.len - 1] == '=') {
        is_soft = true;
        text.len--;
    }
    for (size_t i = 0; i < text.len; i++) {
        int high = i + 2 < text.len && text.at[i] == '=' ? ascii_hex_value(text.at[i + 1]) : -1;
        int low = high >= 0 ? ascii_hex_value(text.at[i + 2]) : -1;

        if (low >= 0) {
            sbuf_add_octet(run->out, (char)(high * 16 + low));
            i += 2;
        } else {
            sbuf_add_octet(run->out, text.at[i]);
        }
    }
    if (!is_soft)
        sbuf_add_span(run->out, line->end);
    return true;
}

/* base64_take - one letter more; octets that are whole go out */
static void base64_take(struct damage_run *run, int value)
{
    struct damage_carry *carry = &run->carry;

    carry->bits = carry->bits << 6 | (uint32_t)value;
    carry->count += 6;
    if (carry->count < 8)
        return;
    carry->count -= 8;
    carry->last[0] = carry->last[1];
    carry->last[1] = (char)(carry->bits >> carry->count & 0xFF);
    sbuf_add_octet(run->out, carry->last[1]);
}

bool damage_undo_base64(struct damage_run *run, const struct damage_line *line)
{
    struct damage_carry *carry = &run->carry;

    if (run->param > 0 && line->mime->boundary_count == 0)
        return false;
    if (encoding_rename(run, line, "base64", run->param == 0 ? "8bit" : "7bit"))
        return true;
    if (!line->mime->in_part || line->mime->encoding != DAMAGE_ENCODING_BASE64) {
        if (!carry->is_joined)
            return false;
        /* the part ended: the line end in front of a boundary belongs to it */
        if (carry->last[0] != '\r' || carry->last[1] != '\n')
            sbuf_add(run->out, "\r\n");
        carry->is_joined = false;
        carry->count = 0;
        sbuf_add_span(run->out, line->text);
        sbuf_add_span(run->out, line->end);
        return true;
    }
    if (line->text.len == 0 && !carry->is_joined)
        return false; /* the end of the header of the part */
    carry->is_joined = true;
    for (size_t i = 0; i < line->text.len; i++) {
        int value = base64_value(line->text.at[i]);

        if (value >= 0)
            base64_take(run, value);
    }
    return true;
}

/* encoding_is_open - text that may have been encoded before */
static bool encoding_is_open(const struct damage_line *line)
{
    const struct damage_mime *mime = line->mime;

    return mime->in_part &&
           (mime->encoding == DAMAGE_ENCODING_8BIT ||
            (mime->encoding == DAMAGE_ENCODING_NONE && mime->boundary_count == 0));
}

/* qp_token - an octet as it is written; returns its length */
static size_t qp_token(char octet, bool is_last, char *token)
{
    static const char digits[] = "0123456789ABCDEF";
    unsigned char value = (unsigned char)octet;
    bool is_blank = ascii_is_blank(octet);

    token[0] = octet;
    if ((ascii_is_visible(octet) && octet != '=') || (is_blank && !is_last))
        return 1;
    token[0] = '=';
    token[1] = digits[value / 16];
    token[2] = digits[value % 16];
    return 3;
}

bool damage_redo_qp(struct damage_run *run, const struct damage_line *line)
{
    size_t column = 0;
    char token[3];

    if (encoding_rename(run, line, "8bit", "quoted-printable"))
        return true;
    if (!encoding_is_open(line))
        return false;
    for (size_t i = 0; i < line->text.len; i++) {
        bool is_last = i + 1 == line->text.len;
        size_t len = qp_token(line->text.at[i], is_last, token);
        size_t room = is_last && run->param == QP_LINE ? QP_LINE : QP_LINE - 1;

        if (column + len > room) {
            sbuf_add(run->out, "=\r\n");
            column = 0;
        }
        sbuf_add_span(run->out, span_make(token, len));
        column += len;
    }
    sbuf_add_span(run->out, line->end);
    return run->out->len != line->text.len + line->end.len;
}

/* base64_letter - one letter, and the end of the line behind the last that has room */
static void base64_letter(struct damage_run *run, char letter)
{
    if (run->carry.column == run->param) {
        sbuf_add(run->out, "\r\n");
        run->carry.column = 0;
    }
    sbuf_add_octet(run->out, letter);
    run->carry.column++;
}

/* base64_put - octets; a group that is not full waits */
static void base64_put(struct damage_run *run, struct span octets)
{
    struct damage_carry *carry = &run->carry;

    for (size_t i = 0; i < octets.len; i++) {
        carry->bits = carry->bits << 8 | (unsigned char)octets.at[i];
        carry->count += 8;
        if (carry->count < 24)
            continue;
        for (int shift = 18; shift >= 0; shift -= 6)
            base64_letter(run, base64_letters[carry->bits >> shift & 63]);
        carry->bits = 0;
        carry->count = 0;
    }
}

/* base64_end - the group that waits, "=", and the end of the line */
static void base64_end(struct damage_run *run)
{
    struct damage_carry *carry = &run->carry;

    if (carry->count > 0) {
        uint32_t bits = carry->bits << (24 - carry->count);
        unsigned used = carry->count == 8 ? 2 : 3;

        for (unsigned i = 0; i < 4; i++)
            base64_letter(run, i < used ? base64_letters[bits >> (18 - 6 * i) & 63] : '=');
    }
    if (carry->column > 0)
        sbuf_add(run->out, "\r\n");
    *carry = (struct damage_carry){0};
}

bool damage_redo_base64(struct damage_run *run, const struct damage_line *line)
{
    if (line->is_after || (run->carry.is_joined && !encoding_is_open(line))) {
        if (line->is_after && run->carry.has_crlf)
            base64_put(run, span_of("\r\n"));
        base64_end(run);
        sbuf_add_span(run->out, line->text);
        sbuf_add_span(run->out, line->end);
        return true;
    }
    if (encoding_rename(run, line, "8bit", "base64"))
        return true;
    if (!encoding_is_open(line))
        return false;
    if (line->mime->boundary_count > 0 && !run->carry.is_joined && line->text.len == 0 &&
        !run->carry.has_crlf) {
        run->carry.is_joined = true; /* the end of the header of the part */
        return false;
    }
    run->carry.is_joined = true;
    if (run->carry.has_crlf)
        base64_put(run, span_of("\r\n"));
    base64_put(run, line->text);
    run->carry.has_crlf = line->end.len > 0;
    return true;
}

/* ---- character sets ---- */

/* Windows-1252, 0x80 to 0x9F; 0: not assigned */
static const uint16_t windows_1252[] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

/* where ISO-8859-15 differs from ISO-8859-1 */
static const struct {
    unsigned char octet;
    uint16_t code;
} latin9[] = {{0xA4, 0x20AC}, {0xA6, 0x0160}, {0xA8, 0x0161}, {0xB4, 0x017D},
              {0xB8, 0x017E}, {0xBC, 0x0152}, {0xBD, 0x0153}, {0xBE, 0x0178}};

#define LATIN9_COUNT COUNT_OF(latin9)

/* charset_code - the character of an octet */
static uint32_t charset_code(enum damage_charset charset, unsigned char octet)
{
    if (charset == DAMAGE_WINDOWS_1252 && octet >= 0x80 && octet < 0xA0)
        return windows_1252[octet - 0x80];
    for (size_t i = 0; charset == DAMAGE_LATIN9 && i < LATIN9_COUNT; i++)
        if (latin9[i].octet == octet)
            return latin9[i].code;
    return octet;
}

/* charset_octet - the octet of a character; 0: the set has it not */
static unsigned char charset_octet(enum damage_charset charset, uint32_t code)
{
    if (code >= 0xA0 && code <= 0xFF && charset_code(charset, (unsigned char)code) == code)
        return (unsigned char)code;
    for (unsigned i = 0; charset == DAMAGE_WINDOWS_1252 && i < 0x20; i++)
        if (windows_1252[i] == code)
            return (unsigned char)(0x80 + i);
    for (size_t i = 0; charset == DAMAGE_LATIN9 && i < LATIN9_COUNT; i++)
        if (latin9[i].code == code)
            return latin9[i].octet;
    return charset == DAMAGE_LATIN1 && code >= 0x80 && code <= 0xFF ? (unsigned char)code : 0;
}

/* put_utf8 - a character below U+10000 */
static void put_utf8(struct sbuf *out, uint32_t code)
{
    if (code >= 0x800) {
        sbuf_add_octet(out, (char)(0xE0 | code >> 12));
        sbuf_add_octet(out, (char)(0x80 | (code >> 6 & 0x3F)));
    } else {
        sbuf_add_octet(out, (char)(0xC0 | code >> 6));
    }
    sbuf_add_octet(out, (char)(0x80 | (code & 0x3F)));
}

/* charset_rename - in a header of a part charset= becomes `name`; false: another line */
static bool charset_rename(struct damage_run *run, const struct damage_line *line,
                           const char *name)
{
    static const char key[] = "charset=";
    struct span text = line->text;
    size_t len = sizeof(key) - 1;
    size_t at = 0;

    if (!line->mime->in_header)
        return false;
    while (at + len < text.len && !span_equal_nocase(span_sub(text, at, len), key))
        at++;
    if (at + len >= text.len)
        return false;
    at += len;
    if (text.at[at] == '"')
        at++;
    sbuf_add_span(run->out, span_sub(text, 0, at));
    sbuf_add(run->out, name);
    while (at < text.len && (ascii_is_alnum(text.at[at]) || text.at[at] == '-'))
        at++;
    sbuf_add_span(run->out, span_from(text, at));
    sbuf_add_span(run->out, line->end);
    return true;
}

bool damage_undo_to_utf8(struct damage_run *run, const struct damage_line *line)
{
    enum damage_charset charset = (enum damage_charset)(run->param % UPPER);

    if (charset_rename(run, line, run->param < UPPER ? "utf-8" : "UTF-8"))
        return true;
    if (!(line->marks & DAMAGE_MARK_8BIT))
        return false;
    for (size_t i = 0; i < line->text.len; i++) {
        unsigned char octet = (unsigned char)line->text.at[i];

        if (octet < 0x80)
            sbuf_add_octet(run->out, (char)octet);
        else
            put_utf8(run->out, charset_code(charset, octet));
    }
    sbuf_add_span(run->out, line->end);
    return true;
}

bool damage_undo_from_utf8(struct damage_run *run, const struct damage_line *line)
{
    static const char *const names[] = {[DAMAGE_LATIN1] = "iso-8859-1",
                                        [DAMAGE_WINDOWS_1252] = "windows-1252",
                                        [DAMAGE_LATIN9] = "iso-8859-15"};
    static const char *const upper[] = {[DAMAGE_LATIN1] = "ISO-8859-1",
                                        [DAMAGE_WINDOWS_1252] = "Windows-1252",
                                        [DAMAGE_LATIN9] = "ISO-8859-15"};
    enum damage_charset charset = (enum damage_charset)(run->param % UPPER);
    struct span rest = line->text;

    if (charset_rename(run, line, run->param < UPPER ? names[charset] : upper[charset]))
        return true;
    if (!(line->marks & DAMAGE_MARK_8BIT))
        return false;
    while (rest.len > 0) {
        uint32_t code = 0;
        size_t len = utf8_next(rest, &code);
        unsigned char octet = len > 1 ? charset_octet(charset, code) : 0;

        if (octet != 0)
            sbuf_add_octet(run->out, (char)octet);
        else
            sbuf_add_span(run->out, span_sub(rest, 0, len == 0 ? 1 : len));
        rest = span_from(rest, len == 0 ? 1 : len);
    }
    sbuf_add_span(run->out, line->end);
    return true;
}
