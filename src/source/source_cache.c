/*
 * Two generations, each an arena and a table of lists. Moving what is used into the younger one
 * and dropping the older as a whole is nearly "least recently used", without a list to keep in
 * order and without a packet ever being freed alone.
 */
#include <string.h>

#include "source/source_cache.h"
#include "base/arena.h"
#include "base/dns_name.h"
#include "base/limits.h"

#define CACHE_LISTS   16384 /* a power of two */
#define TYPE_FACTOR   2654435761U
#define MS_PER_SECOND 1000

struct entry {
    struct entry *next;
    struct dns_question question;
    bool wants_proofs;
    int64_t expires_ms;
    struct source_cached cached;
};

struct generation {
    struct arena *arena;
    struct entry **lists;
};

struct source_cache {
    struct generation young;
    int64_t now_ms;
    struct generation old; /* without an arena at first */
};

/* generation_open - an empty one */
static struct generation generation_open(void)
{
    struct arena *arena = arena_open();

    return (struct generation){arena, arena_array_of(arena, struct entry *, CACHE_LISTS)};
}

struct source_cache *source_cache_open(struct arena *arena)
{
    struct source_cache *cache = arena_new_of(arena, struct source_cache);

    cache->young = generation_open();
    return cache;
}

void source_cache_close(struct source_cache *cache)
{
    if (cache == NULL)
        return;
    arena_close(cache->young.arena);
    arena_close(cache->old.arena);
}

/* cache_list - where the query is, if it is there */
static struct entry **cache_list(const struct generation *generation,
                                 const struct dns_question *question)
{
    uint32_t hash = question->name->hash ^ (uint32_t)question->type * TYPE_FACTOR;

    return &generation->lists[(hash ^ hash >> 16) & (CACHE_LISTS - 1)];
}

/* cache_find_in - the entry of one generation; NULL */
static struct entry *cache_find_in(const struct generation *generation,
                                   const struct dns_question *question, bool wants_proofs)
{
    struct entry *entry = generation->arena != NULL ? *cache_list(generation, question) : NULL;

    while (entry != NULL &&
           (entry->question.type != question->type || entry->wants_proofs != wants_proofs ||
            !dns_name_equal(entry->question.name, question->name)))
        entry = entry->next;
    return entry;
}

/* cache_add - copy an entry into the younger generation, which becomes the older when it is
 * full */
static struct entry *cache_add(struct source_cache *cache, const struct entry *from)
{
    struct generation *young = &cache->young;
    struct entry **list = NULL;
    struct entry *entry = NULL;
    struct dns_name *name = NULL;

    entry = arena_new_of(young->arena, struct entry);
    name = arena_new_of(young->arena, struct dns_name);
    *entry = *from;
    *name = *from->question.name;
    name->text = arena_strdup(young->arena, name->text);
    entry->question.name = name;
    entry->cached.packet = arena_span(young->arena, from->cached.packet);
    list = cache_list(young, &entry->question);
    entry->next = *list;
    *list = entry;
    return entry;
}

/* cache_turn - the younger generation is full */
static void cache_turn(struct source_cache *cache)
{
    if (arena_size(cache->young.arena) < LIMIT_CACHE_BYTES / 2)
        return;
    arena_close(cache->old.arena);
    cache->old = cache->young;
    cache->young = generation_open();
}

void source_cache_tick(struct source_cache *cache, int64_t now_ms)
{
    cache->now_ms = now_ms;
}

bool source_cache_find(struct source_cache *cache, const struct dns_question *question,
                       bool wants_proofs, struct source_cached *cached_out)
{
    struct entry *entry = cache_find_in(&cache->young, question, wants_proofs);

    if (entry == NULL) {
        entry = cache_find_in(&cache->old, question, wants_proofs);
        if (entry != NULL && entry->expires_ms > cache->now_ms)
            entry = cache_add(cache, entry);
    }
    if (entry == NULL || entry->expires_ms <= cache->now_ms)
        return false;
    *cached_out = entry->cached;
    return true;
}

void source_cache_store(struct source_cache *cache, const struct dns_answer *answer,
                        bool wants_proofs, const struct source_cached *cached)
{
    uint32_t ttl = answer->ttl < LIMIT_CACHE_SECONDS ? answer->ttl : LIMIT_CACHE_SECONDS;
    struct entry entry = {.question = answer->question,
                          .wants_proofs = wants_proofs,
                          .expires_ms = cache->now_ms + (int64_t)ttl * MS_PER_SECOND,
                          .cached = *cached};
    struct entry *known = NULL;

    if (!dns_status_is_answer(answer->status) || !answer->has_ttl || ttl == 0)
        return;
    cache_turn(cache);
    known = cache_find_in(&cache->young, &answer->question, wants_proofs);
    if (known == NULL) {
        cache_add(cache, &entry);
        return;
    }
    known->expires_ms = entry.expires_ms;
    known->cached = *cached;
    known->cached.packet = arena_span(cache->young.arena, cached->packet);
}
