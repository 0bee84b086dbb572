/* The connection and the streams: made, filled, counted, read. */
#include <string.h>

#include "base/sbuf.h"
#include "base/span.h"
#include "queue/queue_nats_library.h"
#include "queue/queue_private.h"

#define NAME        "mailassay"
#define RECONNECT   250 /* ms between two tries */
#define LOOK_MS     2000
#define READ_MS     10000
#define PUT_PENDING 1000 /* subjects on their way */

const char *const queue_streams[] = {[QUEUE_TODO] = NAME "-todo",
                                     [QUEUE_JUDGED] = NAME "-judged",
                                     [QUEUE_ASIDE] = NAME "-aside"};
const char *const queue_subjects[] = {[QUEUE_TODO] = NAME ".todo.",
                                      [QUEUE_JUDGED] = NAME ".judged.",
                                      [QUEUE_ASIDE] = NAME ".aside."};

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

/* ---- the connection ---- */

/* queue_put_failed - one that could not be stored; called by a thread of libnats */
static void queue_put_failed(jsCtx *js, jsPubAckErr *error, void *ctx)
{
    struct queue *queue = ctx;

    (void)js;
    atomic_store(&queue->put_status, error->Err == NATS_OK ? NATS_ERR : (int)error->Err);
}

/* queue_options - how to connect */
static natsStatus queue_options(natsOptions *options, const struct queue_place *place)
{
    natsStatus status = nats.natsOptions_SetURL(options, place->url);

    if (status == NATS_OK && strncmp(place->url, "tls://", strlen("tls://")) == 0)
        status = nats.natsOptions_SetSecure(options, true);
    if (status == NATS_OK && place->creds != NULL)
        status = nats.natsOptions_SetUserCredentialsFromFiles(options, place->creds, NULL);
    if (status == NATS_OK)
        status = nats.natsOptions_SetReconnectWait(options, RECONNECT);
    if (status == NATS_OK)
        status = nats.natsOptions_SetMaxReconnect(options,
                                                  QUEUE_AWAY_SECONDS * QUEUE_MS / RECONNECT);
    if (status == NATS_OK)
        status = nats.natsOptions_SetName(options, NAME);
    return status;
}

/* queue_connect - to the server and its JetStream */
static natsStatus queue_connect(struct queue *queue, const struct queue_place *place)
{
    natsOptions *options = NULL;
    jsOptions js;
    natsStatus status = nats.natsOptions_Create(&options);

    if (status == NATS_OK)
        status = queue_options(options, place);
    if (status == NATS_OK)
        status = nats.natsConnection_Connect(&queue->connection, options);
    nats.natsOptions_Destroy(options);
    if (status != NATS_OK)
        return status;
    nats.jsOptions_Init(&js);
    js.Wait = LOOK_MS;
    js.PublishAsync.MaxPending = PUT_PENDING;
    js.PublishAsync.StallWait = (int64_t)QUEUE_AWAY_SECONDS * QUEUE_MS;
    js.PublishAsync.ErrHandler = queue_put_failed;
    js.PublishAsync.ErrHandlerClosure = queue;
    return nats.natsConnection_JetStream(&queue->js, queue->connection, &js);
}

struct queue *queue_open(struct arena *arena, const struct queue_place *place, struct err *why)
{
    struct queue *queue = arena_new_of(arena, struct queue);
    struct span url = span_of(place->url);
    ptrdiff_t at = span_find_last(url, '@');
    natsStatus status = NATS_OK;

    if (!span_starts_with(url, "nats://") && !span_starts_with(url, "tls://")) {
        err_set_kind(why, ERR_USAGE,
                     "--queue: expected nats://HOST[:PORT] or tls://HOST[:PORT]");
        return NULL;
    }
    if (!queue_nats_load()) {
        err_set_kind(why, ERR_INTERNAL, "libnats cannot be loaded: install " LIBRARY_NATS);
        return NULL;
    }
    queue->arena = arena;
    queue->shown = at < 0 ? place->url : place->url + at + 1;
    status = queue_connect(queue, place);
    if (status == NATS_OK)
        return queue;
    queue_trouble(queue, status, 0, why);
    queue_close(queue);
    return NULL;
}

void queue_close(struct queue *queue)
{
    if (queue == NULL)
        return;
    queue_leave(queue);
    if (queue->connection != NULL)
        nats.natsConnection_FlushTimeout(queue->connection, LOOK_MS);
    nats.jsCtx_Destroy(queue->js);
    nats.natsConnection_Destroy(queue->connection);
    nats.nats_Close();
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
