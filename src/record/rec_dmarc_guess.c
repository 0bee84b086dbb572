/* Levenshtein distance over octets; words are short, so one row of the matrix is enough. */
#include "record/rec_dmarc_private.h"

#define GUESS_LEN_MAX 16 /* the longest word is "quarantine" */

/* dmarc_guess_smallest - of three */
static size_t dmarc_guess_smallest(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;

    return least < c ? least : c;
}

/* dmarc_guess_distance - how many octets must change to make `word` of `written` */
static size_t dmarc_guess_distance(struct span written, struct span word)
{
    size_t row[GUESS_LEN_MAX + 1];

    for (size_t i = 0; i <= word.len; i++)
        row[i] = i;
    for (size_t i = 0; i < written.len; i++) {
        size_t diagonal = row[0];

        row[0] = i + 1;
        for (size_t j = 0; j < word.len; j++) {
            bool is_same = ascii_to_lower(written.at[i]) == word.at[j];
            size_t next =
                dmarc_guess_smallest(row[j] + 1, row[j + 1] + 1, diagonal + (is_same ? 0 : 1));

            diagonal = row[j + 1];
            row[j + 1] = next;
        }
    }
    return row[word.len];
}

/* is_swapped - two neighbours changed places, which counts as one mistake */
static bool is_swapped(struct span written, struct span word)
{
    size_t i = 0;

    if (written.len != word.len)
        return false;
    while (i < word.len && ascii_to_lower(written.at[i]) == word.at[i])
        i++;
    if (i + 1 >= word.len || ascii_to_lower(written.at[i]) != word.at[i + 1] ||
        ascii_to_lower(written.at[i + 1]) != word.at[i])
        return false;
    return dmarc_guess_distance(span_from(written, i + 2), span_from(word, i + 2)) == 0;
}

const char *rec_dmarc_guess(struct span written, const char *const *words)
{
    const char *best = NULL;
    size_t best_distance = written.len < 4 ? 2 : 3; /* one wrong octet, or two in long words */

    if (written.len < 2 || written.len > GUESS_LEN_MAX)
        return NULL;
    for (; *words != NULL; words++) {
        struct span word = span_of(*words);
        size_t away = is_swapped(written, word) ? 1 : dmarc_guess_distance(written, word);

        if (word.len > 1 && away < best_distance) {
            best = *words;
            best_distance = away;
        }
    }
    return best;
}
