/*
 * NAME
 *     sandbox_tries - tries for each sender and recipient, and their results
 * DESCRIPTION
 *     For each sender and recipient the moments of their tries with the replies, so that
 *     greylisting can pass on the second try, and what a client did after a deferral can be
 *     said in words.
 * OWNERSHIP
 *     In the arena; bounded by LIMIT_SANDBOX_TRIED pairs, of which the last tries are kept.
 * ERRORS
 *     None: what is beyond the bound is not remembered, and counted.
 */
#ifndef SANDBOX_TRIES_H
#define SANDBOX_TRIES_H

#include "base/arena.h"

#define SANDBOX_TRIES_KEPT 8 /* of a pair: the first ones */

struct sandbox_try {
    int64_t at_ms;
    unsigned code;     /* 0: no reply, the connection was closed or left silent */
    const char *where; /* the listener, which outlives this; NULL: not known */
};

struct sandbox_tried {
    const char *from;
    const char *to;
    uint64_t count;
    struct sandbox_try list[SANDBOX_TRIES_KEPT];
    bool met_trouble; /* one of them was not accepted */
    struct sandbox_try last;
    struct sandbox_tried *next;
};

struct sandbox_tries {
    struct arena *arena;
    struct sandbox_tried *first;
    struct sandbox_tried *newest;
    size_t count;
    size_t left_off;
};

struct sandbox_tries *sandbox_tries_open(struct arena *arena);

/* the tries so far; NULL: none */
const struct sandbox_tried *sandbox_tries_find(const struct sandbox_tries *tries,
                                               const char *from, const char *to);
/* one more, with its reply */
void sandbox_tries_add(struct sandbox_tries *tries, const char *from, const char *to,
                       struct sandbox_try made);

/* "tried 2 times, 1.2 s apart (451, 250): came back and was accepted"; where listeners differ
 * they are named, and "fell back to 127.0.0.3:25 and was accepted" */
const char *sandbox_tries_text(struct arena *arena, const struct sandbox_tried *tried);

#endif
