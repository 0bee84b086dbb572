/* The same value in another spelling: dates, content types and encoded words. */
#include "auth/auth_damage_value.h"
#include "base/arena.h"
#include "base/base64.h"
#include "base/sbuf.h"
#include "mail/mail_address_scan.h"

#define PARAMS 8 /* parameters of a content type */

void damage_guess_dates(const struct damage_value *value)
{
    static const char *const zones[] = {"+0000", "-0000",       "GMT",        "UT",
                                        "UTC",   "+0000 (UTC)", "+0000 (GMT)"};
    struct arena *scratch = value->head->work->scratch;
    struct span text = value->text;
    ptrdiff_t comment = span_find(text, '(');
    ptrdiff_t comma = span_find(text, ',');
    size_t day = damage_skip_space(text, (size_t)(comma + 1));
    ptrdiff_t blank = 0;

    if (comment > 0) {
        text = span_trim(span_sub(text, 0, (size_t)comment));
        damage_value_add(value, 0, text);
    }
    if (comma > 0)
        damage_value_add(value, 2, span_from(text, day));
    if (day + 1 < text.len && text.at[day] == '0')
        damage_value_cut(value, 1, day, 1);
    else if (day + 1 < text.len && text.at[day + 1] == ' ')
        damage_value_add_text(value, 1,
                              arena_printf(scratch, "%.*s0%.*s", (int)day, text.at,
                                           SPAN_ARG(span_from(text, day))));
    blank = span_find_last(text, ' ');
    for (size_t i = 0; blank > 0 && i < COUNT_OF(zones); i++) {
        struct span front = span_sub(text, 0, (size_t)blank);

        damage_value_add_text(value, i == 0 ? 1 : 3,
                              arena_printf(scratch, "%.*s %s", SPAN_ARG(front), zones[i]));
        damage_value_add_text(value, 4,
                              arena_printf(scratch, "%.*s %s", SPAN_ARG(text), zones[i]));
    }
}

/* param_add - the type with one parameter written otherwise */
static void param_add(const struct damage_value *value, unsigned rank, struct span word,
                      const char *text)
{
    struct arena *scratch = value->head->work->scratch;
    size_t at = (size_t)(word.at - value->text.at);

    damage_value_add_text(value, rank,
                          arena_printf(scratch, "%.*s%s%.*s", (int)at, value->text.at, text,
                                       SPAN_ARG(span_from(value->text, at + word.len))));
}

/* guess_param - quotes, letters, another character set, or no such parameter; `at` is behind
 * "=" of one that begins at `from` */
static void guess_param(const struct damage_value *value, size_t from, size_t at, size_t end)
{
    static const char *const charsets[] = {"utf-8",       "UTF-8",       "us-ascii",
                                           "iso-8859-1",  "ISO-8859-1",  "windows-1252",
                                           "iso-8859-15", "Windows-1252"};
    struct arena *scratch = value->head->work->scratch;
    struct span word = span_sub(value->text, at, end - at);
    bool is_quoted = word.len >= 2 && word.at[0] == '"';
    struct span bare = is_quoted ? span_sub(word, 1, word.len - 2) : word;
    struct span key = span_trim(span_sub(value->text, from + 1, at - from - 2));

    param_add(value, 1, word, arena_printf(scratch, "%.*s", SPAN_ARG(bare)));
    param_add(value, 1, word, arena_printf(scratch, "\"%.*s\"", SPAN_ARG(bare)));
    damage_value_cut(value, 2, from, end - from);
    if (!span_equal_nocase(key, "charset"))
        return;
    for (size_t i = 0; i < COUNT_OF(charsets); i++) {
        param_add(value, 3, span_sub(value->text, at, end - at), charsets[i]);
        param_add(value, 3, span_sub(value->text, at, end - at),
                  arena_printf(scratch, "\"%s\"", charsets[i]));
    }
}

void damage_guess_type(const struct damage_value *value)
{
    struct span text = value->text;
    size_t at = 0;

    for (int i = 0; i < PARAMS; i++) {
        ptrdiff_t semicolon = span_find(span_from(text, at), ';');
        size_t from = at + (size_t)(semicolon < 0 ? 0 : semicolon);
        ptrdiff_t equals = span_find(span_from(text, from), '=');
        ptrdiff_t end = span_find(span_from(text, from + 1), ';');

        if (semicolon < 0 || equals < 0)
            return;
        at = end < 0 ? text.len : from + 1 + (size_t)end;
        if (from + (size_t)equals + 1 <= at)
            guess_param(value, from, from + (size_t)equals + 1, at);
    }
}

/* ---- encoded words ---- */

/* put_q - octets as the encoding "Q" writes them (RFC 2047, 4.2) */
static void put_q(struct sbuf *out, struct span octets)
{
    for (size_t i = 0; i < octets.len; i++) {
        char octet = octets.at[i];

        if (octet == ' ')
            sbuf_add_octet(out, '_');
        else if (ascii_is_visible(octet) && strchr("=?_", octet) == NULL)
            sbuf_add_octet(out, octet);
        else
            sbuf_addf(out, "=%02X", (unsigned)(unsigned char)octet);
    }
}

/* decode_words - a text of encoded words in UTF-8; empty if there is none */
static struct span decode_words(struct arena *arena, struct span text)
{
    struct sbuf out = sbuf_start(arena);
    bool was_encoded = false;
    bool is_any = false;

    for (size_t at = 0; at < text.len;) {
        size_t end = damage_skip_word(text, at);
        bool is_encoded = false;
        struct span word = mail_decode_word(arena, span_sub(text, at, end - at), &is_encoded);

        if (at > 0 && !(was_encoded && is_encoded))
            sbuf_add_octet(&out, ' ');
        sbuf_add_span(&out, word);
        was_encoded = is_encoded;
        is_any = is_any || is_encoded;
        at = damage_skip_space(text, end);
    }
    return is_any ? sbuf_span(&out) : (struct span){NULL, 0};
}

/* add_encoded - the text as one encoded word, in the ways programs write it */
static void add_encoded(const struct damage_value *value, struct span text)
{
    static const char *const names[] = {"utf-8", "UTF-8"};
    struct arena *scratch = value->head->work->scratch;
    struct sbuf out = sbuf_start(scratch);

    for (size_t i = 0; i < 2; i++) {
        out.len = 0;
        sbuf_addf(&out, "=?%s?B?", names[i]);
        sbuf_add_span(&out, base64_encode(scratch, text));
        sbuf_add(&out, "?=");
        damage_value_add(value, 1, arena_span(scratch, sbuf_span(&out)));
        out.len = 0;
        sbuf_addf(&out, "=?%s?Q?", names[i]);
        put_q(&out, text);
        sbuf_add(&out, "?=");
        damage_value_add(value, 1, arena_span(scratch, sbuf_span(&out)));
    }
}

/* without_tag - the text without "[news] " in front of it or behind "Re: "; empty: no tag */
static struct span without_tag(struct arena *scratch, struct span text)
{
    struct sbuf out = sbuf_start(scratch);
    ptrdiff_t open = span_find(text, '[');
    ptrdiff_t close = open < 0 ? -1 : span_find(span_from(text, (size_t)open), ']');

    if (close < 0 || (open > 0 && !ascii_is_space(text.at[open - 1])))
        return (struct span){NULL, 0};
    sbuf_add_span(&out, span_sub(text, 0, (size_t)open));
    sbuf_add_span(&out, span_from(text, damage_skip_space(text, (size_t)(open + close) + 1)));
    return sbuf_span(&out);
}

void damage_guess_encoded(const struct damage_value *value)
{
    struct arena *scratch = value->head->work->scratch;
    struct span text = value->text;
    struct span bare = {NULL, 0};
    bool is_8bit = false;

    for (size_t i = 0; i < text.len; i++)
        is_8bit = is_8bit || (unsigned char)text.at[i] > 127;
    if (!is_8bit) {
        text = decode_words(scratch, text);
        if (text.len == 0)
            return;
        damage_value_add(value, 1, text);
    }
    add_encoded(value, text);
    bare = without_tag(scratch, text);
    if (bare.len > 0) {
        damage_value_add(value, 1, bare);
        add_encoded(value, bare);
    }
}
