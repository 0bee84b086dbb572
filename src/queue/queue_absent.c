/* In place of queue_nats.c, where the build is without libnats. */
#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "queue/queue.h"

struct queue *queue_open(struct arena *arena, const struct queue_place *place, struct err *why)
{
    (void)arena;
    (void)place;
    err_set_kind(why, ERR_USAGE,
                 "queues are not built in: this build of mailassay is without "
                 "libnats (WITH_NATS)");
    return NULL;
}

void queue_close(struct queue *queue)
{
    (void)queue;
}

/* Nothing below is ever called: there is no queue. */

bool queue_join(struct queue *queue, struct err *why)
{
    return queue != NULL && why == NULL;
}

enum queue_state queue_take(struct queue *queue, struct queue_item *item_out, struct err *why)
{
    (void)queue;
    (void)item_out;
    (void)why;
    return QUEUE_OVER;
}

void queue_extend(struct queue *queue)
{
    (void)queue;
}

bool queue_done(struct queue *queue, size_t ticket, struct span report, struct err *why)
{
    (void)ticket;
    (void)report;
    return queue_join(queue, why);
}

size_t queue_room(const struct queue *queue)
{
    (void)queue;
    return 0;
}

bool queue_make(struct queue *queue, struct err *why)
{
    return queue_join(queue, why);
}

bool queue_put(struct queue *queue, const char *key, const struct queue_item *item,
               struct err *why)
{
    (void)key;
    (void)item;
    return queue_join(queue, why);
}

bool queue_end_put(struct queue *queue, struct err *why)
{
    return queue_join(queue, why);
}

bool queue_count(struct queue *queue, struct queue_counts *counts_out, struct err *why)
{
    (void)counts_out;
    return queue_join(queue, why);
}

bool queue_collect(struct queue *queue, const struct queue_reader *reader, struct err *why)
{
    (void)reader;
    return queue_join(queue, why);
}
