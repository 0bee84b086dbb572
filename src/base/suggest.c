/* The distance of Damerau and Levenshtein (adjacent swaps only), over three rows. */
#include <string.h>

#include "base/suggest.h"
#include "base/arena.h"
#include "base/span.h"

#define WORD_MAX 32 /* longer than any option, command or id of a finding */

/* suggest_least - of two */
static unsigned suggest_least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* is_swap - the last two letters are swapped */
static int is_swap(const char *a, const char *b, size_t i, size_t j)
{
    return i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
}

unsigned suggest_distance(const char *a, const char *b)
{
    unsigned rows[3][WORD_MAX + 1] = {{0}};
    size_t a_len = strlen(a);
    size_t b_len = strlen(b);

    if (a_len > WORD_MAX || b_len > WORD_MAX)
        return WORD_MAX;
    for (size_t j = 0; j <= b_len; j++)
        rows[0][j] = (unsigned)j;
    for (size_t i = 1; i <= a_len; i++) {
        unsigned *now = rows[i % 3];
        const unsigned *before = rows[(i + 2) % 3];
        const unsigned *earlier = rows[(i + 1) % 3];

        now[0] = (unsigned)i;
        for (size_t j = 1; j <= b_len; j++) {
            now[j] = suggest_least(suggest_least(before[j], now[j - 1]) + 1,
                                   before[j - 1] + (a[i - 1] != b[j - 1]));
            if (is_swap(a, b, i, j))
                now[j] = suggest_least(now[j], earlier[j - 2] + 1);
        }
    }
    return rows[a_len % 3][b_len];
}

struct suggest suggest_start(const char *written)
{
    /* a third of the word may be wrong, one letter of a short one, but not more than that */
    size_t len = strlen(written);

    return (struct suggest){.written = written,
                            .distance = (len < 3 ? 1 : (unsigned)(len / 3)) + 1};
}

void suggest_offer(struct suggest *suggest, const char *word)
{
    size_t len = strlen(suggest->written);
    unsigned distance = suggest_distance(suggest->written, word);

    /* the beginning of a word is as good as a typing mistake */
    if (len >= 2 && strncmp(suggest->written, word, len) == 0)
        distance = 1;
    if (distance < suggest->distance && distance < len) {
        suggest->best = word;
        suggest->distance = distance;
    }
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
    return suggest.best == NULL ? "" : arena_printf(arena, "; did you mean %s?", suggest.best);
}
