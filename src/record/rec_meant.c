/* What the readings of all kinds of records share: octets, strings, words and names. */
#include "record/rec_meant.h"

#include <string.h>

#include "base/escape.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "base/suggest.h"
#include "record/rec_meant_private.h"

#define SHOWN_MAX   80 /* octets of a text quoted in a repair */
#define WORD_OCTETS 64 /* longest words that are compared */

static const char *const repair_sentences[] = {
#define REPAIR(constant, text) text,
#include "model/rec_repair.def"
};

const char *rec_meant_explain(struct arena *arena, const struct rec_meant *meant, size_t max)
{
    struct sbuf text = sbuf_start(arena);
    bool was_said[REC_REPAIR_KINDS] = {false};
    size_t count = 0;

    for (const struct rec_repair *repair = meant->repairs; repair != NULL && count < max;
         repair = repair->next) {
        if (was_said[repair->kind])
            continue;
        was_said[repair->kind] = true;
        sbuf_addf(&text, "%s%s", count++ > 0 ? "; " : "", repair_sentences[repair->kind]);
    }
    return sbuf_text(&text);
}

struct rec_fixer rec_fixer_open(struct arena *arena)
{
    struct rec_fixer fixer = {.arena = arena};

    fixer.meant = arena_new_of(arena, struct rec_meant);
    fixer.tail = (struct rec_repair **)&fixer.meant->repairs;
    return fixer;
}

void rec_fixer_note(struct rec_fixer *fixer, enum rec_repair_kind kind, struct span written,
                    const char *meant)
{
    struct rec_repair *repair = arena_new_of(fixer->arena, struct rec_repair);

    repair->kind = kind;
    repair->written = escape_to_text(fixer->arena, written, SHOWN_MAX);
    repair->meant = escape_to_text(fixer->arena, span_of(meant), SHOWN_MAX);
    *fixer->tail = repair;
    fixer->tail = &repair->next;
    fixer->meant->repair_count++;
}

/* ---- octets ---- */

/* what word processors, web pages and consoles leave in a text; the first that fits counts */
static const struct {
    const char *octets;
    const char *instead;
    enum rec_repair_kind kind;
} strays[] = {
    {"\xc3\x82\xc2\xa0", " ", REC_REPAIR_BLANK_KIND}, /* a no-break space encoded twice */
    {"\xc2\xa0", " ", REC_REPAIR_BLANK_KIND},
    {"\xe2\x80\xaf", " ", REC_REPAIR_BLANK_KIND},
    {"\xe2\x80\xa8", " ", REC_REPAIR_BLANK_KIND},
    {"\xe2\x80\xa9", " ", REC_REPAIR_BLANK_KIND},
    {"\xe3\x80\x80", " ", REC_REPAIR_BLANK_KIND},
    {"\xe2\x80\x8b", "", REC_REPAIR_INVISIBLE},
    {"\xe2\x80\x8c", "", REC_REPAIR_INVISIBLE},
    {"\xe2\x80\x8d", "", REC_REPAIR_INVISIBLE},
    {"\xe2\x80\x8e", "", REC_REPAIR_INVISIBLE},
    {"\xe2\x80\x8f", "", REC_REPAIR_INVISIBLE},
    {"\xe2\x81\xa0", "", REC_REPAIR_INVISIBLE},
    {"\xef\xbb\xbf", "", REC_REPAIR_INVISIBLE},
    {"\xc2\xad", "", REC_REPAIR_INVISIBLE},
    {"\xc3\xaf\xc2\xbb\xc2\xbf", "", REC_REPAIR_INVISIBLE}, /* the same encoded twice */
    {"\xe2\x80\x98", "\"", REC_REPAIR_QUOTE},
    {"\xe2\x80\x99", "\"", REC_REPAIR_QUOTE},
    {"\xe2\x80\x9a", "\"", REC_REPAIR_QUOTE},
    {"\xe2\x80\x9c", "\"", REC_REPAIR_QUOTE},
    {"\xe2\x80\x9d", "\"", REC_REPAIR_QUOTE},
    {"\xe2\x80\x9e", "\"", REC_REPAIR_QUOTE},
    {"\xe2\x80\x9f", "\"", REC_REPAIR_QUOTE},
    {"\xe2\x80\xb3", "\"", REC_REPAIR_QUOTE},
    {"\xc2\xab", "\"", REC_REPAIR_QUOTE},
    {"\xc2\xbb", "\"", REC_REPAIR_QUOTE},
    {"\xef\xbc\x82", "\"", REC_REPAIR_QUOTE},
    {"\xe2\x80\x90", "-", REC_REPAIR_DASH},
    {"\xe2\x80\x91", "-", REC_REPAIR_DASH},
    {"\xe2\x80\x92", "-", REC_REPAIR_DASH},
    {"\xe2\x80\x93", "-", REC_REPAIR_DASH},
    {"\xe2\x80\x94", "-", REC_REPAIR_DASH},
    {"\xe2\x80\x95", "-", REC_REPAIR_DASH},
    {"\xe2\x88\x92", "-", REC_REPAIR_DASH},
    {"\xef\xbc\x8d", "-", REC_REPAIR_DASH},
    {"\xcb\x9c", "~", REC_REPAIR_DASH},
    {"\xe2\x88\xbc", "~", REC_REPAIR_DASH},
    {"\xef\xbd\x9e", "~", REC_REPAIR_DASH},
    {"\xef\xbc\x9a", ":", REC_REPAIR_WIDE},
    {"\xef\xbc\x9b", ";", REC_REPAIR_WIDE},
    {"\xef\xbc\x9d", "=", REC_REPAIR_WIDE},
    {"\xef\xbc\x8c", ",", REC_REPAIR_WIDE},
    {"\xef\xbc\x8e", ".", REC_REPAIR_WIDE},
    {"\xef\xbc\x8f", "/", REC_REPAIR_WIDE},
    {"\xef\xbc\xa0", "@", REC_REPAIR_WIDE},
    {"\xe2\x81\x84", "/", REC_REPAIR_WIDE},
    /* the same in the code page of Windows, where the text is not UTF-8 */
    {"\xa0", " ", REC_REPAIR_BLANK_KIND},
    {"\x91", "\"", REC_REPAIR_QUOTE},
    {"\x92", "\"", REC_REPAIR_QUOTE},
    {"\x93", "\"", REC_REPAIR_QUOTE},
    {"\x94", "\"", REC_REPAIR_QUOTE},
    {"\x96", "-", REC_REPAIR_DASH},
    {"\x97", "-", REC_REPAIR_DASH},
    {"\t", " ", REC_REPAIR_BLANK_KIND},
    {"\r\n", " ", REC_REPAIR_BLANK_KIND},
    {"\r", " ", REC_REPAIR_BLANK_KIND},
    {"\n", " ", REC_REPAIR_BLANK_KIND},
    {"\\;", ";", REC_REPAIR_BACKSLASH},
    {"\\\"", "\"", REC_REPAIR_BACKSLASH},
    {"\\:", ":", REC_REPAIR_BACKSLASH},
    {"\\=", "=", REC_REPAIR_BACKSLASH},
    {"\\,", ",", REC_REPAIR_BACKSLASH},
    {"\\@", "@", REC_REPAIR_BACKSLASH},
    {"\\-", "-", REC_REPAIR_BACKSLASH},
    {"\\_", "_", REC_REPAIR_BACKSLASH},
    {"\\ ", " ", REC_REPAIR_BACKSLASH},
    {"\\\\", "", REC_REPAIR_BACKSLASH},
    {"\\032", " ", REC_REPAIR_BACKSLASH},
    {"\\034", "\"", REC_REPAIR_BACKSLASH},
    {"\\059", ";", REC_REPAIR_BACKSLASH},
    {"\\009", " ", REC_REPAIR_BACKSLASH},
    {"\\013", " ", REC_REPAIR_BACKSLASH},
    {"\\010", " ", REC_REPAIR_BACKSLASH},
    {"\\160", " ", REC_REPAIR_BACKSLASH},
    {"\\194\\160", " ", REC_REPAIR_BACKSLASH},
    {"\\r\\n", " ", REC_REPAIR_BACKSLASH},
    {"\\n", " ", REC_REPAIR_BACKSLASH},
    {"\\r", " ", REC_REPAIR_BACKSLASH},
    {"\\t", " ", REC_REPAIR_BACKSLASH},
    /* URLs and mail */
    {"%20", " ", REC_REPAIR_ENCODED},
    {"%22", "\"", REC_REPAIR_ENCODED},
    {"%2B", "+", REC_REPAIR_ENCODED},
    {"%2F", "/", REC_REPAIR_ENCODED},
    {"%3A", ":", REC_REPAIR_ENCODED},
    {"%3B", ";", REC_REPAIR_ENCODED},
    {"%3D", "=", REC_REPAIR_ENCODED},
    {"%40", "@", REC_REPAIR_ENCODED},
    {"=3D", "=", REC_REPAIR_ENCODED},
    /* letters of other scripts that look like these */
    {"\xd0\xb0", "a", REC_REPAIR_ENCODED},
    {"\xd0\xb5", "e", REC_REPAIR_ENCODED},
    {"\xd0\xbe", "o", REC_REPAIR_ENCODED},
    {"\xd1\x80", "p", REC_REPAIR_ENCODED},
    {"\xd1\x81", "c", REC_REPAIR_ENCODED},
    {"\xd1\x85", "x", REC_REPAIR_ENCODED},
    {"\xd1\x96", "i", REC_REPAIR_ENCODED},
    {"\xce\xbd", "v", REC_REPAIR_ENCODED},
    {"\xce\xbf", "o", REC_REPAIR_ENCODED},
};

/* entities of web pages that stand for octets of records, or for what is typed in their
 * place */
static const struct {
    const char *name;
    const char *octets;
} entities[] = {
    {"quot", "\""},  {"apos", "'"},    {"amp", "&"},    {"lt", "<"},
    {"gt", ">"},     {"nbsp", " "},    {"ensp", " "},   {"emsp", " "},
    {"thinsp", " "}, {"shy", ""},      {"zwnj", ""},    {"zwj", ""},
    {"minus", "-"},  {"ndash", "-"},   {"mdash", "-"},  {"hyphen", "-"},
    {"dash", "-"},   {"tilde", "~"},   {"sim", "~"},    {"lowbar", "_"},
    {"colon", ":"},  {"semi", ";"},    {"comma", ","},  {"period", "."},
    {"equals", "="}, {"commat", "@"},  {"sol", "/"},    {"plus", "+"},
    {"ast", "*"},    {"excl", "!"},    {"percnt", "%"}, {"quest", "?"},
    {"lpar", "("},   {"rpar", ")"},    {"ldquo", "\""}, {"rdquo", "\""},
    {"bdquo", "\""}, {"lsquo", "\""},  {"rsquo", "\""}, {"laquo", "\""},
    {"raquo", "\""}, {"NewLine", " "}, {"Tab", " "},    {"ZeroWidthSpace", ""},
};

#define ENTITY_OCTETS 16 /* longest of them, and of numbers */

/* entity_code - "#45" and "#x2d" as UTF-8; NULL: the text is not the number of a character */
static const char *entity_code(struct arena *arena, struct span text)
{
    uint32_t code = 0;
    bool is_hex = text.len > 1 && ascii_to_lower(text.at[1]) == 'x';

    if (text.len < 2 || text.at[0] != '#')
        return NULL;
    text = span_from(text, is_hex ? 2 : 1);
    for (size_t i = 0; i < text.len; i++) {
        int digit = ascii_hex_value(text.at[i]);

        if (digit < 0 || (digit > 9 && !is_hex) || code > 0xffff)
            return NULL;
        code = code * (is_hex ? 16 : 10) + (uint32_t)digit;
    }
    if (text.len == 0 || code == 0 || code > 0xffff)
        return NULL;
    if (code < 0x80)
        return arena_printf(arena, "%c", (int)code);
    if (code < 0x800)
        return arena_printf(arena, "%c%c", (int)(0xc0 | code >> 6), (int)(0x80 | (code & 63)));
    return arena_printf(arena, "%c%c%c", (int)(0xe0 | code >> 12),
                        (int)(0x80 | (code >> 6 & 63)), (int)(0x80 | (code & 63)));
}

/* entity_at - what an entity at the start stands for, and its length; NULL: none is there */
static const char *entity_at(struct arena *arena, struct span rest, size_t *len_out)
{
    struct span name = span_sub(rest, 1, ENTITY_OCTETS);
    ptrdiff_t end = span_find(name, ';');

    if (rest.at[0] != '&' || end < 2)
        return NULL;
    name = span_sub(name, 0, (size_t)end);
    *len_out = (size_t)end + 2;
    for (size_t i = 0; i < COUNT_OF(entities); i++)
        if (span_equal_nocase(name, entities[i].name))
            return entities[i].octets;
    return entity_code(arena, name);
}

/* spaces of U+2000 to U+200A, which differ in their last octet */
static bool is_wide_space(struct span rest)
{
    return rest.len >= 3 && (unsigned char)rest.at[0] == 0xe2 &&
           (unsigned char)rest.at[1] == 0x80 && (unsigned char)rest.at[2] >= 0x80 &&
           (unsigned char)rest.at[2] <= 0x8a;
}

/* markup_length - of an element of a web page at the start; 0: none is there */
static size_t markup_length(struct span rest)
{
    static const char *const elements[] = {"p",  "br", "div", "span",   "code", "pre", "b",
                                           "td", "tr", "li",  "strong", "em",   "i",   NULL};
    struct span name = span_from(rest, 1);
    ptrdiff_t end = span_find(name, '>');

    if (rest.at[0] != '<' || end < 1)
        return 0;
    name = span_sub(name, 0, (size_t)end);
    name = span_from(name, name.at[0] == '/');
    while (name.len > 0 && strchr("/ ", name.at[name.len - 1]) != NULL)
        name.len--;
    for (size_t i = 0; elements[i] != NULL; i++)
        if (span_equal_nocase(name, elements[i]))
            return (size_t)end + 2;
    return 0;
}

/* fixer_may_stray - a stray may begin with the octet; most octets begin none */
static bool fixer_may_stray(char octet)
{
    static bool begins[UINT8_MAX + 1];
    static bool is_filled;

    for (size_t i = 0; !is_filled && i < COUNT_OF(strays); i++)
        begins[(unsigned char)strays[i].octets[0]] = true;
    is_filled = true;
    return begins[(unsigned char)octet] || octet == '<' || (unsigned char)octet < ' ' ||
           (unsigned char)octet >= 0x7f;
}

/* fixer_stray - how many octets at the start are a stray; 0: none. What stands for them is
 * added to `out` */
static size_t fixer_stray(struct rec_fixer *fixer, struct span rest, struct sbuf *out)
{
    uint32_t code = 0;
    bool is_alone = false;

    if (markup_length(rest) > 0) {
        rec_fixer_note(fixer, REC_REPAIR_ENCODED, span_sub(rest, 0, markup_length(rest)), " ");
        sbuf_add_octet(out, ' ');
        return markup_length(rest);
    }
    if (((unsigned char)rest.at[0] < ' ' && strchr("\t\r\n", rest.at[0]) == NULL) ||
        rest.at[0] == 0x7f || rest.at[0] == '\0') {
        rec_fixer_note(fixer, REC_REPAIR_INVISIBLE, span_sub(rest, 0, 1), "");
        return 1;
    }
    is_alone = (unsigned char)rest.at[0] >= 0x80 && utf8_next(rest, &code) == 0;
    if (is_wide_space(rest)) {
        rec_fixer_note(fixer, REC_REPAIR_BLANK_KIND, span_sub(rest, 0, 3), " ");
        sbuf_add_octet(out, ' ');
        return 3;
    }
    for (size_t i = 0; i < COUNT_OF(strays); i++) {
        size_t len = 0;
        bool is_high = (unsigned char)strays[i].octets[0] >= 0x80;

        if (strays[i].octets[0] != rest.at[0])
            continue;
        len = strlen(strays[i].octets);
        if (!span_starts_with(rest, strays[i].octets) || (is_high && len == 1 && !is_alone))
            continue;
        rec_fixer_note(fixer, strays[i].kind, span_sub(rest, 0, len), strays[i].instead);
        sbuf_add(out, strays[i].instead);
        return len;
    }
    return 0;
}

/* without_entities - the string with the octets that its entities stand for */
static struct span without_entities(struct rec_fixer *fixer, struct span string)
{
    struct sbuf plain = sbuf_start(fixer->arena);

    if (span_find(string, '&') < 0)
        return string;
    while (string.len > 0) {
        size_t len = 1;
        const char *octets = entity_at(fixer->arena, string, &len);

        if (octets != NULL) {
            rec_fixer_note(fixer, REC_REPAIR_ENCODED, span_sub(string, 0, len), octets);
            sbuf_add(&plain, octets);
        } else {
            len = 1;
            sbuf_add_octet(&plain, string.at[0]);
        }
        string = span_from(string, len);
    }
    return sbuf_span(&plain);
}

/* fixer_plain - a string with plain octets in the place of strays */
static struct span fixer_plain(struct rec_fixer *fixer, struct span string)
{
    struct sbuf plain = sbuf_start(fixer->arena);

    string = without_entities(fixer, string);
    while (string.len > 0) {
        size_t step = 0;

        while (step < string.len && !fixer_may_stray(string.at[step]))
            step++;
        sbuf_add_span(&plain, span_sub(string, 0, step));
        string = span_from(string, step);
        if (string.len == 0)
            break;
        step = fixer_stray(fixer, string, &plain);
        if (step == 0) {
            sbuf_add_octet(&plain, string.at[0]);
            step = 1;
        }
        string = span_from(string, step);
    }
    return sbuf_span(&plain);
}

/* add_pieces - a string cut where one quoted part of it ends and the next begins */
static void add_pieces(struct rec_fixer *fixer, struct rec_fixer_pieces *out,
                       struct span string)
{
    bool was_quoted = span_find(string, '"') >= 0;

    if (was_quoted)
        rec_fixer_note(fixer, REC_REPAIR_QUOTE, span_of("\""), "");
    do {
        struct span piece = was_quoted ? span_cut(&string, '"') : string;

        if (!was_quoted || span_trim(piece).len > 0)
            arena_append(fixer->arena, out->spans, out->count, piece);
    } while (was_quoted && string.at != NULL);
}

bool rec_fixer_clean(struct rec_fixer *fixer, const struct span *strings, size_t count,
                     struct rec_fixer_pieces *out)
{
    size_t len = 0;

    *out = (struct rec_fixer_pieces){0};
    for (size_t i = 0; i < count; i++)
        len += strings[i].len;
    if (len == 0 || len > LIMIT_MEANT_BYTES)
        return false;
    for (size_t i = 0; i < count; i++)
        add_pieces(fixer, out, fixer_plain(fixer, strings[i]));
    return out->count > 0;
}

void rec_fixer_rotate(struct rec_fixer *fixer, struct rec_fixer_pieces *pieces, size_t first)
{
    struct rec_fixer_pieces turned = {0};

    if (first == 0)
        return;
    rec_fixer_note(fixer, REC_REPAIR_ORDER, pieces->spans[0], "");
    arena_append(fixer->arena, turned.spans, turned.count, pieces->spans[first]);
    for (size_t i = 0; i < pieces->count; i++)
        if (i != first)
            arena_append(fixer->arena, turned.spans, turned.count, pieces->spans[i]);
    *pieces = turned;
}

/* ---- words ---- */

const char *rec_fixer_word(struct span written, const char *const *words)
{
    const char *best = NULL;
    size_t best_distance = SIZE_MAX;

    for (; *words != NULL; words++) {
        struct span word = span_of(*words);
        size_t distance = suggest_distance(written, word, word.len / 3);

        if (distance <= word.len / 3 && distance < best_distance) {
            best = *words;
            best_distance = distance;
        }
    }
    return best;
}

/* fixer_again - a fixer for the same record */
static struct rec_fixer fixer_again(const struct rec_fixer *fixer)
{
    struct rec_fixer again = rec_fixer_open(fixer->arena);

    again.names = fixer->names;
    again.keeps_lists = fixer->keeps_lists;
    return again;
}

/* fixer_settled - a reading that reads as itself; NULL: none */
static const struct rec_meant *fixer_settled(struct rec_fixer *fixer, rec_fixer_read_fn *read,
                                             const struct span *strings, size_t count)
{
    struct rec_fixer again = fixer_again(fixer);
    const struct rec_meant *meant = read(fixer, strings, count);

    return meant != NULL && read(&again, &meant->text, 1) != NULL &&
                   again.meant->repair_count == 0 && !again.has_other
               ? meant
               : NULL;
}

const struct rec_meant *rec_fixer_read(struct rec_fixer *fixer, rec_fixer_read_fn *read,
                                       const struct span *strings, size_t count)
{
    struct rec_fixer second = fixer_again(fixer);
    const struct rec_meant *meant = fixer_settled(fixer, read, strings, count);

    second.wants_other = true;
    if (meant != NULL && fixer->has_other)
        fixer->meant->other = fixer_settled(&second, read, strings, count);
    return meant;
}

struct span rec_fixer_before(struct span text, char octet)
{
    return span_cut(&text, octet);
}

struct span rec_fixer_join(struct arena *arena, struct span a, const char *between,
                           struct span b)
{
    struct sbuf whole = sbuf_start(arena);

    sbuf_add_span(&whole, a);
    sbuf_add(&whole, between);
    sbuf_add_span(&whole, b);
    return sbuf_span(&whole);
}
