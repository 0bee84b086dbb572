/* A ring that doubles when it is full. */
#include "source/source_held.h"

#include <string.h>

#include "base/arena.h"

#define SIZE_FIRST 64

/* held_grow - a larger ring with the same queries in the same order */
static void held_grow(struct source_held *held)
{
    size_t size = held->size == 0 ? SIZE_FIRST : held->size * 2;
    struct source_queued *places = arena_array_of(held->base.arena, struct source_queued, size);

    for (size_t i = 0; i < held->count; i++)
        places[i] = held->places[(held->first + i) % held->size];
    held->places = places;
    held->size = size;
    held->first = 0;
}

bool source_held_submit(struct source *source, const struct dns_question *question, void *token)
{
    struct source_held *held = (struct source_held *)source;

    if (held->count == held->size)
        held_grow(held);
    held->places[(held->first + held->count) % held->size] =
        (struct source_queued){.question = *question, .token = token};
    held->count++;
    return true;
}

int source_held_poll(struct source *source, int timeout_ms, source_answered_fn *answered,
                     void *ctx)
{
    struct source_held *held = (struct source_held *)source;

    (void)timeout_ms;
    while (held->count > 0) { /* what is submitted meanwhile, too */
        struct source_queued next = held->places[held->first];

        held->first = (held->first + 1) % held->size;
        held->count--;
        answered(ctx, next.token, held->find(source, &next.question));
    }
    return 0;
}

void source_held_forget(struct source *source)
{
    ((struct source_held *)source)->count = 0;
}

struct source *source_held_again(const struct source *source, struct arena *arena)
{
    const struct source_held *from = (const struct source_held *)source;
    struct source_held *held = arena_alloc(arena, from->octets);

    memcpy(held, from, from->octets);
    held->base.arena = held->base.answers = arena;
    held->places = NULL;
    held->size = held->first = held->count = 0;
    return &held->base;
}
