/*
 * NAME
 *     suggest - the word that a misspelt one was probably meant to be
 * DESCRIPTION
 *     Offered words are compared with the one that was written, by the edits
 *     between them.
 * OWNERSHIP
 *     struct suggest points into the words offered; sentences are the arena's.
 * ERRORS
 *     None.
 */
#ifndef SUGGEST_H
#define SUGGEST_H

#include "base/arena.h"
#include "base/span.h"

struct suggest {
    const char *written;
    const char *best; /* NULL: no word is near */
    size_t distance;
};

struct suggest suggest_start(const char *written);
void suggest_offer(struct suggest *suggest, const char *word);

/* how many edits part two words, without regard to case: letters left out, added, changed or
 * swapped with a neighbour; `max` + 1 for any number above it */
size_t suggest_distance(struct span a, struct span b, size_t max);

/* "; did you mean WORD?", or `otherwise` if no word is near */
const char *suggest_hint(struct arena *arena, const struct suggest *suggest,
                         const char *otherwise);

/* the same of a list like "a, b or c"; "" if no word is near */
const char *suggest_among(struct arena *arena, const char *written, const char *list);

#endif
