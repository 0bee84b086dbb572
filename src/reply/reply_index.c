/* Marks keep their case: octets that folding changes are looked up in both cases. */
#include "reply/reply_index.h"

#include "reply/reply_phrase.h"

#define SET_BITS 64

/* add_owners - of these octets */
static void add_owners(struct reply_candidates *set, uint32_t gram)
{
    uint32_t bucket = reply_gram_bucket(gram);

    for (size_t i = reply_index_starts[bucket]; i < reply_index_starts[bucket + 1]; i++) {
        size_t owner = reply_index_rows[i].owner;

        if (reply_index_rows[i].gram == gram)
            set->bits[owner / SET_BITS] |= (uint64_t)1 << owner % SET_BITS;
    }
}

struct reply_candidates reply_index_find(struct arena *arena, struct span text,
                                         struct span folded)
{
    struct reply_candidates set = {.count = reply_phrase_count + reply_speaker_count};
    size_t words = set.count / SET_BITS + 1;

    set.bits = arena_array_of(arena, uint64_t, words);
    memset(set.bits, 0, words * sizeof(set.bits[0]));
    for (size_t at = 0; at + REPLY_GRAM <= folded.len; at++) {
        uint32_t gram = reply_gram_at(folded.at + at);
        uint32_t raw = reply_gram_at(text.at + at);

        add_owners(&set, gram);
        if (raw != gram)
            add_owners(&set, raw);
    }
    return set;
}

size_t reply_candidates_next(const struct reply_candidates *set, size_t owner)
{
    while (owner < set->count) {
        uint64_t rest = set->bits[owner / SET_BITS] >> owner % SET_BITS;

        if ((rest & 1) != 0)
            return owner;
        owner += rest == 0 ? SET_BITS - owner % SET_BITS : 1;
    }
    return set->count;
}
