/*
 * NAME
 *     sandbox_judges - processes that evaluate messages
 * DESCRIPTION
 *     A few processes, forked at start. Each gets the number of a message at a time and sends
 *     back what to answer, so that the server never waits and a message that crashes a judge
 *     ends no session. A judge that dies is replaced, and its message has no answer.
 * OWNERSHIP
 *     sandbox_judges_open() gives a handle; sandbox_judges_close() ends the processes.
 * ERRORS
 *     sandbox_judges_open() returns NULL and fills `why`.
 */
#ifndef SANDBOX_JUDGES_H
#define SANDBOX_JUDGES_H

#include <poll.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/limits_serve.h"

#define SANDBOX_ENHANCED_SIZE 12

/* how a message fares: as exit statuses of the program */
enum sandbox_verdict { SANDBOX_FINE, SANDBOX_FAILS, SANDBOX_UNDETERMINED };

struct sandbox_answer {
    uint64_t number;
    unsigned code;
    char enhanced[SANDBOX_ENHANCED_SIZE];     /* "": none */
    char text[LIMIT_SANDBOX_ANSWER_BYTES];    /* lines with "\n" between */
    char summary[LIMIT_SANDBOX_ANSWER_BYTES]; /* for people */
    enum sandbox_verdict verdict;
    bool is_kept; /* the message is in the folder */
};

struct sandbox_judges;

/* in the judge's process; `start` once, `judge` for each message */
struct sandbox_judging {
    void *ctx;
    void (*start)(void *ctx);
    void (*judge)(void *ctx, uint64_t number, struct sandbox_answer *answer);
};

struct sandbox_judges *sandbox_judges_open(struct arena *arena,
                                           const struct sandbox_judging *judging,
                                           struct err *why);
void sandbox_judges_close(struct sandbox_judges *judges); /* accepts NULL */

/* LIMIT_SANDBOX_JUDGES descriptors to poll for reading; what came of it */
void sandbox_judges_poll(const struct sandbox_judges *judges, struct pollfd *polled_out);
void sandbox_judges_polled(struct sandbox_judges *judges, const struct pollfd *polled);

/* one of them has no message */
bool sandbox_judges_have_time(const struct sandbox_judges *judges);

/* a free judge takes the message; false: none */
bool sandbox_judges_ask(struct sandbox_judges *judges, uint64_t number);

/* after poll: the next answer; code 0: the judge died over it. False: no more */
bool sandbox_judges_next(struct sandbox_judges *judges, struct sandbox_answer *answer_out);

#endif
