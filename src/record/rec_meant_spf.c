/*
 * An SPF record as it was meant. The strings are joined, with a blank where one was lost, and
 * cut into words; words that a blank tore apart are joined, words that lost a blank are cut;
 * each is repaired by itself, and what concerns several of them is done at the end.
 */
#include <string.h>

#include "base/limits.h"
#include "base/sbuf.h"
#include "base/suggest.h"
#include "model/rec_spf.h"
#include "record/rec_meant_private.h"
#include "record/rec_spf.h"

static const char version[] = "v=spf1";

/* last_part - the word at the end of a string */
static struct span last_part(struct span text)
{
    return span_from(text, (size_t)(span_find_last(text, ' ') + 1));
}

/* loses_blank - two strings that run into one another, each with a whole term at the seam */
static bool loses_blank(struct rec_fixer *fixer, struct span left, struct span right)
{
    struct span before = last_part(left);
    struct span after = rec_fixer_before(right, ' ');

    /* the one behind is short, and decides nearly always */
    return before.len > 0 && after.len > 0 && rec_fixer_is_like_term(fixer, after) &&
           rec_fixer_is_like_term(fixer, before);
}

/* spf_joined - the pieces as one text */
static struct span spf_joined(struct rec_fixer *fixer, const struct rec_fixer_pieces *pieces)
{
    struct sbuf text = sbuf_start(fixer->arena);

    for (size_t i = 0; i < pieces->count; i++) {
        if (i > 0 && loses_blank(fixer, sbuf_span(&text), pieces->spans[i])) {
            rec_fixer_note(
                fixer, REC_REPAIR_BLANK_LOST, last_part(sbuf_span(&text)),
                arena_strdup_span(fixer->arena, rec_fixer_before(pieces->spans[i], ' ')));
            sbuf_add_octet(&text, ' ');
        }
        sbuf_add_span(&text, pieces->spans[i]);
    }
    return sbuf_span(&text);
}

/* spf_decode_plus - "v=spf1+mx+-all": a form of the web wrote "+" for blanks */
static struct span spf_decode_plus(struct rec_fixer *fixer, struct span text)
{
    char *plain = NULL;

    if (span_find(span_trim(text), ' ') >= 0 || !span_starts_with_nocase(text, "v=spf1+"))
        return text;
    rec_fixer_note(fixer, REC_REPAIR_ENCODED, text, " ");
    plain = arena_strdup_span(fixer->arena, text);
    for (size_t i = 0; i < text.len; i++)
        plain[i] = plain[i] == '+' ? ' ' : plain[i];
    return (struct span){plain, text.len};
}

/* spf_uncommented - the text without a remark behind its last term */
static struct span spf_uncommented(struct rec_fixer *fixer, struct span text)
{
    for (size_t i = strlen("all"); i + 1 < text.len; i++)
        if (text.at[i] == ' ' &&
            (strchr("#;(", text.at[i + 1]) != NULL ||
             span_starts_with(span_from(text, i + 1), "//") ||
             span_starts_with(span_from(text, i + 1), "/*") ||
             span_starts_with(span_from(text, i + 1), "--")) &&
            span_find(span_from(text, i + 1), ' ') > 0 &&
            span_ends_with_nocase(span_trim(span_sub(text, 0, i)), "all")) {
            rec_fixer_note(fixer, REC_REPAIR_EDGE, span_from(text, i + 1), "");
            return span_sub(text, 0, i);
        }
    return text;
}

/* is_no_term - what people and zone files put between terms */
static bool is_no_term(struct span word)
{
    return span_equal_nocase(word, "and") || span_equal_text(word, "&") ||
           span_equal_text(word, "(") || span_equal_text(word, ")");
}

/* spf_cut - the words of the text; commas and semicolons part words too, but not in macros */
static struct rec_fixer_words spf_cut(struct rec_fixer *fixer, struct span text)
{
    struct rec_fixer_words words = {0};
    size_t from = 0;
    bool is_macro = false;
    bool has_marks = false;

    for (size_t i = 0; i <= text.len && words.count <= LIMIT_REMEDY_TERMS; i++) {
        char octet = i < text.len ? text.at[i] : ' ';
        bool is_mark = !is_macro && (octet == ',' || octet == ';' || octet == '|');

        is_macro = (is_macro || octet == '{') && octet != '}' && octet != ' ';
        if (octet != ' ' && !is_mark)
            continue;
        if (is_no_term(span_sub(text, from, i - from)))
            rec_fixer_note(fixer, REC_REPAIR_EDGE, span_sub(text, from, i - from), "");
        else if (i > from)
            rec_fixer_add_word(fixer, &words, span_sub(text, from, i - from));
        has_marks = has_marks || is_mark;
        from = i + 1;
    }
    if (has_marks)
        rec_fixer_note(fixer, REC_REPAIR_SEPARATOR, text, " ");
    return words;
}

/* ---- the version ---- */

/* is_console_start - such a word, or a name in front of one */
static bool is_console_start(struct span text)
{
    struct span first = span_cut(&text, ' ');

    return rec_fixer_is_console_word(first) ||
           (rec_fixer_is_name(first) && rec_fixer_is_console_word(rec_fixer_before(text, ' ')));
}

/* is_sender_id - the version of a record that was to be read as "v=spf1": RFC 4406, 3.1 */
static bool is_sender_id(struct span word)
{
    return span_starts_with_nocase(word, "spf2.0/mfrom") ||
           span_equal_nocase(word, "spf2.0/pra,mfrom");
}

/* is_version - the word says SPF 1, perhaps misspelt */
static bool is_version(struct span word, size_t edits)
{
    if (is_sender_id(word))
        return edits > 0;
    while (word.len > 0 && strchr(".:;,", word.at[word.len - 1]) != NULL)
        word.len--;
    if (span_ends_with_nocase(word, "spf1.0"))
        word.len -= strlen(".0");
    return word.len >= 4 && !span_starts_with_nocase(word, "spf2.0/") &&
           span_find(word, '.') < 0 && suggest_distance(word, span_of(version), edits) <= edits;
}

/* version_words - how many words at `at` are the version; 0: none is there */
static size_t version_words(struct rec_fixer *fixer, const struct rec_fixer_words *words,
                            size_t at)
{
    for (size_t edits = 0; edits <= 2; edits += 2) {
        struct span joined = {"", 0};

        for (size_t i = 0; i < 3 && at + i < words->count; i++) {
            joined = rec_fixer_join(fixer->arena, joined, "", words->spans[at + i]);
            if (is_version(joined, edits) && (edits == 0 || i == 0 || joined.len <= 7))
                return i + 1;
        }
    }
    return 0;
}

/* without_label - "txt=v=spf1" and "spf:v=spf1" without what is in front */
static struct span without_label(struct rec_fixer *fixer, struct span word)
{
    for (size_t i = 1; i + strlen(version) <= word.len; i++)
        if (strchr(":=", word.at[i - 1]) != NULL &&
            span_starts_with_nocase(span_from(word, i), version) &&
            rec_fixer_is_console_word(span_sub(word, 0, i - 1))) {
            rec_fixer_note(fixer, REC_REPAIR_CONSOLE, word, "");
            return span_from(word, i);
        }
    return word;
}

/* version_is_glued - "v=spf1include:x" becomes two words */
static bool version_is_glued(struct rec_fixer *fixer, struct span *word_io)
{
    struct span rest = span_from(*word_io, strlen(version));

    if (!span_starts_with_nocase(*word_io, version) || rest.len == 0)
        return false;
    while (rest.len > 0 && (strchr(".:;,=_/|", rest.at[0]) != NULL ||
                            (rest.at[0] == '-' && !span_equal_nocase(rest, "-all"))))
        rest = span_from(rest, 1); /* nobody lists who may not send in the first place */
    if (!rec_fixer_is_like_term(fixer, rest))
        return false;
    rec_fixer_note(fixer, REC_REPAIR_BLANK_LOST, *word_io, version);
    *word_io = rest;
    return true;
}

/* is_list_without_version - nothing but sound terms, the last of them "all" */
static bool is_list_without_version(struct rec_fixer *fixer,
                                    const struct rec_fixer_words *words)
{
    for (size_t i = 0; i < words->count; i++)
        if (!rec_fixer_term_is_sound(fixer->arena, words->spans[i]))
            return false;
    return words->count > 1 && span_ends_with_nocase(words->spans[words->count - 1], "all") &&
           words->spans[words->count - 1].len <= strlen("-all");
}

/* meant_spf_take_version - the words after it; false: the text is not about SPF */
static bool meant_spf_take_version(struct rec_fixer *fixer, struct rec_fixer_words *words)
{
    size_t at = 0;
    size_t count = 0;

    if (words->count > 1 && rec_fixer_is_name(words->spans[0]) &&
        rec_fixer_is_console_word(words->spans[1]))
        at++; /* "example.com 3600 IN TXT ..." */
    while (at < words->count && version_words(fixer, words, at) == 0 &&
           !span_starts_with_nocase(words->spans[at], version) &&
           rec_fixer_is_console_word(words->spans[at]))
        at++;
    if (at > 0)
        rec_fixer_note(fixer, REC_REPAIR_CONSOLE, words->spans[0], "");
    if (at < words->count)
        words->spans[at] = without_label(fixer, words->spans[at]);
    if (at < words->count && version_is_glued(fixer, &words->spans[at])) {
        *words = (struct rec_fixer_words){words->spans + at, words->count - at};
        return true;
    }
    count = version_words(fixer, words, at);
    if (count == 0 && words->count > 1 && is_version(words->spans[words->count - 1], 0)) {
        rec_fixer_note(fixer, REC_REPAIR_ORDER, words->spans[words->count - 1], "");
        words->count--;
        return at == 0;
    }
    if (count == 0) {
        if (at > 0 || !is_list_without_version(fixer, words))
            return false;
        rec_fixer_note(fixer, REC_REPAIR_VERSION, span_of(""), version);
    } else if (count > 1 || !span_equal_nocase(words->spans[at], version)) {
        rec_fixer_note(fixer, REC_REPAIR_VERSION, words->spans[at], version);
    }
    *words = (struct rec_fixer_words){words->spans + at + count, words->count - at - count};
    return true;
}

/* ---- several terms ---- */

/* choose_all - of several different ones the softest, or the strictest in the other reading */
static struct span choose_all(struct rec_fixer *fixer, struct span chosen, struct span word)
{
    static const char *const order[] = {"+all", "all", "?all", "~all", "-all"};
    size_t ranks[2] = {0};
    const struct span both[2] = {chosen, word};

    if (chosen.at == NULL)
        return word;
    for (size_t i = 0; i < 2; i++)
        while (ranks[i] + 1 < COUNT_OF(order) && !span_equal_nocase(both[i], order[ranks[i]]))
            ranks[i]++;
    if (ranks[0] == ranks[1])
        return chosen;
    fixer->has_other = true;
    return (ranks[0] < ranks[1]) != fixer->wants_other ? chosen : word;
}

/* meant_spf_arrange - "all" once and at the end; a version in the middle was the start of a
 * second record, and does not count */
static struct rec_fixer_words meant_spf_arrange(struct rec_fixer *fixer,
                                                const struct rec_fixer_words *words)
{
    struct rec_fixer_words out = {0};
    struct span all = {NULL, 0};
    bool is_moved = false;

    for (size_t i = 0; i < words->count; i++) {
        struct span word = words->spans[i];

        if (is_version(word, 0)) {
            rec_fixer_note(fixer, REC_REPAIR_JOINED, word, "");
            continue;
        }
        is_moved = is_moved || (all.at != NULL && span_find(word, '=') < 0);
        if (rec_fixer_is_all(word))
            all = choose_all(fixer, all, word);
        else
            rec_fixer_add_word(fixer, &out, word);
    }
    if (is_moved)
        rec_fixer_note(fixer, REC_REPAIR_ALL, all, arena_strdup_span(fixer->arena, all));
    if (all.at != NULL)
        rec_fixer_add_word(fixer, &out, all);
    return out;
}

/* spf_text - the words as a record; {NULL, 0}: one of them cannot be repaired */
static struct span spf_text(struct rec_fixer *fixer, const struct rec_fixer_words *words)
{
    struct sbuf text = sbuf_start(fixer->arena);
    struct rec_fixer_words mended = {0};

    for (size_t i = 0; i < words->count; i++) {
        struct span term = is_version(words->spans[i], 0)
                               ? words->spans[i]
                               : rec_fixer_term(fixer, words->spans[i]);

        if (term.at == NULL)
            return (struct span){NULL, 0};
        rec_fixer_add_word(fixer, &mended, term);
    }
    mended = meant_spf_arrange(fixer, &mended);
    sbuf_add(&text, version);
    for (size_t i = 0; i < mended.count; i++) {
        sbuf_add_octet(&text, ' ');
        sbuf_add_span(&text, mended.spans[i]);
    }
    return sbuf_span(&text);
}

/* turn_strings - the string with the version in front */
static void turn_strings(struct rec_fixer *fixer, struct rec_fixer_pieces *pieces)
{
    for (size_t i = 0; i < pieces->count; i++)
        if (is_console_start(span_trim(pieces->spans[i]))) {
            return;
        } else if (span_starts_with_nocase(span_trim(pieces->spans[i]), "v=spf1")) {
            rec_fixer_rotate(fixer, pieces, i);
            return;
        }
}

/* spf_without_other - the text up to where a record of another kind begins */
static struct span spf_without_other(struct rec_fixer *fixer, struct span text)
{
    static const char *const others[] = {" v=dmarc1", " v=dkim1", " v=stsv1", " v=tlsrptv1"};

    for (size_t i = 1; i < text.len; i++)
        for (size_t k = 0; k < COUNT_OF(others); k++)
            if (span_starts_with_nocase(span_from(text, i), others[k])) {
                rec_fixer_note(fixer, REC_REPAIR_JOINED, span_from(text, i), "");
                return span_sub(text, 0, i);
            }
    return text;
}

/* spf_read - one reading; NULL: none */
static const struct rec_meant *spf_read(struct rec_fixer *fixer, const struct span *strings,
                                        size_t count)
{
    struct rec_fixer_pieces pieces = {0};
    struct rec_fixer_words words = {0};
    struct span text;
    struct rec_spf record;

    if (!rec_fixer_clean(fixer, strings, count, &pieces))
        return NULL;
    turn_strings(fixer, &pieces);
    text = spf_joined(fixer, &pieces);
    if (text.len > 0 && text.at[0] == ' ') /* nothing may be in front: RFC 7208, 4.5 */
        rec_fixer_note(fixer, REC_REPAIR_BLANK_FRONT, text, version);
    text = spf_without_other(fixer, spf_uncommented(fixer, spf_decode_plus(fixer, text)));
    words = spf_cut(fixer, rec_fixer_dotted(fixer, text));
    if (words.count > LIMIT_REMEDY_TERMS || !meant_spf_take_version(fixer, &words))
        return NULL;
    words = rec_fixer_join_torn(fixer, &words);
    words = rec_fixer_cut_glued(fixer, &words);
    fixer->meant->text = spf_text(fixer, &words);
    if (fixer->meant->text.at == NULL)
        return NULL;
    rec_spf_parse(fixer->arena, fixer->meant->text, &record);
    return record.is_fatal ? NULL : fixer->meant;
}

const struct rec_meant *rec_meant_spf(struct arena *arena, const struct span *strings,
                                      size_t count, const struct rec_meant_names *names)
{
    struct rec_fixer fixer = rec_fixer_open(arena);

    fixer.names = names;
    return rec_fixer_read(&fixer, spf_read, strings, count);
}
