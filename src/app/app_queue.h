/*
 * NAME
 *     app_queue - the queue that the command line names
 * DESCRIPTION
 *     app_queue_open() connects to the server of --queue. app_queue_key() names a subject:
 *     lines that are equal but for blanks around them are one; what is too long to be judged
 *     is distinguished by its place.
 * OWNERSHIP
 *     queue_close() ends the connection; a key lives in the arena.
 * ERRORS
 *     NULL and `why`.
 */
#ifndef APP_QUEUE_H
#define APP_QUEUE_H

#include "app/app_run.h"
#include "queue/queue.h"

struct queue *app_queue_open(const struct app *app, struct err *why);
const char *app_queue_key(struct arena *arena, const struct queue_item *item);

#endif
