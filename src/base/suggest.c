/* The distance of Damerau and Levenshtein (adjacent swaps only), over three rows. */
#include <string.h>

#include "base/suggest.h"
#include "base/arena.h"
#include "base/span.h"

#define WORD_MAX 64 /* longest words that are compared */

/* suggest_least - of two */
static size_t suggest_least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t suggest_distance(struct span a, struct span b, size_t max)
{
    size_t rows[3][WORD_MAX + 1] = {{0}};
    size_t longer = a.len > b.len ? a.len - b.len : b.len - a.len;

    if (a.len > WORD_MAX || b.len > WORD_MAX || longer > max)
        return max + 1;
    for (size_t j = 0; j <= b.len; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        size_t *row = rows[i % 3];
        const size_t *before = rows[(i + 2) % 3];
        const size_t *earlier = rows[(i + 1) % 3];
        size_t least = i;

        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            char x = ascii_to_lower(a.at[i - 1]);
            char y = ascii_to_lower(b.at[j - 1]);

            row[j] = suggest_least(suggest_least(before[j], row[j - 1]) + 1,
                                   before[j - 1] + (x != y));
            if (i > 1 && j > 1 && x == ascii_to_lower(b.at[j - 2]) &&
                y == ascii_to_lower(a.at[i - 2]))
                row[j] = suggest_least(row[j], earlier[j - 2] + 1);
            least = suggest_least(least, row[j]);
        }
        if (least > max + 1) /* a swap takes from two rows before: one less at most */
            return max + 1;
    }
    return rows[a.len % 3][b.len] > max ? max + 1 : rows[a.len % 3][b.len];
}

struct suggest suggest_start(const char *written)
{
    /* a third of the word may be wrong, one letter of a short one, but not more than that */
    size_t len = strlen(written);

    return (struct suggest){.written = written, .distance = (len < 3 ? 1 : len / 3) + 1};
}

void suggest_offer(struct suggest *suggest, const char *word)
{
    size_t len = strlen(suggest->written);
    size_t distance =
        suggest_distance(span_of(suggest->written), span_of(word), suggest->distance);

    /* the beginning of a word is as good as a typing mistake */
    if (len >= 2 && strncmp(suggest->written, word, len) == 0)
        distance = 1;
    if (distance < suggest->distance && distance < len) {
        suggest->best = word;
        suggest->distance = distance;
    }
}

const char *suggest_hint(struct arena *arena, const struct suggest *suggest,
                         const char *otherwise)
{
    return suggest->best == NULL ? otherwise
                                 : arena_printf(arena, "; did you mean %s?", suggest->best);
}

const char *suggest_among(struct arena *arena, const char *written, const char *list)
{
    struct suggest suggest = suggest_start(written);
    struct span rest = span_of(list);

    do {
        const char *word = arena_strdup_span(arena, span_cut(&rest, ' '));
        size_t len = strcspn(word, ",");

        if (strcmp(word, "or") != 0 && strcmp(word, "and") != 0)
            suggest_offer(&suggest, arena_strdup_span(arena, span_make(word, len)));
    } while (rest.at != NULL);
    return suggest_hint(arena, &suggest, "");
}
