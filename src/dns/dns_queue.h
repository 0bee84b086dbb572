/*
 * NAME
 *     dns_queue - questions in the order in which they were submitted
 * DESCRIPTION
 *     For sources that know at once: submit() adds, poll() takes. Places are used
 *     again, so a source that lives for many subjects does not grow.
 * OWNERSHIP
 *     The places live in the arena given to dns_queue_add(), always the same one.
 * ERRORS
 *     None.
 */
#ifndef DNS_QUEUE_H
#define DNS_QUEUE_H

#include "dns/dns_answer.h"

struct dns_queued {
    struct dns_question question;
    void *token;
};

struct dns_queue { /* all zero: empty */
    struct dns_queued *places;
    size_t size;
    size_t first;
    size_t count;
};

void dns_queue_add(struct dns_queue *queue, struct arena *arena,
                   const struct dns_question *question, void *token);

/* false when the queue is empty */
bool dns_queue_take(struct dns_queue *queue, struct dns_queued *queued_out);

#endif
