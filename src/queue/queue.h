/*
 * NAME
 *     queue - the subjects of a scan on many machines
 * DESCRIPTION
 *     Three streams on a server: subjects to check, their reports, and reports of subjects
 *     that are set aside. A subject is taken, extended while it is checked, and done when its
 *     report is stored; what was taken and not done is given back by queue_close(), or by the
 *     server after QUEUE_WAIT_SECONDS without queue_extend(). Each key has one report, however
 *     often and from wherever it is sent.
 *
 *     A subject that was delivered twice without a report may end the scan that takes it: it is
 *     taken alone from then on, so that others do not use up their tries with it. After
 *     LIMIT_QUEUE_TRIES it is spent: a report that says so is set aside.
 *
 *     Engine: JetStream of NATS (queue_nats.c). A build may be without it (queue_absent.c).
 * OWNERSHIP
 *     The queue lives in the arena; queue_close() ends its connection. The text of an item
 *     lives until it is done.
 * ERRORS
 *     False (QUEUE_OVER of queue_take()) and `why`. If the server is down the queue waits,
 *     at most QUEUE_AWAY_SECONDS.
 * BUGS
 *     A scan has one report stored at a time. The server keeps an entry in memory for each
 *     key.
 */
#ifndef QUEUE_H
#define QUEUE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"

#define QUEUE_WAIT_SECONDS 10   /* for a sign of life, before a subject is delivered again */
#define QUEUE_AWAY_SECONDS 60   /* until a server that restarts is back */
#define QUEUE_HEADER_BYTES 4096 /* of a message, in addition to the report */

struct queue;

struct queue_place {
    const char *url;   /* nats://HOST[:PORT] or tls://HOST[:PORT] */
    const char *creds; /* file; NULL: none */
};

struct queue_item {
    size_t ticket;   /* for queue_done() */
    uint64_t number; /* of the line in the list */
    bool is_too_long;
    bool is_spent;
    struct span text;
};

struct queue_counts {
    uint64_t left; /* not yet reported, those in progress included */
    uint64_t in_hand;
    uint64_t judged;
    uint64_t aside;
};

enum queue_state { QUEUE_ONE, QUEUE_LATER, QUEUE_OVER };

struct queue *queue_open(struct arena *arena, const struct queue_place *place, struct err *why);
void queue_close(struct queue *queue); /* NULL is nothing */

/* ---- those who scan; queue_join() before the first is taken ---- */

bool queue_join(struct queue *queue, struct err *why);
enum queue_state queue_take(struct queue *queue, struct queue_item *item_out, struct err *why);
/* keep what was taken; to be called every second or so */
void queue_extend(struct queue *queue);
bool queue_done(struct queue *queue, size_t ticket, struct span report, struct err *why);
size_t queue_room(const struct queue *queue); /* the largest report */

/* ---- those who fill, look and collect ---- */

/* create the streams that do not exist */
bool queue_make(struct queue *queue, struct err *why);
/* the key, of hexadecimal digits, names the subject: equal keys are one */
bool queue_put(struct queue *queue, const char *key, const struct queue_item *item,
               struct err *why);
bool queue_end_put(struct queue *queue, struct err *why); /* all of them are stored */
bool queue_count(struct queue *queue, struct queue_counts *counts_out, struct err *why);

/* called with each stored report; returns false and fills `why` to stop */
struct queue_reader {
    bool (*report)(void *ctx, struct span report, struct err *why);
    void *ctx;
};

/* all reports that are there: first those of judged subjects, then those set aside */
bool queue_collect(struct queue *queue, const struct queue_reader *reader, struct err *why);

#endif
