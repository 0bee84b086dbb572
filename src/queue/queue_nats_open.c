/* The connection. */
#include <string.h>

#include "base/span.h"
#include "queue/queue_nats_library.h"
#include "queue/queue_private.h"

#define RECONNECT   250 /* ms between two tries */
#define LOOK_MS     2000
#define PUT_PENDING 1000 /* subjects on their way */

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
        status = nats.natsOptions_SetName(options, QUEUE_NAME);
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
