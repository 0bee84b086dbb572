/* A ring that doubles when it is full. */
#include "dns/dns_queue.h"

#define SIZE_FIRST 64

/* queue_grow - a larger ring with the same questions in the same order */
static void queue_grow(struct dns_queue *queue, struct arena *arena)
{
    size_t size = queue->size == 0 ? SIZE_FIRST : queue->size * 2;
    struct dns_queued *places = arena_array_of(arena, struct dns_queued, size);

    for (size_t i = 0; i < queue->count; i++)
        places[i] = queue->places[(queue->first + i) % queue->size];
    queue->places = places;
    queue->size = size;
    queue->first = 0;
}

void dns_queue_add(struct dns_queue *queue, struct arena *arena,
                   const struct dns_question *question, void *token)
{
    if (queue->count == queue->size)
        queue_grow(queue, arena);
    queue->places[(queue->first + queue->count) % queue->size] =
        (struct dns_queued){.question = *question, .token = token};
    queue->count++;
}

bool dns_queue_take(struct dns_queue *queue, struct dns_queued *queued_out)
{
    if (queue->count == 0)
        return false;
    *queued_out = queue->places[queue->first];
    queue->first = (queue->first + 1) % queue->size;
    queue->count--;
    return true;
}
