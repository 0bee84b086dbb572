/*
 * NAME
 *     suggest - the word that a misspelt one was probably meant to be
 * DESCRIPTION
 *     Offered words are compared with the one that was written, by how many
 *     letters were left out, added, changed or swapped.
 * OWNERSHIP
 *     struct suggest points into the words offered; sentences are the arena's.
 * ERRORS
 *     None.
 */
#ifndef SUGGEST_H
#define SUGGEST_H

#include <stddef.h>

struct arena;

struct suggest {
    const char *written;
    const char *best; /* NULL: no word is near */
    unsigned distance;
};

struct suggest suggest_start(const char *written);
void suggest_offer(struct suggest *suggest, const char *word);

/* letters left out, added, changed or swapped between two words */
unsigned suggest_distance(const char *a, const char *b);

/* "; did you mean WORD?", or "" if no word of a list like "a, b or c" is near */
const char *suggest_among(struct arena *arena, const char *written, const char *list);

#endif
