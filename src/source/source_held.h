/*
 * NAME
 *     source_held - sources that hold all their answers
 * DESCRIPTION
 *     Private to source/. Questions wait in a ring until poll() answers them, in the order in
 *     which they were submitted, so that such a source behaves like one that takes time. Places
 *     are used again: a source that lives for many subjects does not grow.
 * OWNERSHIP
 *     The ring lives in the arena of the source. Nothing is held outside of it, so there is
 *     nothing to close.
 * ERRORS
 *     None.
 */
#ifndef SOURCE_HELD_H
#define SOURCE_HELD_H

#include "base/arena.h"
#include "model/dns_answer.h"
#include "source/source.h"

struct source_queued {
    struct dns_question question;
    void *token;
};

/* the struct of the source begins with this */
struct source_held {
    struct source base;
    size_t octets; /* of the struct of the source */
    const struct dns_answer *(*find)(const struct source *source,
                                     const struct dns_question *question);
    struct source_queued *places;
    size_t size;
    size_t first;
    size_t count;
};

/* functions of struct source_ops */
bool source_held_submit(struct source *source, const struct dns_question *question,
                        void *token);
int source_held_poll(struct source *source, int timeout_ms, source_answered_fn *answered,
                     void *ctx);
void source_held_forget(struct source *source);
struct source *source_held_again(const struct source *source, struct arena *arena);

#endif
