/*
 * One pass cuts the text at semicolons and each piece at its first "="; what
 * departs from the grammar becomes a fault, and what can be read is kept all
 * the same. Tags are bounded, and so are faults, of which one has three at most.
 */
#include <string.h>

#include "record/rec_tags.h"
#include "base/escape.h"
#include "base/limits.h"

#define SHOWN_MAX 40
#define BLOCK     32 /* octets that are looked at at once; the compiler makes vectors of it */

/* how far parsing has come */
struct reading {
    struct arena *arena;
    struct rec_tags *tags;
    struct rec_tag *last;
    size_t count;
};

/* tags_note - a departure from the grammar, which RFC 6376, 3.2 makes an error of the whole
 * list */
static void tags_note(struct reading *reading, enum rec_tag_fault kind, struct span part,
                      const char *sentence)
{
    struct fault fault = {.kind = (int)kind, .is_fatal = true, .part = part, .text = sentence};

    if (part.at != NULL)
        fault.at = (size_t)(part.at - reading->tags->text.at);
    if (part.len > 0)
        fault.text = arena_printf(reading->arena, "%s \"%s\"", sentence,
                                  escape_to_text(reading->arena, part, SHOWN_MAX));
    fault_add(reading->arena, &reading->tags->faults, fault);
}

/* note_too_many - first and at the start: it is about the list, and explains what is missing */
static void note_too_many(struct reading *reading)
{
    struct fault *rest = reading->tags->faults;

    reading->tags->faults = NULL;
    tags_note(reading, REC_TAG_TOO_MANY, span_sub(reading->tags->text, 0, 0),
              arena_printf(reading->arena, "more than %d tags; what follows them was not read",
                           LIMIT_TAGS));
    reading->tags->faults->next = rest;
}

/* name_is_valid - ALPHA *(ALPHA / DIGIT / "_") (RFC 6376, 3.2) */
static bool name_is_valid(struct span name)
{
    if (name.len == 0 || !ascii_is_alpha(name.at[0]))
        return false;
    for (size_t i = 1; i < name.len; i++)
        if (!ascii_is_alnum(name.at[i]) && name.at[i] != '_')
            return false;
    return true;
}

/* value_octet_length - octets of the next character a value may hold; 0 if it may not. Folding
 * is CRLF and a blank (RFC 6376, 2.8); beyond ASCII there is UTF-8 (RFC 8616, 5) */
static size_t value_octet_length(struct span rest)
{
    uint32_t code = 0;

    if (ascii_is_visible(rest.at[0]) || ascii_is_blank(rest.at[0]))
        return 1;
    if (rest.at[0] == '\r')
        return rest.len >= 3 && rest.at[1] == '\n' && ascii_is_blank(rest.at[2]) ? 3 : 0;
    return (unsigned char)rest.at[0] < 0x80 ? 0 : utf8_next(rest, &code);
}

/* plain_start - how many octets are visible or blanks, found fast: all of them, as a rule */
static size_t plain_start(struct span value)
{
    size_t len = 0;

    for (; len + BLOCK <= value.len; len += BLOCK) {
        unsigned char others = 0;

        for (int i = 0; i < BLOCK; i++) {
            unsigned char octet = (unsigned char)value.at[len + (size_t)i];

            others |= (unsigned char)(octet - ' ') > '~' - ' ';
        }
        if (others != 0)
            break;
    }
    return len;
}

/* value_is_valid - only octets that a tag value may hold */
static bool value_is_valid(struct span value)
{
    size_t i = plain_start(value);

    while (i < value.len) {
        size_t step = value_octet_length(span_from(value, i));

        if (step == 0)
            return false;
        i += step;
    }
    return true;
}

/* add_tag - keep one "name = value" */
static void add_tag(struct reading *reading, struct span name, struct span value)
{
    struct rec_tag *tag = arena_new_of(reading->arena, struct rec_tag);

    for (struct rec_tag *other = reading->tags->first; other != NULL; other = other->next)
        if (span_equal(other->name, name)) {
            tags_note(reading, REC_TAG_DUPLICATE, name, "duplicate tag");
            break;
        }
    tag->name = name;
    tag->value = value;
    tag->at = (size_t)(name.at - reading->tags->text.at);
    if (reading->last == NULL)
        reading->tags->first = tag;
    else
        reading->last->next = tag;
    reading->last = tag;
}

/* read_piece - what is between two semicolons */
static void read_piece(struct reading *reading, struct span piece)
{
    ptrdiff_t equals = span_find(piece, '=');
    struct span name = span_trim(span_sub(piece, 0, equals < 0 ? piece.len : (size_t)equals));

    if (name.len == 0 && equals < 0) {
        tags_note(reading, REC_TAG_EMPTY, span_sub(piece, 0, 0), "nothing before a semicolon");
        return;
    }
    if (equals < 0) {
        tags_note(reading, REC_TAG_NO_EQUALS, name, "no \"=\" in");
        return;
    }
    struct span value = span_trim(span_from(piece, (size_t)equals + 1));

    if (!name_is_valid(name))
        tags_note(reading, REC_TAG_NAME, name, "not a tag name");
    if (!value_is_valid(value))
        tags_note(reading, REC_TAG_VALUE, value, "octets not allowed in a tag value");
    add_tag(reading, name, value);
}

void rec_tags_parse(struct arena *arena, struct span text, struct rec_tags *tags_out)
{
    struct reading reading = {.arena = arena, .tags = tags_out};
    struct span rest = text;

    *tags_out = (struct rec_tags){.text = text};
    while (span_trim(rest).len > 0) { /* the last tag may end in a semicolon */
        struct span piece = span_cut(&rest, ';');

        if (reading.count++ >= LIMIT_TAGS) {
            note_too_many(&reading);
            break;
        }
        read_piece(&reading, piece);
    }
}

struct span rec_without_blanks(struct arena *arena, struct span value)
{
    char *kept = arena_alloc(arena, value.len);
    size_t len = 0;

    for (size_t i = 0; i < value.len; i++) { /* no branch: none would be guessed right */
        kept[len] = value.at[i];
        len += !ascii_is_space(value.at[i]);
    }
    return span_make(kept, len);
}
