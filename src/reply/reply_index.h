/*
 * NAME
 *     reply_index - which phrases a reply may contain
 * DESCRIPTION
 *     A phrase can match only where all of its literal octets are in the text. The index has
 *     three of them for each phrase, and each sign of a speaker: those that the fewest others
 *     have. One walk over the text finds all candidates.
 *
 *     The tables are made when the program is built. Owners are numbers: of a phrase, then
 *     (from reply_phrase_count on) of a speaker.
 * OWNERSHIP
 *     Tables are static, sets belong to the arena.
 * ERRORS
 *     None.
 */
#ifndef REPLY_INDEX_H
#define REPLY_INDEX_H

#include "base/arena.h"
#include "base/span.h"

#define REPLY_GRAM          3 /* octets; no phrase has a literal shorter than that */
#define REPLY_INDEX_BUCKETS 4096

struct reply_index_row {
    uint32_t gram;
    uint16_t owner;
};

/* rows of a bucket are those from its start to the start of the next one */
extern const uint16_t reply_index_starts[REPLY_INDEX_BUCKETS + 1];
extern const struct reply_index_row reply_index_rows[];

/* the octets there as a number */
static inline uint32_t reply_gram_at(const char *at)
{
    return (uint32_t)(unsigned char)at[0] << 16 | (uint32_t)(unsigned char)at[1] << 8 |
           (uint32_t)(unsigned char)at[2];
}

/* where it is kept: Fibonacci hashing, the upper 12 bits of the product */
static inline uint32_t reply_gram_bucket(uint32_t gram)
{
    return gram * 2654435769U >> 20;
}

/* a set of owners, one bit for each */
struct reply_candidates {
    uint64_t *bits;
    size_t count; /* of all owners */
};

/* the owners that may be in the text, or in the folded one of the same length */
struct reply_candidates reply_index_find(struct arena *arena, struct span text,
                                         struct span folded);

/* the first candidate from there on; count: none */
size_t reply_candidates_next(const struct reply_candidates *set, size_t owner);

#endif
