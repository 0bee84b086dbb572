/* The streams: made, filled, counted, read. */
#include <string.h>

#include "base/sbuf.h"
#include "base/span.h"
#include "queue/queue_nats_library.h"
#include "queue/queue_private.h"

#define READ_MS 10000

const char *const queue_streams[] = {[QUEUE_TODO] = QUEUE_NAME "-todo",
                                     [QUEUE_JUDGED] = QUEUE_NAME "-judged",
                                     [QUEUE_ASIDE] = QUEUE_NAME "-aside"};
const char *const queue_subjects[] = {[QUEUE_TODO] = QUEUE_NAME ".todo.",
                                      [QUEUE_JUDGED] = QUEUE_NAME ".judged.",
                                      [QUEUE_ASIDE] = QUEUE_NAME ".aside."};

bool queue_trouble(const struct queue *queue, natsStatus status, jsErrCode code,
                   struct err *why)
{
    if (code == JSStreamNotFoundErr || code == JSConsumerNotFoundErr)
        err_set(why, "%s: no queue found: create one with \"mailassay queue fill\"",
                queue->shown);
    else if (code != 0)
        err_set(why, "%s: %s (JetStream, %d)", queue->shown, nats.natsStatus_GetText(status),
                (int)code);
    else if (status == NATS_NO_RESPONDERS)
        err_set(why, "%s: the server runs without JetStream (nats-server -js)", queue->shown);
    else
        err_set(why, "%s: %s", queue->shown, nats.natsStatus_GetText(status));
    return false;
}

/* ---- making and filling ---- */

bool queue_make(struct queue *queue, struct err *why)
{
    jsErrCode code = 0;
    natsStatus status = NATS_OK;
    jsConsumerConfig consumer;

    for (int i = 0; i < QUEUE_STREAMS; i++) {
        const char *subjects[] = {arena_printf(queue->arena, "%s*", queue_subjects[i])};
        jsStreamConfig stream;

        nats.jsStreamConfig_Init(&stream);
        stream.Name = queue_streams[i];
        stream.Subjects = subjects;
        stream.SubjectsLen = 1;
        stream.Retention = i == QUEUE_TODO ? js_WorkQueuePolicy : js_LimitsPolicy;
        stream.Storage = js_FileStorage;
        status = nats.js_AddStream(NULL, queue->js, &stream, NULL, &code);
        if (status != NATS_OK && code != JSStreamNameExistErr)
            return queue_trouble(queue, status, code, why);
    }
    nats.jsConsumerConfig_Init(&consumer);
    consumer.Durable = QUEUE_CONSUMER;
    consumer.AckPolicy = js_AckExplicit;
    consumer.AckWait = (int64_t)QUEUE_WAIT_SECONDS * QUEUE_MS * QUEUE_NANO;
    consumer.MaxDeliver = -1;    /* queue_take() counts */
    consumer.MaxAckPending = -1; /* as many as there are machines for */
    status =
        nats.js_AddConsumer(NULL, queue->js, queue_streams[QUEUE_TODO], &consumer, NULL, &code);
    return status == NATS_OK || queue_trouble(queue, status, code, why);
}

bool queue_put(struct queue *queue, const char *key, const struct queue_item *item,
               struct err *why)
{
    struct arena *arena = arena_open();
    struct sbuf payload = sbuf_start(arena);
    struct span bytes;
    jsPubOptions options;
    natsStatus status = NATS_OK;

    sbuf_addf(&payload, "%llu", (unsigned long long)item->number);
    if (!item->is_too_long) {
        sbuf_add(&payload, " ");
        sbuf_add_span(&payload, item->text);
    }
    bytes = sbuf_span(&payload);
    nats.jsPubOptions_Init(&options);
    options.MsgId = key;
    status = nats.js_PublishAsync(queue->js,
                                  arena_printf(arena, "%s%s", queue_subjects[QUEUE_TODO], key),
                                  bytes.at, (int)bytes.len, &options);
    arena_close(arena);
    if (status == NATS_OK)
        status = (natsStatus)atomic_load(&queue->put_status);
    return status == NATS_OK || queue_trouble(queue, status, 0, why);
}

bool queue_end_put(struct queue *queue, struct err *why)
{
    jsPubOptions options;
    natsStatus status = NATS_OK;

    nats.jsPubOptions_Init(&options);
    options.MaxWait = (int64_t)QUEUE_AWAY_SECONDS * QUEUE_MS;
    status = nats.js_PublishAsyncComplete(queue->js, &options);
    if (status == NATS_OK)
        status = (natsStatus)atomic_load(&queue->put_status);
    return status == NATS_OK || queue_trouble(queue, status, 0, why);
}

/* ---- looking and reading ---- */

/* queue_count_stream - its messages */
static bool queue_count_stream(struct queue *queue, enum queue_stream stream,
                               uint64_t *count_out, struct err *why)
{
    jsStreamInfo *info = NULL;
    jsErrCode code = 0;
    natsStatus status =
        nats.js_GetStreamInfo(&info, queue->js, queue_streams[stream], NULL, &code);

    if (status != NATS_OK)
        return queue_trouble(queue, status, code, why);
    *count_out = info->State.Msgs;
    nats.jsStreamInfo_Destroy(info);
    return true;
}

bool queue_count(struct queue *queue, struct queue_counts *counts_out, struct err *why)
{
    jsConsumerInfo *info = NULL;
    jsErrCode code = 0;
    natsStatus status = NATS_OK;

    if (!queue_count_stream(queue, QUEUE_JUDGED, &counts_out->judged, why) ||
        !queue_count_stream(queue, QUEUE_ASIDE, &counts_out->aside, why))
        return false;
    status = nats.js_GetConsumerInfo(&info, queue->js, queue_streams[QUEUE_TODO],
                                     QUEUE_CONSUMER, NULL, &code);
    if (status != NATS_OK)
        return queue_trouble(queue, status, code, why);
    counts_out->in_hand = info->NumAckPending > 0 ? (uint64_t)info->NumAckPending : 0;
    /* not the messages of the stream: a server that was killed may keep some that are done */
    counts_out->left = info->NumPending + counts_out->in_hand;
    nats.jsConsumerInfo_Destroy(info);
    return true;
}

/* queue_subscribe - to the reports of a stream, in the order in which they were stored */
static natsSubscription *queue_subscribe(struct queue *queue, enum queue_stream stream,
                                         struct err *why)
{
    const char *subject = arena_printf(queue->arena, "%s*", queue_subjects[stream]);
    natsSubscription *reports = NULL;
    jsSubOptions options;
    jsErrCode code = 0;
    natsStatus status = NATS_OK;

    nats.jsSubOptions_Init(&options);
    options.Stream = queue_streams[stream];
    options.Ordered = true;
    status = nats.js_SubscribeSync(&reports, queue->js, subject, NULL, &options, &code);
    if (status != NATS_OK)
        queue_trouble(queue, status, code, why);
    return status == NATS_OK ? reports : NULL;
}

/* queue_read_one - the next report */
static bool queue_read_one(struct queue *queue, natsSubscription *reports,
                           const struct queue_reader *reader, struct err *why)
{
    natsMsg *message = NULL;
    natsStatus status = nats.natsSubscription_NextMsg(&message, reports, READ_MS);
    struct span report;
    bool is_taken = false;

    if (status != NATS_OK)
        return queue_trouble(queue, status, 0, why);
    report =
        span_make(nats.natsMsg_GetData(message), (size_t)nats.natsMsg_GetDataLength(message));
    is_taken = reader->report(reader->ctx, report, why);
    nats.natsMsg_Destroy(message);
    return is_taken;
}

/* queue_read_stream - all that it has now */
static bool queue_read_stream(struct queue *queue, enum queue_stream stream,
                              const struct queue_reader *reader, struct err *why)
{
    natsSubscription *reports = NULL;
    uint64_t count = 0;
    bool is_fine = queue_count_stream(queue, stream, &count, why);

    if (!is_fine || count == 0)
        return is_fine;
    reports = queue_subscribe(queue, stream, why);
    is_fine = reports != NULL;
    while (is_fine && count-- > 0)
        is_fine = queue_read_one(queue, reports, reader, why);
    nats.natsSubscription_Destroy(reports);
    return is_fine;
}

bool queue_collect(struct queue *queue, const struct queue_reader *reader, struct err *why)
{
    return queue_read_stream(queue, QUEUE_JUDGED, reader, why) &&
           queue_read_stream(queue, QUEUE_ASIDE, reader, why);
}
