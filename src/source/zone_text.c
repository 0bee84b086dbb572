/*
 * One pass over the bytes. Inside brackets each new line is looked at first: a line
 * that surely is a record of its own proves that the bracket was forgotten, one that may
 * be a record is where cutting resumes should the bracket turn out never to close. A
 * second opening bracket proves the same, so no line is looked at more than a few times.
 */
#include <string.h>

#include "source/zone_text.h"

#include "base/limits.h"
#include "dns/dns_ldns.h"

#define WORDS_FIRST 64

#define TYPE_NAME_MAX 16 /* the longest in the registry is NSEC3PARAM */

/* how much a line looks like the first line of a record */
enum likeness { LIKENESS_NONE, LIKENESS_LOOSE, LIKENESS_STRONG };

/* one entry being cut */
struct cutter {
    struct zone_text *text;
    struct zone_entry *entry;
    bool is_open;     /* inside brackets */
    int open_line;    /* where the bracket was opened */
    size_t resume_at; /* first line since then that may be a record */
    int resume_line;  /* 0: none */
};

struct zone_text zone_text_open(struct arena *arena, struct span bytes)
{
    return (struct zone_text){.arena = arena, .bytes = bytes, .line = 1};
}

bool zone_type_parse(struct span text, enum dns_type *type_out)
{
    char name[TYPE_NAME_MAX + 1] = "";
    ldns_rr_type type = 0;

    if (dns_type_parse(text, type_out))
        return true;
    if (text.len == 0 || text.len > TYPE_NAME_MAX || !ascii_is_alpha(text.at[0]))
        return false;
    memcpy(name, text.at, text.len);
    type = ldns_get_rr_type_by_name(name);
    *type_out = (enum dns_type)type;
    return type != 0;
}

/* zone_text_peek - the octet at `at`, a line end beyond the last one */
static char zone_text_peek(const struct zone_text *text, size_t at)
{
    return at < text->bytes.len ? text->bytes.at[at] : '\n';
}

/* is_blank - between words: SP, HTAB, and the CR of CRLF or on its own */
static bool is_blank(char c)
{
    return ascii_is_blank(c) || c == '\r';
}

/* ends_word - what cannot be in an unquoted word without a backslash */
static bool ends_word(char c)
{
    return is_blank(c) || c == '\n' || c == ';' || c == '(' || c == ')';
}

/* skip_line - go to the first octet of the next line */
static void skip_line(struct zone_text *text)
{
    const char *end = NULL;

    if (text->at < text->bytes.len)
        end = memchr(text->bytes.at + text->at, '\n', text->bytes.len - text->at);
    text->at = end == NULL ? text->bytes.len : (size_t)(end - text->bytes.at) + 1;
    text->line++;
}

/* is_ttl - "3600" or "1h30m" as name servers read it */
static bool is_ttl(struct span word)
{
    if (word.len == 0 || !ascii_is_digit(word.at[0]))
        return false;
    for (size_t i = 0; i < word.len; i++)
        if (!ascii_is_digit(word.at[i]) && strchr("smhdwSMHDW", word.at[i]) == NULL)
            return false;
    return true;
}

/* simple_word - cut the next word of a line, "" at its end or a comment */
static struct span simple_word(struct span *line)
{
    size_t from = 0;
    size_t to = 0;
    struct span word = {0};

    while (from < line->len && is_blank(line->at[from]))
        from++;
    to = from;
    while (to < line->len && line->at[to] != ';' && !is_blank(line->at[to]))
        to++;
    word = span_sub(*line, from, to - from);
    *line = span_from(*line, to);
    return word;
}

/* likeness_of - does the line read [owner] [ttl] [class] TYPE data? */
static enum likeness likeness_of(struct span line)
{
    bool has_owner = line.len > 0 && !is_blank(line.at[0]);
    bool has_class = false;
    bool has_ttl = false;
    enum dns_type type = 0;
    struct span owner = {0};
    struct span word = {0};

    if (line.len > 1 && line.at[0] == '$' && ascii_is_alpha(line.at[1]))
        return LIKENESS_STRONG;
    if (has_owner)
        owner = simple_word(&line);
    for (word = simple_word(&line); word.len > 0; word = simple_word(&line)) {
        if (!has_class && span_equal_nocase(word, "IN"))
            has_class = true;
        else if (!has_ttl && is_ttl(word))
            has_ttl = true;
        else
            break;
    }
    if (word.len == 0 || simple_word(&line).len == 0)
        return LIKENESS_NONE;
    if (!zone_type_parse(word, &type))
        return has_class ? LIKENESS_LOOSE : LIKENESS_NONE;
    if (has_class)
        return LIKENESS_STRONG;
    return has_owner && !zone_type_parse(owner, &type) ? LIKENESS_STRONG : LIKENESS_LOOSE;
}

/* line_here - the line that begins at `at`, without its end */
static struct span line_here(const struct zone_text *text)
{
    struct span rest = span_from(text->bytes, text->at);

    return span_cut(&rest, '\n');
}

/* zone_text_set_fault - the entry is not well-formed; the first reason stays */
static void zone_text_set_fault(struct cutter *cutter, int line, const char *fault)
{
    if (cutter->entry->fault == NULL) {
        cutter->entry->fault = fault;
        cutter->entry->fault_line = line;
    }
}

/* fail_open - the bracket is not closed: resume at the first line that may be a record */
static void fail_open(struct cutter *cutter)
{
    zone_text_set_fault(
        cutter, cutter->open_line,
        "the bracket opened here is not closed before the next record; add \")\" "
        "after the last word of this record");
    if (cutter->resume_line == 0)
        return;
    cutter->text->at = cutter->resume_at;
    cutter->text->line = cutter->resume_line;
}

/* fail_quote - the quote is not closed: resume at the next line that may be a record */
static void fail_quote(struct cutter *cutter, int line)
{
    struct zone_text *text = cutter->text;

    zone_text_set_fault(
        cutter, line,
        "the quote opened here is not closed on its line; close it, and write a long "
        "text as several quoted strings in brackets");
    do
        skip_line(text);
    while (text->at < text->bytes.len && likeness_of(line_here(text)) == LIKENESS_NONE);
}

/* skip_quoted - from the opening quote to behind the closing one; false if there is none */
static bool skip_quoted(struct zone_text *text)
{
    for (text->at++; zone_text_peek(text, text->at) != '\n'; text->at++) {
        if (text->bytes.at[text->at] == '"') {
            text->at++;
            return true;
        }
        if (text->bytes.at[text->at] == '\\' && zone_text_peek(text, text->at + 1) != '\n')
            text->at++;
    }
    return false;
}

/* grow_words - room for twice as many; the array serves one entry after the other */
static void grow_words(struct zone_text *text)
{
    size_t size = text->words_size == 0 ? WORDS_FIRST : text->words_size * 2;
    struct zone_word *words = arena_array_of(text->arena, struct zone_word, size);

    if (text->words_size > 0)
        memcpy(words, text->words, text->words_size * sizeof(*words));
    text->words = words;
    text->words_size = size;
}

/* zone_text_add_word - remember one word of the entry */
static void zone_text_add_word(struct cutter *cutter, struct zone_word word)
{
    struct zone_text *text = cutter->text;
    size_t count = cutter->entry->count;

    if (memchr(word.text.at, '\0', word.text.len) != NULL)
        zone_text_set_fault(cutter, word.line, "a NUL octet; write it as \\000 or remove it");
    if (count == LIMIT_ZONE_WORDS) {
        zone_text_set_fault(cutter, cutter->entry->line,
                            "more words than a record can hold; split it");
        return;
    }
    if (count == text->words_size)
        grow_words(text);
    text->words[cutter->entry->count++] = word;
    cutter->entry->words = text->words;
}

/* cut_quoted - a quoted string */
static bool cut_quoted(struct cutter *cutter)
{
    struct zone_text *text = cutter->text;
    struct zone_word word = {.line = text->line, .is_quoted = true};
    size_t from = text->at + 1;

    if (!skip_quoted(text)) {
        fail_quote(cutter, word.line);
        return false;
    }
    word.text = span_sub(text->bytes, from, text->at - 1 - from);
    zone_text_add_word(cutter, word);
    return true;
}

/* cut_word - an unquoted word, which may have quoted parts inside */
static bool cut_word(struct cutter *cutter)
{
    struct zone_text *text = cutter->text;
    struct zone_word word = {.line = text->line};
    size_t from = text->at;

    while (!ends_word(zone_text_peek(text, text->at))) {
        if (text->bytes.at[text->at] == '"') {
            word.has_inner_quotes = true;
            if (!skip_quoted(text)) {
                fail_quote(cutter, word.line);
                return false;
            }
            continue;
        }
        if (text->bytes.at[text->at] == '\\' && zone_text_peek(text, text->at + 1) != '\n')
            text->at++;
        text->at++;
    }
    word.text = span_sub(text->bytes, from, text->at - from);
    word.is_cut_by_comment = zone_text_peek(text, text->at) == ';';
    zone_text_add_word(cutter, word);
    return true;
}

/* cut_comment - up to the end of the line */
static void cut_comment(struct cutter *cutter)
{
    struct zone_text *text = cutter->text;
    struct span comment = line_here(text);

    if (cutter->entry->count > 0)
        cutter->entry->words[cutter->entry->count - 1].comment = span_from(comment, 1);
    text->at += comment.len;
}

/* cut_bracket - "(" or ")"; false if it does not belong here */
static bool cut_bracket(struct cutter *cutter)
{
    struct zone_text *text = cutter->text;
    bool opens = text->bytes.at[text->at] == '(';

    if (opens && cutter->is_open) {
        if (cutter->resume_line == 0)
            skip_line(text);
        fail_open(cutter);
        return false;
    }
    if (!opens && !cutter->is_open) {
        zone_text_set_fault(cutter, text->line,
                            "a closing bracket without an opening one; remove it or add \"(\"");
        skip_line(text);
        return false;
    }
    cutter->is_open = opens;
    cutter->open_line = text->line;
    cutter->resume_line = 0;
    text->at++;
    return true;
}

/* cut_line_end - false when the entry is complete or its bracket proves to be forgotten */
static bool cut_line_end(struct cutter *cutter)
{
    struct zone_text *text = cutter->text;
    enum likeness likeness = LIKENESS_NONE;

    skip_line(text);
    if (!cutter->is_open)
        return false;
    if (text->at >= text->bytes.len) {
        fail_open(cutter);
        return false;
    }
    likeness = likeness_of(line_here(text));
    if (likeness != LIKENESS_NONE && cutter->resume_line == 0) {
        cutter->resume_at = text->at;
        cutter->resume_line = text->line;
    }
    if (likeness == LIKENESS_STRONG) {
        fail_open(cutter);
        return false;
    }
    return true;
}

/* cut_next - one word, bracket, comment or line end; false when the entry has ended */
static bool cut_next(struct cutter *cutter)
{
    struct zone_text *text = cutter->text;

    switch (zone_text_peek(text, text->at)) {
    case '\n':
        return cut_line_end(cutter);
    case ' ':
    case '\t':
    case '\r':
        text->at++;
        return true;
    case ';':
        cut_comment(cutter);
        return true;
    case '(':
    case ')':
        return cut_bracket(cutter);
    case '"':
        return cut_quoted(cutter);
    }
    return cut_word(cutter);
}

bool zone_text_next(struct zone_text *text, struct zone_entry *entry_out)
{
    struct cutter cutter = {.text = text, .entry = entry_out};

    while (text->at < text->bytes.len) {
        *entry_out = (struct zone_entry){.line = text->line, .words = text->words};
        entry_out->begins_blank = is_blank(zone_text_peek(text, text->at));
        cutter.is_open = false;
        while (cut_next(&cutter))
            ;
        if (entry_out->count > 0 || entry_out->fault != NULL)
            return true;
    }
    return false;
}

/* decimal_escape - the octet of "\DDD" (RFC 1035, 5.1), -1 if it is malformed */
static int decimal_escape(struct span digits)
{
    uint64_t value = 0;

    if (digits.len < 3 || !span_to_number(span_sub(digits, 0, 3), UINT8_MAX, &value))
        return -1;
    return (int)value;
}

bool zone_text_unescape(struct arena *arena, struct span text, struct span *octets_out)
{
    char *octets = arena_alloc(arena, text.len + 1);
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        bool is_escaped = text.at[i] == '\\';
        int value = 0;

        if (is_escaped && ++i == text.len)
            return false;
        if (is_escaped && ascii_is_digit(text.at[i])) {
            if ((value = decimal_escape(span_from(text, i))) < 0)
                return false;
            octets[len++] = (char)value;
            i += 2;
        } else {
            octets[len++] = text.at[i];
        }
    }
    *octets_out = span_make(octets, len);
    return true;
}
