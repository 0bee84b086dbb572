/*
 * NAME
 *     source_queue - questions in the order in which they were submitted
 * DESCRIPTION
 *     Private to source/. For sources that know at once: submit() adds, poll()
 *     takes. Places are used again, so a source that lives for many subjects does
 *     not grow.
 * OWNERSHIP
 *     The places live in the arena given to source_queue_add(), always the same one.
 * ERRORS
 *     None.
 */
#ifndef SOURCE_QUEUE_H
#define SOURCE_QUEUE_H

#include "base/arena.h"
#include "dns/dns_answer.h"

struct source_queued {
    struct dns_question question;
    void *token;
};

struct source_queue { /* all zero: empty */
    struct source_queued *places;
    size_t size;
    size_t first;
    size_t count;
};

void source_queue_add(struct source_queue *queue, struct arena *arena,
                      const struct dns_question *question, void *token);

/* false when the queue is empty */
bool source_queue_take(struct source_queue *queue, struct source_queued *queued_out);

#endif
