/*
 * An SPF record as it was meant. The strings are joined, with a blank where one was lost, and
 * cut into words; words that a blank tore apart are joined, words that lost a blank are cut;
 * each is mended by itself, and what concerns several of them is done at the end.
 */
#include <string.h>

#include "base/ip.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "record/rec_meant_private.h"
#include "record/rec_spf.h"

static const char version[] = "v=spf1";

struct spf_words {
    struct span *spans;
    size_t count;
};

/* words_add - one more */
static void words_add(struct rec_mender *mender, struct spf_words *words, struct span word)
{
    arena_append(mender->arena, words->spans, words->count, word);
}

/* ---- words ---- */

/* marked_name - "include" of "include:..."; {NULL, 0}: no mark follows a known name */
static const char *marked_name(struct span word)
{
    size_t at = 0;
    size_t from = 0;

    while (from < word.len && strchr("+-~?", word.at[from]) != NULL)
        from++;
    for (at = from; at < word.len && ascii_is_alnum(word.at[at]);)
        at++;
    return at < word.len && strchr(":=", word.at[at]) != NULL
               ? rec_mender_mechanism(span_sub(word, from, at - from))
               : NULL;
}

/* is_like_term - a term begins and ends here, well-formed or not */
static bool is_like_term(struct rec_mender *mender, struct span word)
{
    return span_starts_with_nocase(word, "v=spf") || marked_name(word) != NULL ||
           rec_mender_term_is_sound(mender->arena, word);
}

/* is_network_text - an address, with or without a prefix length */
static bool is_network_text(struct span word)
{
    struct ip_address ip;
    struct span address = span_cut(&word, '/');

    return ip_parse(address, &ip);
}

/* last_part, first_part - the words at a seam between two strings */
static struct span last_part(struct span text)
{
    return span_from(text, (size_t)(span_find_last(text, ' ') + 1));
}

static struct span first_part(struct span text)
{
    return span_cut(&text, ' ');
}

/* loses_blank - two strings that run into one another, each with a whole term at the seam */
static bool loses_blank(struct rec_mender *mender, struct span left, struct span right)
{
    struct span before = last_part(left);
    struct span after = first_part(right);

    return before.len > 0 && after.len > 0 && is_like_term(mender, before) &&
           is_like_term(mender, after);
}

/* spf_joined - the pieces as one text */
static struct span spf_joined(struct rec_mender *mender, const struct rec_mender_pieces *pieces)
{
    struct sbuf text = sbuf_start(mender->arena);

    for (size_t i = 0; i < pieces->count; i++) {
        if (i > 0 && loses_blank(mender, sbuf_span(&text), pieces->spans[i])) {
            rec_mender_note(mender, REC_REPAIR_BLANK_LOST, last_part(sbuf_span(&text)),
                            arena_strdup_span(mender->arena, first_part(pieces->spans[i])));
            sbuf_add_octet(&text, ' ');
        }
        sbuf_add_span(&text, pieces->spans[i]);
    }
    return sbuf_span(&text);
}

/* spf_cut - the words of the text; commas and semicolons part words too, but not in macros */
static struct spf_words spf_cut(struct rec_mender *mender, struct span text)
{
    struct spf_words words = {0};
    size_t from = 0;
    bool is_macro = false;
    bool has_marks = false;

    for (size_t i = 0; i <= text.len && words.count <= LIMIT_REMEDY_TERMS; i++) {
        char octet = i < text.len ? text.at[i] : ' ';
        bool is_mark = !is_macro && (octet == ',' || octet == ';' || octet == '|');

        is_macro = (is_macro || octet == '{') && octet != '}' && octet != ' ';
        if (octet != ' ' && !is_mark)
            continue;
        if (i > from)
            words_add(mender, &words, span_sub(text, from, i - from));
        has_marks = has_marks || is_mark;
        from = i + 1;
    }
    if (has_marks)
        rec_mender_note(mender, REC_REPAIR_SEPARATOR, text, " ");
    return words;
}

/* ---- the version ---- */

/* is_console_word - what stands before the text in a line of a zone file */
static bool is_console_word(struct span word)
{
    static const char *const words[] = {"in", "txt",    "spf", "spf:", "txt:",   "txt=", "@",
                                        "*",  "record", "is",  "ttl",  "value:", "type"};
    uint64_t number = 0;

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (span_equal_nocase(word, words[i]))
            return true;
    return span_to_number(word, UINT32_MAX, &number) ||
           (word.len > 1 && word.at[word.len - 1] == '.' && rec_mender_is_name(word));
}

/* is_version - the word says SPF 1, perhaps misspelt */
static bool is_version(struct span word, size_t edits)
{
    while (word.len > 0 && strchr(".:;,", word.at[word.len - 1]) != NULL)
        word.len--;
    return word.len >= 4 && !span_starts_with_nocase(word, "spf2.0/") &&
           span_find(word, '.') < 0 &&
           rec_mender_distance(word, span_of(version), edits) <= edits;
}

/* version_words - how many words at `at` are the version; 0: none is there */
static size_t version_words(struct rec_mender *mender, const struct spf_words *words, size_t at)
{
    for (size_t edits = 0; edits <= 2; edits += 2) {
        struct span joined = {"", 0};

        for (size_t i = 0; i < 3 && at + i < words->count; i++) {
            joined = rec_mender_join(mender->arena, joined, "", words->spans[at + i]);
            if (is_version(joined, edits) && (edits == 0 || i == 0 || joined.len <= 7))
                return i + 1;
        }
    }
    return 0;
}

/* version_is_glued - "v=spf1include:x" becomes two words */
static bool version_is_glued(struct rec_mender *mender, struct span *word_io)
{
    struct span rest = span_from(*word_io, strlen(version));

    if (!span_starts_with_nocase(*word_io, version) || rest.len == 0)
        return false;
    while (rest.len > 0 && strchr(".:;,=", rest.at[0]) != NULL)
        rest = span_from(rest, 1);
    if (!is_like_term(mender, rest))
        return false;
    rec_mender_note(mender, REC_REPAIR_BLANK_LOST, *word_io, version);
    *word_io = rest;
    return true;
}

/* is_list_without_version - nothing but sound terms, the last of them "all" */
static bool is_list_without_version(struct rec_mender *mender, const struct spf_words *words)
{
    for (size_t i = 0; i < words->count; i++)
        if (!rec_mender_term_is_sound(mender->arena, words->spans[i]))
            return false;
    return words->count > 1 && span_ends_with_nocase(words->spans[words->count - 1], "all") &&
           words->spans[words->count - 1].len <= strlen("-all");
}

/* meant_spf_take_version - the words after it; false: the text is not about SPF */
static bool meant_spf_take_version(struct rec_mender *mender, struct spf_words *words)
{
    size_t at = 0;
    size_t count = 0;

    while (at < words->count && version_words(mender, words, at) == 0 &&
           !span_starts_with_nocase(words->spans[at], version) &&
           is_console_word(words->spans[at]))
        at++;
    if (at > 0)
        rec_mender_note(mender, REC_REPAIR_CONSOLE, words->spans[0], "");
    if (at < words->count && version_is_glued(mender, &words->spans[at])) {
        *words = (struct spf_words){words->spans + at, words->count - at};
        return true;
    }
    count = version_words(mender, words, at);
    if (count == 0) {
        if (at > 0 || !is_list_without_version(mender, words))
            return false;
        rec_mender_note(mender, REC_REPAIR_VERSION, span_of(""), version);
    } else if (count > 1 || !span_equal_nocase(words->spans[at], version)) {
        rec_mender_note(mender, REC_REPAIR_VERSION, words->spans[at], version);
    }
    *words = (struct spf_words){words->spans + at + count, words->count - at - count};
    return true;
}

/* ---- blanks too many and too few ---- */

/* needs_value - a mechanism that cannot stand alone, and has no mark yet */
static const char *needs_value(struct span word)
{
    static const char *const names[] = {"include", "ip4", "ip6", "exists", "redirect", "exp"};
    const char *name = NULL;

    while (word.len > 0 && strchr("+-~?", word.at[0]) != NULL)
        word = span_from(word, 1);
    name = word.len > 2 ? rec_mender_mechanism(word) : NULL;
    for (size_t i = 0; name != NULL && i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(name, names[i]) == 0)
            return name;
    return NULL;
}

/* is_value - an address or a name, which no term is */
static bool is_value(struct span word)
{
    return is_network_text(word) || rec_mender_is_name(rec_mender_bare_name(word));
}

/* spf_between - what joins two words that a blank tore apart; NULL: they are two */
static const char *spf_between(struct rec_mender *mender, struct span word, struct span next)
{
    char last = word.at[word.len - 1];
    char first = next.at[0];
    const char *name = needs_value(word);

    if (word.len == 1 && strchr("+-~?", last) != NULL)
        return "";
    if (first == ':' || first == '=' || first == '.')
        return "";
    if (first == '/' && next.len > 1 && word.len > 0)
        return "";
    if (strchr(":=/", last) != NULL)
        return is_like_term(mender, next) ? NULL : "";
    if (name != NULL && is_value(next))
        return strcmp(name, "redirect") == 0 || strcmp(name, "exp") == 0 ? "=" : ":";
    if (last == '.' && marked_name(word) != NULL && marked_name(next) == NULL &&
        !rec_mender_term_is_sound(mender->arena, next))
        return "";
    return NULL;
}

/* is_begun_again - "ip4: ip4:192.0.2.1": the first is only a slip */
static bool is_begun_again(struct span word, struct span next)
{
    const char *name = marked_name(word);
    const char *again = marked_name(next);

    return name != NULL && again != NULL && strcmp(name, again) == 0 &&
           strchr(":=", word.at[word.len - 1]) != NULL;
}

/* join_torn - words that a blank tore apart */
static struct spf_words join_torn(struct rec_mender *mender, const struct spf_words *words)
{
    struct spf_words out = {0};

    for (size_t i = 0; i < words->count; i++) {
        struct span word = words->spans[i];
        const char *between = NULL;

        if (i + 1 < words->count && is_begun_again(word, words->spans[i + 1])) {
            rec_mender_note(mender, REC_REPAIR_BLANK_EXTRA, word, "");
            continue;
        }
        while (i + 1 < words->count &&
               (between = spf_between(mender, word, words->spans[i + 1])) != NULL) {
            struct span whole =
                rec_mender_join(mender->arena, word, between, words->spans[++i]);

            rec_mender_note(mender, REC_REPAIR_BLANK_EXTRA, word,
                            arena_strdup_span(mender->arena, whole));
            word = whole;
        }
        words_add(mender, &out, word);
    }
    return out;
}

/* starts_term - a mechanism with its mark begins here, or an "all" that ends the word */
static bool starts_term(struct span rest)
{
    static const char *const starts[] = {
        "include:", "ip4:", "ip6:", "exists:", "include=", "redirect=", "redirect:", "ip4="};
    bool is_qualified = rest.len > 0 && strchr("+-~?", rest.at[0]) != NULL;

    if (is_qualified && rest.len == strlen("-all") && span_ends_with_nocase(rest, "all"))
        return true;
    if (is_qualified)
        rest = span_from(rest, 1);
    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
        if (span_starts_with_nocase(rest, starts[i]))
            return true;
    return span_starts_with_nocase(rest, version);
}

/* glued_length - how long the first term of the word is; its length: it is one term */
static size_t glued_length(struct rec_mender *mender, struct span word)
{
    for (size_t i = 1; i < word.len; i++) {
        struct span left = span_sub(word, 0, i);

        if (!starts_term(span_from(word, i)) || strchr(":=/", word.at[i - 1]) != NULL)
            continue;
        if (rec_mender_term_is_sound(mender->arena, left) || marked_name(left) != NULL ||
            is_network_text(left))
            return i;
    }
    return word.len;
}

/* cut_glued - words that lost a blank */
static struct spf_words cut_glued(struct rec_mender *mender, const struct spf_words *words)
{
    struct spf_words out = {0};

    for (size_t i = 0; i < words->count; i++) {
        struct span rest = words->spans[i];

        while (rest.len > 0) {
            size_t len = glued_length(mender, rest);

            if (len < rest.len)
                rec_mender_note(mender, REC_REPAIR_BLANK_LOST, rest,
                                arena_strdup_span(mender->arena, span_sub(rest, 0, len)));
            words_add(mender, &out, span_sub(rest, 0, len));
            rest = span_from(rest, len);
        }
    }
    return out;
}

/* ---- several terms ---- */

/* is_all - any of the four */
static bool is_all(struct span word)
{
    return span_ends_with_nocase(word, "all") && word.len <= strlen("-all") &&
           (word.len == strlen("all") || strchr("+-~?", word.at[0]) != NULL);
}

/* choose_all - of several different ones the softest, or the strictest in the other reading */
static struct span choose_all(struct rec_mender *mender, struct span chosen, struct span word)
{
    static const char *const order[] = {"+all", "all", "?all", "~all", "-all"};
    size_t ranks[2] = {0};
    const struct span both[2] = {chosen, word};

    if (chosen.at == NULL)
        return word;
    for (size_t i = 0; i < 2; i++)
        while (ranks[i] + 1 < sizeof(order) / sizeof(order[0]) &&
               !span_equal_nocase(both[i], order[ranks[i]]))
            ranks[i]++;
    if (ranks[0] == ranks[1])
        return chosen;
    mender->has_other = true;
    return (ranks[0] < ranks[1]) != mender->wants_other ? chosen : word;
}

/* meant_spf_arrange - "all" once and at the end; a version in the middle was the start of a
 * second record, and does not count */
static struct spf_words meant_spf_arrange(struct rec_mender *mender,
                                          const struct spf_words *words)
{
    struct spf_words out = {0};
    struct span all = {NULL, 0};
    bool is_moved = false;

    for (size_t i = 0; i < words->count; i++) {
        struct span word = words->spans[i];

        if (is_version(word, 0)) {
            rec_mender_note(mender, REC_REPAIR_JOINED, word, "");
            continue;
        }
        is_moved = is_moved || (all.at != NULL && span_find(word, '=') < 0);
        if (is_all(word))
            all = choose_all(mender, all, word);
        else
            words_add(mender, &out, word);
    }
    if (is_moved)
        rec_mender_note(mender, REC_REPAIR_ALL, all, arena_strdup_span(mender->arena, all));
    if (all.at != NULL)
        words_add(mender, &out, all);
    return out;
}

/* spf_text - the words as a record; {NULL, 0}: one of them cannot be mended */
static struct span spf_text(struct rec_mender *mender, const struct spf_words *words)
{
    struct sbuf text = sbuf_start(mender->arena);
    struct spf_words mended = {0};

    for (size_t i = 0; i < words->count; i++) {
        struct span term = is_version(words->spans[i], 0)
                               ? words->spans[i]
                               : rec_mender_term(mender, words->spans[i]);

        if (term.at == NULL)
            return (struct span){NULL, 0};
        words_add(mender, &mended, term);
    }
    mended = meant_spf_arrange(mender, &mended);
    sbuf_add(&text, version);
    for (size_t i = 0; i < mended.count; i++) {
        sbuf_add_octet(&text, ' ');
        sbuf_add_span(&text, mended.spans[i]);
    }
    return sbuf_span(&text);
}

/* turn_strings - the string with the version in front */
static void turn_strings(struct rec_mender *mender, struct rec_mender_pieces *pieces)
{
    for (size_t i = 0; i < pieces->count; i++)
        if (is_console_word(first_part(span_trim(pieces->spans[i])))) {
            return;
        } else if (span_starts_with_nocase(span_trim(pieces->spans[i]), "v=spf1")) {
            rec_mender_rotate(mender, pieces, i);
            return;
        }
}

/* spf_read - one reading; NULL: none */
static const struct rec_meant *spf_read(struct rec_mender *mender, const struct span *strings,
                                        size_t count)
{
    struct rec_mender_pieces pieces = {0};
    struct spf_words words = {0};
    struct rec_spf record;

    if (!rec_mender_clean(mender, strings, count, &pieces))
        return NULL;
    turn_strings(mender, &pieces);
    words = spf_cut(mender, spf_joined(mender, &pieces));
    if (words.count > LIMIT_REMEDY_TERMS || !meant_spf_take_version(mender, &words))
        return NULL;
    words = join_torn(mender, &words);
    words = cut_glued(mender, &words);
    mender->meant->text = spf_text(mender, &words);
    if (mender->meant->text.at == NULL)
        return NULL;
    rec_spf_parse(mender->arena, mender->meant->text, &record);
    return record.is_fatal ? NULL : mender->meant;
}

/* spf_settled - a reading that reads as itself: what was repaired needs no repair; else NULL */
static const struct rec_meant *spf_settled(struct arena *arena, const struct rec_meant *meant,
                                           const struct rec_meant_names *names)
{
    struct rec_mender again = rec_mender_open(arena);

    again.names = names;
    return meant != NULL && spf_read(&again, &meant->text, 1) != NULL &&
                   again.meant->repair_count == 0 && !again.has_other
               ? meant
               : NULL;
}

const struct rec_meant *rec_meant_spf(struct arena *arena, const struct span *strings,
                                      size_t count, const struct rec_meant_names *names)
{
    struct rec_mender first = rec_mender_open(arena);
    struct rec_mender second = rec_mender_open(arena);
    const struct rec_meant *meant = NULL;

    first.names = names;
    second.names = names;
    second.wants_other = true;
    meant = spf_settled(arena, spf_read(&first, strings, count), names);
    if (meant != NULL && first.has_other)
        first.meant->other = spf_settled(arena, spf_read(&second, strings, count), names);
    return meant;
}
