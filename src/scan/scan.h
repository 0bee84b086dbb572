/*
 * NAME
 *     scan - many subjects at the same time, each reported exactly once
 * DESCRIPTION
 *     A subject is a line of a list. What is made of it is the caller's: a small state machine
 *     (struct scan_work) that reports with scan_report(). A step never waits: where an answer
 *     is missing it returns false, and goes on after scan_wake() or when its fetches are over.
 *
 *     How many are in flight: as many as `most` says; without it one more is taken when
 *     the processor has nothing to do, no query waits for its turn (source_live_pace.h) and
 *     those in flight take less than LIMIT_SCAN_BYTES.
 *
 *     Where the name server no longer answers, subjects wait for half a minute; one query a
 *     second is sent to see whether it is back. Subjects that were in flight are evaluated
 *     once more. If it does not come back, the rest is reported as undetermined.
 *
 *     With workers, a supervisor reads the list, deals lines to those who ask for them, and
 *     hands out their reports. What a worker that died had not reported is evaluated again,
 *     one at a time in a worker that has nothing else; the one that kills this worker too is
 *     refused, like a subject that needs more than LIMIT_SUBJECT_MEMORY_BYTES. A worker that
 *     is silent for LIMIT_WORKER_SECONDS is killed.
 * OWNERSHIP
 *     A report is there during `done` only. Workers have ended when scan_run_jobs() returns.
 * ERRORS
 *     What goes wrong with a subject is its report. scan_run_jobs() returns false and fills
 *     `why` where workers cannot be started.
 */
#ifndef SCAN_H
#define SCAN_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"

struct fetch_options;
struct https_fact;
struct ledger;
struct source;

/* a line of the list */
struct scan_line {
    uint64_t serial; /* of the subject, from 0 on */
    size_t number;   /* of the line, from 1 on */
    bool is_too_long;
    struct span text;
};

enum scan_kind {
    SCAN_FINE,
    SCAN_FAILING,      /* findings at the threshold, or a verdict that fails */
    SCAN_UNDETERMINED, /* a query that is needed had no answer */
    SCAN_UNREAD,       /* the line could not be read, or the subject not be judged */
    SCAN_KINDS
};

struct scan_done {
    struct scan_line line;
    enum scan_kind kind;
    struct span tally; /* octets of the caller's, as given to scan_report() */
    struct span report;
};

/* ---- what is made of a subject ---- */

struct scan_subject; /* in flight */

struct scan_work {
    /* nothing is known of it; what is made of it lives in the arena. The result goes to the
     * others */
    void *(*start)(void *ctx, struct scan_subject *subject);
    bool (*step)(void *at); /* false: it waits */
    /* report that it is not judged, because of `why`; maybe without any step before */
    void (*refuse)(void *at, const struct err *why);
    void (*stop)(void *at); /* release what is not in the arena */
    void *ctx;
};

struct arena *scan_arena(const struct scan_subject *subject);
const struct scan_line *scan_line_of(const struct scan_subject *subject);

/* a step may go on; `ctx` is the subject (`wake` of source.h) */
void scan_wake(void *ctx);
/* fetch what is wanted; the next step comes when that is over */
void scan_fetch(struct scan_subject *subject, struct ledger *ledger,
                struct https_fact *const *wanted, size_t count);
/* the last that a step does; `tally` and `report` are in the arena */
void scan_report(struct scan_subject *subject, enum scan_kind kind, struct span tally,
                 struct span report);

/* ---- the whole ---- */

enum scan_feed {
    FEED_LINE,
    FEED_LATER, /* nothing has come */
    FEED_FULL,  /* too many reports wait for one before them */
    FEED_OVER
};

/* the next line; its text is there until the next call */
typedef enum scan_feed scan_take_fn(void *ctx, struct scan_line *line_out);

typedef void scan_done_fn(void *ctx, const struct scan_done *done);

/* called every second or so while workers judge */
typedef void scan_beat_fn(void *ctx);

struct scan_request {
    struct arena *arena;
    struct scan_work work;
    struct source *live; /* which takes time; NULL: all sources know at once */
    const struct fetch_options *fetch;
    size_t most; /* subjects in flight; 0: adapted */
    int fd;      /* of the list, readable when `take` has more; -1: none */
    scan_take_fn *take;
    scan_done_fn *done;
    scan_beat_fn *beat; /* NULL: nobody wants it */
    void *ctx;
};

/* all that `take` gives, in this process */
void scan_run(const struct scan_request *request);
/* the same in processes of their own */
bool scan_run_jobs(const struct scan_request *request, size_t jobs, struct err *why);

/* the report of a line that was not judged, because of `why` */
void scan_refuse(const struct scan_request *request, const struct scan_line *line,
                 const struct err *why);

#endif
