/* A ring that doubles when it is full. */
#include "source/source_queue.h"

#define SIZE_FIRST 64

/* queue_grow - a larger ring with the same queries in the same order */
static void queue_grow(struct source_queue *queue, struct arena *arena)
{
    size_t size = queue->size == 0 ? SIZE_FIRST : queue->size * 2;
    struct source_queued *places = arena_array_of(arena, struct source_queued, size);

    for (size_t i = 0; i < queue->count; i++)
        places[i] = queue->places[(queue->first + i) % queue->size];
    queue->places = places;
    queue->size = size;
    queue->first = 0;
}

void source_queue_add(struct source_queue *queue, struct arena *arena,
                      const struct dns_question *question, void *token)
{
    if (queue->count == queue->size)
        queue_grow(queue, arena);
    queue->places[(queue->first + queue->count) % queue->size] =
        (struct source_queued){.question = *question, .token = token};
    queue->count++;
}

bool source_queue_take(struct source_queue *queue, struct source_queued *queued_out)
{
    if (queue->count == 0)
        return false;
    *queued_out = queue->places[queue->first];
    queue->first = (queue->first + 1) % queue->size;
    queue->count--;
    return true;
}
