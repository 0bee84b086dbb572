/*
 * Charsets and HTML. iconv(3) converts the charsets of a table only: the sender chooses the
 * name, and rare converters have had holes (CVE-2024-2961, ISO-2022-CN-EXT).
 */
#include <iconv.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits_bounce.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "base/transfer.h"
#include "bounce/bounce_part.h"

/* ---- charsets ---- */

/* names as bounces write them, and the converter; NULL: none is needed */
static const struct {
    const char *name;
    const char *converter;
} charsets[] = {
    {"us-ascii", NULL},
    {"ascii", NULL},
    {"utf-8", NULL},
    {"utf8", NULL},
    {"unknown-8bit", NULL},
    {"iso-8859-1", "ISO-8859-1"},
    {"iso-8859-2", "ISO-8859-2"},
    {"iso-8859-5", "ISO-8859-5"},
    {"iso-8859-7", "ISO-8859-7"},
    {"iso-8859-8", "ISO-8859-8"},
    {"iso-8859-9", "ISO-8859-9"},
    {"iso-8859-13", "ISO-8859-13"},
    {"iso-8859-15", "ISO-8859-15"},
    {"windows-1250", "CP1250"},
    {"windows-1251", "CP1251"},
    {"windows-1252", "CP1252"},
    {"windows-1253", "CP1253"},
    {"windows-1254", "CP1254"},
    {"windows-1255", "CP1255"},
    {"windows-1256", "CP1256"},
    {"windows-1257", "CP1257"},
    {"koi8-r", "KOI8-R"},
    {"koi8-u", "KOI8-U"},
    {"iso-2022-jp", "ISO-2022-JP"},
    {"iso-2022-jp-ms", "ISO-2022-JP-3"},
    {"shift_jis", "CP932"},
    {"shift-jis", "CP932"},
    {"cp932", "CP932"},
    {"windows-31j", "CP932"},
    {"euc-jp", "EUC-JP"},
    {"gb2312", "GB18030"},
    {"gbk", "GB18030"},
    {"gb18030", "GB18030"},
    {"big5", "BIG5"},
    {"euc-kr", "EUC-KR"},
    {"ks_c_5601-1987", "CP949"},
    {"utf-16", "UTF-16"},
    {"utf-16le", "UTF-16LE"},
    {"utf-16be", "UTF-16BE"},
    {"utf-7", "UTF-7"},
    {"iso-8859-3", "ISO-8859-3"},
    {"iso-8859-4", "ISO-8859-4"},
    {"iso-8859-6", "ISO-8859-6"},
    {"iso-8859-10", "ISO-8859-10"},
    {"iso-8859-14", "ISO-8859-14"},
    {"iso-8859-16", "ISO-8859-16"},
    {"windows-1258", "CP1258"},
    {"windows-874", "CP874"},
    {"tis-620", "TIS-620"},
    {"macintosh", "MACINTOSH"},
    {"ibm866", "CP866"},
    {"cp866", "CP866"},
    {"cp437", "CP437"},
    {"cp850", "CP850"},
    {"cp949", "CP949"},
    {"uhc", "CP949"},
    {"windows-949", "CP949"},
    {"iso-2022-kr", "ISO-2022-KR"},
    {"big5-hkscs", "BIG5-HKSCS"},
};

/* charset_convert - what cannot be converted becomes "?" */
static struct span charset_convert(struct arena *arena, iconv_t converter, struct span bytes)
{
    struct sbuf out = sbuf_start(arena);
    char *from = arena_strdup_span(arena, bytes);
    size_t left = bytes.len;

    while (left > 0) {
        char piece[512];
        char *to = piece;
        size_t room = sizeof(piece);
        size_t result = iconv(converter, &from, &left, &to, &room);

        sbuf_add_span(&out, span_make(piece, sizeof(piece) - room));
        if (result != (size_t)-1 || left == 0 || room < sizeof(piece) / 2)
            continue;
        sbuf_add_octet(&out, '?');
        from++;
        left--;
    }
    return sbuf_span(&out);
}

bool bounce_charset(struct arena *arena, struct span charset, struct span *bytes)
{
    iconv_t converter = NULL;
    size_t i = 0;

    if (charset.len == 0)
        return true;
    while (i < COUNT_OF(charsets) && !span_equal_nocase(charset, charsets[i].name))
        i++;
    if (i == COUNT_OF(charsets))
        return false;
    if (charsets[i].converter == NULL)
        return true;
    converter = iconv_open("UTF-8", charsets[i].converter);
    if (converter == (iconv_t)-1) /* the C library lacks it */
        return false;
    *bytes = charset_convert(arena, converter, *bytes);
    iconv_close(converter);
    return true;
}

/* ---- fields ---- */

/* word_decode - "=?charset?B?text?=" at the start; its octets, 0: none */
static size_t word_decode(struct arena *arena, struct span bytes, struct span *text_out)
{
    struct span rest = span_from(bytes, 2);
    struct span charset = {0};
    struct span method = {0};
    struct span text = {0};
    ptrdiff_t end = 0;

    if (!span_starts_with(bytes, "=?"))
        return 0;
    charset = span_cut(&rest, '?');
    method = span_cut(&rest, '?');
    for (end = 0; (size_t)end + 1 < rest.len; end++)
        if (rest.at[end] == '?' && rest.at[end + 1] == '=')
            break;
    if (method.len != 1 || (size_t)end + 1 >= rest.len)
        return 0;
    text = span_sub(rest, 0, (size_t)end);
    if (span_equal_nocase(method, "q")) {
        char *blanks = arena_strdup_span(arena, text);

        for (size_t i = 0; i < text.len; i++)
            blanks[i] = blanks[i] == '_' ? ' ' : blanks[i];
        text = transfer_decode(arena, span_make(blanks, text.len), span_of("quoted-printable"));
    } else {
        text = transfer_decode(arena, text, span_of("base64"));
    }
    bounce_charset(arena, charset, &text);
    *text_out = text;
    return (size_t)(rest.at + end + 2 - bytes.at);
}

struct span bounce_words_decode(struct arena *arena, struct span value)
{
    struct sbuf out = sbuf_start(arena);
    bool is_word = false;

    for (size_t at = 0; at < value.len;) {
        struct span text = {0};
        size_t len = word_decode(arena, span_from(value, at), &text);

        if (len > 0) {
            /* the blank between two encoded words is not shown (RFC 2047, 6.2) */
            if (is_word && out.len > 0 && out.bytes[out.len - 1] == ' ')
                out.len--;
            sbuf_add_span(&out, text);
            at += len;
            is_word = true;
            continue;
        }
        is_word = is_word && value.at[at] == ' ';
        sbuf_add_octet(&out, value.at[at++]);
    }
    return sbuf_span(&out);
}

/* ---- marks ---- */

/* separators of East Asian texts and what is read instead */
static const struct {
    const char *octets;
    const char *mark;
} wide_marks[] = {
    {"\xe3\x80\x80", " "},   {"\xe3\x80\x81", ", "}, {"\xe3\x80\x82", ". "},
    {"\xe3\x80\x8a", " <"},  {"\xe3\x80\x8b", "> "}, {"\xe3\x80\x8c", " \""},
    {"\xe3\x80\x8d", "\" "}, {"\xe3\x80\x90", " ["}, {"\xe3\x80\x91", "] "},
    {"\xef\xbc\x88", " ("},  {"\xef\xbc\x89", ") "}, {"\xef\xbc\x8c", ", "},
    {"\xef\xbc\x9a", ": "},  {"\xef\xbc\x9b", "; "}, {"\xef\xbc\x9c", " <"},
    {"\xef\xbc\x9e", "> "},
};

struct span bounce_marks_narrow(struct arena *arena, struct span text)
{
    struct sbuf out = sbuf_start(arena);
    size_t kept = 0;

    for (size_t at = 0; at + 2 < text.len; at++) {
        unsigned char lead = (unsigned char)text.at[at];
        size_t i = 0;

        if (lead != 0xe3 && lead != 0xef)
            continue;
        while (i < COUNT_OF(wide_marks) &&
               !span_starts_with(span_from(text, at), wide_marks[i].octets))
            i++;
        if (i == COUNT_OF(wide_marks))
            continue;
        sbuf_add_span(&out, span_sub(text, kept, at - kept));
        sbuf_add(&out, wide_marks[i].mark);
        kept = at + strlen(wide_marks[i].octets);
        at = kept - 1;
    }
    sbuf_add_span(&out, span_from(text, kept));
    return sbuf_span(&out);
}

/* ---- HTML ---- */

/* tags that begin a new line */
static const char *const html_breaks[] = {"br", "p",  "div", "tr", "li",  "h1",
                                          "h2", "h3", "pre", "/p", "/div"};

/* html_is_break - the tag, without "<", begins a line */
static bool html_is_break(struct span tag)
{
    size_t len = 0;

    while (len < tag.len && (ascii_is_alnum(tag.at[len]) || (len == 0 && tag.at[0] == '/')))
        len++;
    for (size_t i = 0; i < COUNT_OF(html_breaks); i++)
        if (span_equal_nocase(span_sub(tag, 0, len), html_breaks[i]))
            return true;
    return false;
}

/* html_entity - add the character that "&...;" stands for; its octets, 0: none */
static size_t html_entity(struct sbuf *out, struct span text)
{
    static const struct {
        const char *name;
        const char *text;
    } entities[] = {{"&lt;", "<"},   {"&gt;", ">"},  {"&amp;", "&"}, {"&quot;", "\""},
                    {"&nbsp;", " "}, {"&#39;", "'"}, {"&#64;", "@"}, {"&apos;", "'"},
                    {"&#160;", " "}, {"&#58;", ":"}, {"&#60;", "<"}, {"&#62;", ">"}};

    for (size_t i = 0; i < COUNT_OF(entities); i++)
        if (span_starts_with_nocase(text, entities[i].name)) {
            sbuf_add(out, entities[i].text);
            return strlen(entities[i].name);
        }
    return 0;
}

/* html_hidden_end - where hidden content that begins here ends; 0: it is not one */
static size_t html_hidden_end(struct span text)
{
    static const char *const names[][2] = {
        {"<style", "</style"}, {"<script", "</script"}, {"<!--", "-->"}, {"<title", "</title"}};

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        ptrdiff_t end = 0;

        if (!span_starts_with_nocase(text, names[i][0]))
            continue;
        end = span_find_nocase(span_from(text, 1), names[i][1]);
        return end < 0 ? text.len : (size_t)end + 1;
    }
    return 0;
}

struct span bounce_html_to_text(struct arena *arena, struct span html)
{
    struct sbuf out = sbuf_start(arena);
    size_t at = 0;

    while (at < html.len) {
        struct span rest = span_from(html, at);
        size_t len = 0;

        if (rest.at[0] == '<' && (len = html_hidden_end(rest)) > 0) {
            at += len;
        } else if (rest.at[0] == '<' && rest.len > 1 &&
                   (ascii_is_alpha(rest.at[1]) || strchr("/!", rest.at[1]) != NULL) &&
                   span_find(span_sub(rest, 0, LIMIT_HTML_TAG), '>') > 0 &&
                   span_find(span_sub(rest, 0, (size_t)span_find(rest, '>')), '@') < 0) {
            sbuf_add_octet(&out, html_is_break(span_from(rest, 1)) ? '\n' : ' ');
            at += (size_t)span_find(rest, '>') + 1;
        } else if (rest.at[0] == '&' && (len = html_entity(&out, rest)) > 0) {
            at += len;
        } else {
            sbuf_add_octet(&out, rest.at[0]);
            at++;
        }
    }
    return sbuf_span(&out);
}
