/* Lists of tags as people write them: any mark between tags, and in front of values. */
#include <string.h>

#include "base/limits.h"
#include "base/sbuf.h"
#include "record/rec_meant_private.h"

/* tag_name_length - of a run of letters, digits and "_" */
static size_t tag_name_length(struct span text)
{
    size_t len = 0;

    while (len < text.len && (ascii_is_alnum(text.at[len]) || text.at[len] == '_'))
        len++;
    return len;
}

/* tag_mark_at - where "=" or ":" follows a name; 0: it does not */
static size_t tag_mark_at(struct span text)
{
    size_t at = tag_name_length(text);

    if (at == 0)
        return 0;
    while (at < text.len && text.at[at] == ' ')
        at++;
    return at < text.len && (text.at[at] == '=' || text.at[at] == ':') ? at : 0;
}

/* is_listed - the word is in the list */
static bool is_listed(struct span word, const char *const *list)
{
    for (; *list != NULL; list++)
        if (span_equal_nocase(word, *list))
            return true;
    return false;
}

/* starts_tag - a tag of the grammar begins here */
static bool starts_tag(struct span text, const struct rec_fixer_grammar *grammar)
{
    return tag_mark_at(text) > 0 &&
           is_listed(span_sub(text, 0, tag_name_length(text)), grammar->names);
}

/* glued_at_word - how long a known value is that another tag follows at once; 0: none */
static size_t glued_at_word(struct span value, const struct rec_fixer_grammar *grammar)
{
    for (const char *const *word = grammar->words; *word != NULL; word++) {
        size_t len = strlen(*word);

        if (span_starts_with_nocase(value, *word) && starts_tag(span_from(value, len), grammar))
            return len;
    }
    return 0;
}

/* tag_end - where the tag that begins the text ends: at a semicolon, or where a blank or comma
 * is followed by another tag */
static size_t tag_end(struct span text, const struct rec_fixer_grammar *grammar)
{
    size_t mark = tag_mark_at(text);
    size_t glued = 0;
    size_t start = 0;

    if (mark > 0) {
        for (start = mark + 1; start < text.len && text.at[start] == ' ';)
            start++;
        glued = glued_at_word(span_from(text, start), grammar);
        if (glued > 0)
            return start + glued;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == ';' || text.at[i] == '|')
            return i;
        if ((text.at[i] == ' ' || text.at[i] == ',') &&
            starts_tag(span_from(text, i + 1), grammar))
            return i;
    }
    return text.len;
}

/* tag_read - one piece as a tag */
static struct rec_fixer_tag tag_read(struct rec_fixer *fixer, struct span piece,
                                     const struct rec_fixer_grammar *grammar)
{
    struct rec_fixer_tag tag = {.value = piece};
    size_t mark = tag_mark_at(piece);
    size_t name = tag_name_length(piece);
    bool is_named = starts_tag(piece, grammar);

    if (mark > 0 && (is_named || piece.at[mark] == '=')) {
        tag.name = span_sub(piece, 0, name);
        tag.value = span_from(piece, mark + 1);
        while (tag.value.len > 0 && strchr("=: ", tag.value.at[0]) != NULL)
            tag.value = span_from(tag.value, 1);
        if (piece.at[mark] == ':' ||
            (tag.value.len > 0 && strchr("=:", tag.value.at[-1]) != NULL &&
             tag.value.at > piece.at + mark + 1))
            rec_fixer_note(fixer, REC_REPAIR_ASSIGN, piece, "=");
    } else if (name > 0 && name < piece.len && piece.at[name] == ' ' &&
               is_listed(span_sub(piece, 0, name), grammar->names)) {
        tag.name = span_sub(piece, 0, name);
        tag.value = span_from(piece, name + 1);
        rec_fixer_note(fixer, REC_REPAIR_ASSIGN, piece, "=");
    }
    tag.value = span_trim(tag.value);
    while (tag.value.len > 0 && strchr(", ", tag.value.at[tag.value.len - 1]) != NULL)
        tag.value.len--;
    return tag;
}

struct rec_fixer_tags rec_fixer_cut_tags(struct rec_fixer *fixer, struct span text,
                                         const struct rec_fixer_grammar *grammar)
{
    struct rec_fixer_tags out = {0};
    bool has_other_marks = false;

    while (text.len > 0 && out.count < LIMIT_TAGS) {
        size_t end = 0;
        struct span piece;

        text = span_trim(text);
        end = tag_end(text, grammar);
        piece = span_trim(span_sub(text, 0, end));
        if (piece.len > 0)
            arena_append(fixer->arena, out.tags, out.count, tag_read(fixer, piece, grammar));
        if (end < text.len) {
            bool is_mark = strchr(";|, ", text.at[end]) != NULL;

            has_other_marks = has_other_marks || text.at[end] != ';' || piece.len == 0;
            end += is_mark;
        }
        text = span_from(text, end);
    }
    if (has_other_marks)
        rec_fixer_note(fixer, REC_REPAIR_SEPARATOR, span_of(""), ";");
    return out;
}

struct span rec_fixer_uncomment_tags(struct rec_fixer *fixer, struct span text)
{
    struct sbuf plain = sbuf_start(fixer->arena);
    size_t from = 0;

    for (size_t i = 1; i < text.len; i++)
        if (text.at[i] == '#' && text.at[i - 1] == ' ') {
            ptrdiff_t more = span_find(span_from(text, i), ';');
            size_t end = more < 0 ? text.len : i + (size_t)more;

            rec_fixer_note(fixer, REC_REPAIR_EDGE, span_sub(text, i, end - i), "");
            sbuf_add_span(&plain, span_sub(text, from, i - from));
            from = i = end;
        }
    sbuf_add_span(&plain, span_from(text, from));
    return from == 0 ? text : sbuf_span(&plain);
}

bool rec_fixer_is_console_word(struct span word)
{
    static const char *const words[] = {
        "in",     "txt",    "txt:",  "txt=",   "spf",  "spf:",  "dkim",
        "dkim:",  "dmarc:", "value", "value:", "type", "type:", "ttl",
        "record", "is",     "@",     "*",      "(",    ")",     NULL};
    uint64_t number = 0;

    return is_listed(word, words) || span_to_number(word, UINT32_MAX, &number) ||
           (word.len > 1 && word.at[word.len - 1] == '.' && rec_fixer_is_name(word));
}

bool rec_fixer_is_console(struct span text)
{
    while (text.at != NULL) {
        struct span word = span_cut(&text, ' ');

        if (word.len > 0 && !rec_fixer_is_console_word(word) &&
            memmem(word.at, word.len, "_domainkey", strlen("_domainkey")) == NULL &&
            !span_starts_with_nocase(word, "_dmarc"))
            return false;
    }
    return true;
}

struct rec_fixer_tag *rec_fixer_find_tag(const struct rec_fixer_tags *tags, const char *name)
{
    for (size_t i = 0; i < tags->count; i++)
        if (span_equal_text(tags->tags[i].name, name))
            return &tags->tags[i];
    return NULL;
}

void rec_fixer_put_tag(struct rec_fixer *fixer, struct rec_fixer_tags *tags, const char *name,
                       struct span value)
{
    struct rec_fixer_tag *same = rec_fixer_find_tag(tags, name);
    const struct rec_fixer_tag tag = {span_of(name), value};

    if (same == NULL) {
        arena_append(fixer->arena, tags->tags, tags->count, tag);
        return;
    }
    rec_fixer_note(fixer, REC_REPAIR_DOUBLED, value, name);
    if (span_equal(same->value, value))
        return;
    fixer->has_other = true;
    if (fixer->wants_other)
        same->value = value;
}

struct span rec_fixer_tags_text(struct rec_fixer *fixer, const struct rec_fixer_tags *tags)
{
    const struct rec_fixer_tag *version = rec_fixer_find_tag(tags, "v");
    struct sbuf text = sbuf_start(fixer->arena);

    if (version != NULL) {
        sbuf_add(&text, "v=");
        sbuf_add_span(&text, version->value);
    }
    if (version != NULL && version != tags->tags)
        rec_fixer_note(fixer, REC_REPAIR_ORDER, version->value, "v=");
    for (size_t i = 0; i < tags->count; i++) {
        if (&tags->tags[i] == version)
            continue;
        sbuf_add(&text, text.len > 0 ? "; " : "");
        sbuf_add_span(&text, tags->tags[i].name);
        sbuf_add_octet(&text, '=');
        sbuf_add_span(&text, tags->tags[i].value);
    }
    return sbuf_span(&text);
}
