/*
 * NAME
 *     queue_private - what the files of the NATS engine share
 * DESCRIPTION
 *     Private to queue/. The connection, the names of the streams and of the subjects of
 *     NATS in them, and the messages that this process is working on.
 * OWNERSHIP
 *     Messages belong to the queue until they are acknowledged or given back.
 * ERRORS
 *     queue_trouble() returns false, so that it ends a function that failed.
 */
#ifndef QUEUE_PRIVATE_H
#define QUEUE_PRIVATE_H

#include <nats/nats.h>
#include <stdatomic.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "queue/queue.h"

#define QUEUE_HELD     (4 * LIMIT_SUBJECTS) /* subjects that one scan works on at a time */
#define QUEUE_NAME     "mailassay"
#define QUEUE_CONSUMER "scan"  /* its name on the server */
#define QUEUE_MS       1000    /* of a second */
#define QUEUE_NANO     1000000 /* of a millisecond */

enum queue_stream { QUEUE_TODO, QUEUE_JUDGED, QUEUE_ASIDE, QUEUE_STREAMS };

/* names of the streams, and the subjects of NATS in them: a key follows */
extern const char *const queue_streams[QUEUE_STREAMS];
extern const char *const queue_subjects[QUEUE_STREAMS];

struct queue_held {
    natsMsg *message; /* NULL: the place is free */
    bool is_spent;
};

struct queue {
    struct arena *arena;
    const char *shown; /* the URL without a password */
    natsConnection *connection;
    jsCtx *js;
    atomic_int put_status; /* of a subject that could not be stored */
    natsSubscription *todo;
    natsMsgList fetched;
    int next; /* the first of them that is not taken */
    struct queue_held held[QUEUE_HELD];
    size_t held_count;
    bool has_suspect; /* in progress, alone */
    int64_t fetch_ms; /* not before */
    int64_t look_ms;
    int64_t extend_ms;
    int64_t away_ms; /* since when; 0: the server is there */
};

bool queue_trouble(const struct queue *queue, natsStatus status, jsErrCode code,
                   struct err *why);

/* give back what is in progress */
void queue_leave(struct queue *queue);

#endif
