/*
 * NAME
 *     app_scan_subject - one subject of a scan, step by step
 * DESCRIPTION
 *     Private to app_scan*.c. A step never waits: where an answer is missing the subject
 *     is_waiting, until scan_subject_wake() or the engine gives it another turn.
 * OWNERSHIP
 *     A subject lives in arenas of its own from scan_subject_open() to
 *     scan_subject_close().
 * ERRORS
 *     None: what goes wrong is the report.
 */
#ifndef APP_SCAN_SUBJECT_H
#define APP_SCAN_SUBJECT_H

#include "app/app_policies.h"
#include "app/app_report.h"
#include "app/app_run.h"
#include "app/app_scan.h"
#include "app/app_subject.h"
#include "app/pipeline.h"
#include "base/arena.h"
#include "base/sbuf.h"
#include "fetch/fetch.h"
#include "ledger/ledger_https.h"
#include "model/report.h"
#include "source/source.h"

enum scan_state { SCAN_NEW, SCAN_GATHERING, SCAN_ASKING, SCAN_FETCHING, SCAN_REPORTED };

struct scan_subject {
    struct scan_engine *engine;
    struct arena *own;   /* the subject and its line */
    struct arena *arena; /* what is made of it */
    struct scan_line line;
    enum scan_state state;
    bool is_waiting;
    bool is_ready;  /* in the list of the engine */
    bool is_second; /* it is judged once more */
    int64_t began_ms;
    size_t bytes; /* of the arena, as the engine counts them */
    struct app app;
    struct app_subject given;
    struct app_policies policies; /* what a parked domain adds is its own */
    struct pipeline pipeline;
    struct gathering *gathering;
    struct ledger_round *round;
    struct ledger_fetching fetching;
    struct fetch_batch *batch;
    struct report report;
    struct sbuf out;
    enum scan_kind kind;
    struct scan_tally tally;
    struct scan_subject *next_ready;
    struct scan_subject *before, *after; /* of all */
};

struct scan_engine {
    struct scan_request request;
    struct source *live; /* NULL: all sources know at once */
    struct fetch_options fetch_options;
    struct fetch_pool *fetch;
    struct scan_subject *second; /* to be judged once more, by next_ready */
    size_t second_count;
    int64_t out_since_ms; /* the name server answers nothing; 0: it does */
    int64_t was_out_ms;   /* when it last answered nothing */
    int64_t probe_ms;     /* when one more subject may see whether it is back */
    size_t fetching;      /* subjects */
    struct scan_subject *all;
    size_t count;
    size_t bytes; /* that they take */
    struct scan_subject *ready;
    struct scan_subject **ready_end;
    int64_t look_ms;
};

struct scan_subject *scan_subject_open(struct scan_engine *engine,
                                       const struct scan_line *line);
void scan_subject_close(struct scan_subject *subject);
void scan_subject_step(struct scan_subject *subject);
void scan_subject_hand_out(const struct scan_subject *subject); /* its report */
bool scan_subject_is_fetched(const struct scan_subject *subject);
void scan_subject_wake(void *ctx); /* a source has something: app_scan.c */

#endif
