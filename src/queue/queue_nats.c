/*
 * JetStream. The stream of subjects is a work queue: a message goes when it is acknowledged,
 * which is after its report is stored. Each key is a NATS subject of its own, and a report is
 * stored only if it is the first there: so a report is stored once, also when the server has
 * forgotten the message ids.
 */
#include "queue/queue_private.h"

#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/must.h"
#include "base/span.h"
#include "queue/queue_nats_library.h"

#define SUSPECT    2   /* delivered more often without a report: taken alone */
#define FETCH_MANY 16  /* subjects that one scan asks for at a time */
#define FETCH_MS   20  /* to wait for them: workers wait as long */
#define REST_MS    200 /* before it asks again where there were none */

bool queue_join(struct queue *queue, struct err *why)
{
    jsSubOptions options;
    jsErrCode code = 0;
    natsStatus status = NATS_OK;

    nats.jsSubOptions_Init(&options);
    options.Stream = queue_streams[QUEUE_TODO];
    options.Consumer = QUEUE_CONSUMER;
    options.ManualAck = true;
    status = nats.js_PullSubscribe(&queue->todo, queue->js, NULL, QUEUE_CONSUMER, NULL,
                                   &options, &code);
    return status == NATS_OK || queue_trouble(queue, status, code, why);
}

/* queue_fetch - subjects from the server; false: none now */
static bool queue_fetch(struct queue *queue)
{
    int64_t now = clock_monotonic_ms();

    if (now < queue->fetch_ms)
        return false;
    nats.natsMsgList_Destroy(&queue->fetched);
    queue->next = 0;
    if (nats.natsSubscription_Fetch(&queue->fetched, queue->todo, FETCH_MANY, FETCH_MS, NULL) ==
            NATS_OK &&
        queue->fetched.Count > 0)
        return true;
    queue->fetch_ms = now + REST_MS;
    return false;
}

/* queue_is_over - no subject is left, here or elsewhere; or `why` not */
static bool queue_is_over(struct queue *queue, struct err *why)
{
    struct queue_counts counts = {0};
    struct err detail = {0};
    int64_t now = clock_monotonic_ms();

    if (now < queue->look_ms)
        return false;
    queue->look_ms = now + QUEUE_MS;
    if (queue_count(queue, &counts, &detail)) {
        queue->away_ms = 0;
        return counts.left == 0;
    }
    if (queue->away_ms == 0)
        queue->away_ms = now;
    if (now - queue->away_ms < (int64_t)QUEUE_AWAY_SECONDS * QUEUE_MS)
        return false;
    *why = detail;
    return true;
}

/* queue_read - the payload: the number of the line, a blank and its text */
static void queue_read(natsMsg *message, struct queue_item *item)
{
    struct span rest =
        span_make(nats.natsMsg_GetData(message), (size_t)nats.natsMsg_GetDataLength(message));
    ptrdiff_t blank = span_find(rest, ' ');
    struct span number = blank < 0 ? rest : span_sub(rest, 0, (size_t)blank);

    span_to_number(number, UINT64_MAX, &item->number);
    item->is_too_long = blank < 0;
    item->text = blank < 0 ? span_make("", 0) : span_from(rest, (size_t)blank + 1);
}

/* queue_deliveries - how often the subject was delivered, this time included */
static uint64_t queue_deliveries(natsMsg *message)
{
    jsMsgMetaData *meta = NULL;
    uint64_t count = 1;

    if (nats.natsMsg_GetMetaData(&meta, message) == NATS_OK)
        count = meta->NumDelivered;
    nats.jsMsgMetaData_Destroy(meta);
    return count;
}

/* queue_free_place - the first that is free: there is one */
static size_t queue_free_place(const struct queue *queue)
{
    size_t at = 0;

    while (queue->held[at].message != NULL)
        at++;
    return at;
}

enum queue_state queue_take(struct queue *queue, struct queue_item *item_out, struct err *why)
{
    natsMsg *message = NULL;
    uint64_t deliveries = 0;

    if (queue->has_suspect || queue->held_count == QUEUE_HELD)
        return QUEUE_LATER;
    if (queue->next >= queue->fetched.Count && !queue_fetch(queue))
        return queue_is_over(queue, why) ? QUEUE_OVER : QUEUE_LATER;
    message = queue->fetched.Msgs[queue->next];
    deliveries = queue_deliveries(message);
    if (deliveries > SUSPECT && queue->held_count > 0)
        return QUEUE_LATER;
    queue->fetched.Msgs[queue->next++] = NULL;
    queue->has_suspect = deliveries > SUSPECT;
    *item_out = (struct queue_item){.ticket = queue_free_place(queue),
                                    .is_spent = deliveries > LIMIT_QUEUE_TRIES};
    queue_read(message, item_out);
    queue->held[item_out->ticket] = (struct queue_held){message, item_out->is_spent};
    queue->held_count++;
    return QUEUE_ONE;
}

void queue_extend(struct queue *queue)
{
    int64_t now = clock_monotonic_ms();

    if (now < queue->extend_ms)
        return;
    queue->extend_ms = now + (int64_t)QUEUE_WAIT_SECONDS * QUEUE_MS / 4;
    for (size_t i = 0; i < QUEUE_HELD; i++)
        if (queue->held[i].message != NULL)
            nats.natsMsg_InProgress(queue->held[i].message, NULL);
    for (int i = queue->next; i < queue->fetched.Count; i++)
        nats.natsMsg_InProgress(queue->fetched.Msgs[i], NULL);
}

size_t queue_room(const struct queue *queue)
{
    int64_t most = nats.natsConnection_GetMaxPayload(queue->connection);

    return most > QUEUE_HEADER_BYTES ? (size_t)most - QUEUE_HEADER_BYTES : 0;
}

/* a report on its way */
struct storing {
    const char *subject; /* of NATS */
    const char *key;
    struct span report;
    jsErrCode code; /* why it is not stored, in addition to the status */
};

/* queue_store_try - store the report, unless there is one already */
static natsStatus queue_store_try(struct queue *queue, struct storing *storing)
{
    jsPubOptions options;
    natsStatus status = NATS_OK;

    nats.jsPubOptions_Init(&options);
    options.MsgId = storing->key;
    options.ExpectNoMessage = true;
    storing->code = 0;
    status = nats.js_Publish(NULL, queue->js, storing->subject, storing->report.at,
                             (int)storing->report.len, &options, &storing->code);
    return storing->code == JSStreamWrongLastSequenceErr ? NATS_OK : status;
}

/* queue_store - try again while the server is away */
static bool queue_store(struct queue *queue, struct storing *storing, struct err *why)
{
    const struct timespec rest = {.tv_nsec = (long)REST_MS * QUEUE_NANO};
    int64_t until = clock_monotonic_ms() + (int64_t)QUEUE_AWAY_SECONDS * QUEUE_MS;
    natsStatus status = NATS_OK;

    while ((status = queue_store_try(queue, storing)) != NATS_OK &&
           clock_monotonic_ms() < until && !nats.natsConnection_IsClosed(queue->connection))
        nanosleep(&rest, NULL);
    return status == NATS_OK || queue_trouble(queue, status, storing->code, why);
}

/* queue_release - the place is free; without `is_done` the subject is given back */
static void queue_release(struct queue *queue, size_t ticket, bool is_done)
{
    natsMsg *message = queue->held[ticket].message;

    if (is_done)
        nats.natsMsg_Ack(message, NULL);
    else
        nats.natsMsg_Nak(message, NULL);
    nats.natsMsg_Destroy(message);
    queue->held[ticket].message = NULL;
    queue->held_count--;
    if (queue->held_count == 0)
        queue->has_suspect = false;
}

bool queue_done(struct queue *queue, size_t ticket, struct span report, struct err *why)
{
    const struct queue_held *held = &queue->held[ticket];
    enum queue_stream stream = held->is_spent ? QUEUE_ASIDE : QUEUE_JUDGED;
    struct arena *arena = arena_open();
    struct storing storing = {.key = nats.natsMsg_GetSubject(held->message), .report = report};
    bool is_stored = false;

    must(strlen(storing.key) > strlen(queue_subjects[QUEUE_TODO]));
    storing.key += strlen(queue_subjects[QUEUE_TODO]);
    storing.subject = arena_printf(arena, "%s%s", queue_subjects[stream], storing.key);
    is_stored = queue_store(queue, &storing, why);
    queue_release(queue, ticket, is_stored);
    arena_close(arena);
    return is_stored;
}

void queue_leave(struct queue *queue)
{
    for (size_t i = 0; i < QUEUE_HELD; i++)
        if (queue->held[i].message != NULL)
            queue_release(queue, i, false);
    for (int i = queue->next; i < queue->fetched.Count; i++)
        nats.natsMsg_Nak(queue->fetched.Msgs[i], NULL);
    nats.natsMsgList_Destroy(&queue->fetched);
    nats.natsSubscription_Destroy(queue->todo);
    queue->todo = NULL;
}
