/*
 * NAME
 *     app_queue - the queue that the command line names
 * DESCRIPTION
 *     app_queue_open() connects to the server of --queue.
 * OWNERSHIP
 *     queue_close() ends the connection.
 * ERRORS
 *     NULL and `why`.
 */
#ifndef APP_QUEUE_H
#define APP_QUEUE_H

#include "app/app_run.h"
#include "base/err.h"
#include "queue/queue.h"

struct queue *app_queue_open(const struct app *app, struct err *why);

#endif
