/* Names of hosts and records: out of what people write around them, and by comparison. */
#include <string.h>

#include "base/suggest.h"
#include "record/rec_meant_private.h"

#define NAME_EDITS 2 /* how far a misspelt host name may be from the right one */
#define NAME_MIN   6 /* shorter names are too much alike */

bool rec_fixer_is_name(struct span text)
{
    ptrdiff_t dot = 0;
    bool has_letter = false;

    if (text.len > 0 && text.at[text.len - 1] == '.')
        text.len--;
    dot = span_find_last(text, '.');
    if (dot < 1 || text.at[0] == '.' || (size_t)dot + 1 == text.len)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (!ascii_is_alnum(text.at[i]) && strchr("-_.", text.at[i]) == NULL)
            return false;
        if (text.at[i] == '.' && text.at[i - 1] == '.')
            return false;
        has_letter = has_letter || ((ptrdiff_t)i > dot && ascii_is_alpha(text.at[i]));
    }
    return has_letter && (size_t)dot + 2 < text.len && text.at[text.len - 1] != '-' &&
           text.at[dot + 1] != '-';
}

struct span rec_fixer_bare_name(struct span text)
{
    ptrdiff_t scheme = -1;
    ptrdiff_t at = 0;

    for (size_t i = 0; i + 2 < text.len && scheme < 0; i++)
        if (text.at[i] == ':' && text.at[i + 1] == '/')
            scheme = (ptrdiff_t)i;
    if (scheme >= 0) {
        text = span_from(text, (size_t)scheme + 1);
        while (text.len > 0 && text.at[0] == '/')
            text = span_from(text, 1);
    }
    if (span_starts_with_nocase(text, "mailto:"))
        text = span_from(text, strlen("mailto:"));
    at = span_find_last(text, '@');
    if (at >= 0)
        text = span_from(text, (size_t)at + 1);
    if (scheme >= 0 || (text.len > 0 && text.at[text.len - 1] == '/'))
        text = span_cut(&text, '/');
    return text;
}

/* is_other_ending - the names differ in their last label only, and the rest is long enough */
static bool is_other_ending(struct span a, struct span b)
{
    ptrdiff_t end_a = span_find_last(a, '.');
    ptrdiff_t end_b = span_find_last(b, '.');

    return end_a >= NAME_MIN && end_b == end_a &&
           suggest_distance(span_sub(a, 0, (size_t)end_a), span_sub(b, 0, (size_t)end_b), 0) ==
               0;
}

/* is_without_end - the last label was left out */
static bool is_without_end(struct span a, struct span b)
{
    ptrdiff_t end = span_find_last(b, '.');

    return end >= NAME_MIN && suggest_distance(a, span_sub(b, 0, (size_t)end), 0) == 0;
}

/* is_without_start - the first labels were left out */
static bool is_without_start(struct span a, struct span b)
{
    return a.len >= NAME_MIN && b.len > a.len + 1 && span_find(a, '.') > 0 &&
           b.at[b.len - a.len - 1] == '.' &&
           suggest_distance(a, span_from(b, b.len - a.len), 0) == 0;
}

/* is_with_zone - the name of a zone was appended to it */
static bool is_with_zone(struct span a, struct span b)
{
    return b.len >= NAME_MIN && a.len > b.len && a.at[b.len] == '.' &&
           suggest_distance(span_sub(a, 0, b.len), b, 0) == 0;
}

/* has_same_digits - "mail1" is not a misspelt "mail2" */
static bool has_same_digits(struct span a, struct span b)
{
    size_t i = 0;
    size_t j = 0;

    for (;;) {
        while (i < a.len && !ascii_is_digit(a.at[i]))
            i++;
        while (j < b.len && !ascii_is_digit(b.at[j]))
            j++;
        if (i == a.len || j == b.len)
            return i == a.len && j == b.len;
        if (a.at[i++] != b.at[j++])
            return false;
    }
}

/* label_count - of a name; a dot that is missing is one edit, a whole label is another name */
static size_t label_count(struct span name)
{
    size_t count = 1;

    for (size_t i = 0; i < name.len; i++)
        count += name.at[i] == '.';
    return count;
}

/* name_distance - how far the written name is from a known one, NAME_EDITS + 1 for a whole
 * label; more: it is another */
static size_t name_distance(struct span written, struct span known)
{
    size_t distance = has_same_digits(written, known)
                          ? suggest_distance(written, known, NAME_EDITS)
                          : NAME_EDITS + 1;

    if (distance == 0 || (distance <= NAME_EDITS && known.len >= NAME_MIN &&
                          (distance == 1 || label_count(written) == label_count(known))))
        return distance;
    return is_other_ending(written, known) || is_without_end(written, known) ||
                   is_without_start(written, known) || is_with_zone(written, known)
               ? NAME_EDITS + 1
               : NAME_EDITS + 2;
}

bool rec_fixer_knows(const struct rec_meant_name *names, size_t count, struct span name,
                     bool is_missing)
{
    for (size_t i = 0; i < count; i++)
        if (names[i].is_missing == is_missing && span_equal_nocase(name, names[i].name))
            return true;
    return false;
}

const char *rec_meant_name(const struct rec_meant_names *names, struct span written)
{
    const char *best = NULL;
    size_t best_distance = NAME_EDITS + 2;
    bool is_tie = false;

    if (written.len > 0 && written.at[written.len - 1] == '.')
        written.len--;
    if (names == NULL || !rec_fixer_knows(names->names, names->count, written, true))
        return NULL; /* nearly all: nothing else has to be compared */
    for (size_t i = 0; i < names->count; i++) {
        struct span known = span_of(names->names[i].name);
        size_t distance = 0;

        if (names->names[i].is_missing)
            continue;
        distance = name_distance(written, known);
        if (distance == 0)
            return NULL; /* it is known as it is written */
        if (distance > NAME_EDITS + 1)
            continue;
        if (distance < best_distance) {
            best = names->names[i].name;
            best_distance = distance;
            is_tie = false;
        } else if (distance == best_distance && strcmp(best, names->names[i].name) != 0) {
            is_tie = true;
        }
    }
    return is_tie ? NULL : best;
}

/* has_owner_label - the label before the last one, which is the name of whom it belongs to */
static bool has_owner_label(struct span name, struct span label)
{
    ptrdiff_t end = span_find_last(name, '.');
    struct span owner = span_sub(name, 0, end < 0 ? 0 : (size_t)end);

    owner = span_from(owner, (size_t)(span_find_last(owner, '.') + 1));
    return owner.len == label.len && suggest_distance(owner, label, 0) == 0;
}

const char *rec_fixer_owner_name(const struct rec_meant_names *names, struct span label)
{
    const char *found = NULL;

    for (size_t i = 0; names != NULL && i < names->count && label.len > 3; i++) {
        if (names->names[i].is_missing ||
            !has_owner_label(span_of(names->names[i].name), label))
            continue;
        if (found != NULL && strcasecmp(found, names->names[i].name) != 0)
            return NULL;
        found = names->names[i].name;
    }
    return found;
}
