/*
 * NAME
 *     app_suggest - what was probably meant
 * DESCRIPTION
 *     Offered words are compared with the one that was written, by how many
 *     letters were left out, added, changed or swapped.
 * OWNERSHIP
 *     Points into the words offered.
 * ERRORS
 *     None.
 */
#ifndef APP_SUGGEST_H
#define APP_SUGGEST_H

#include <stddef.h>

struct app_suggest {
    const char *written;
    const char *best; /* NULL: nothing is near */
    unsigned distance;
};

struct app_suggest app_suggest_start(const char *written);
void app_suggest_offer(struct app_suggest *suggest, const char *word);

/* letters left out, added, changed or swapped between two words */
unsigned app_suggest_distance(const char *a, const char *b);

#endif
