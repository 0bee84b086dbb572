/*
 * NAME
 *     scan_subject - the life of one subject
 * DESCRIPTION
 *     Private to scan/. A subject that needs too much memory in a step ends alone: it is
 *     refused.
 * OWNERSHIP
 *     A subject lives in arenas of its own from scan_subject_open() to
 *     scan_subject_close().
 * ERRORS
 *     None: what goes wrong is the report.
 */
#ifndef SCAN_SUBJECT_H
#define SCAN_SUBJECT_H

#include "base/arena.h"
#include "fetch/fetch.h"
#include "scan/scan.h"

struct scan_engine;

struct scan_subject {
    struct scan_engine *engine;
    struct arena *own;     /* the subject and its line */
    struct arena *arena;   /* what is made of it */
    void *at;              /* as the caller's work knows it */
    struct scan_done done; /* its line from the beginning */
    bool is_waiting;
    bool is_ready;  /* in the list of the engine */
    bool is_second; /* it is judged once more */
    bool is_reported;
    int64_t began_ms;
    size_t bytes;              /* of the arena, as the engine counts them */
    struct fetch_batch *batch; /* NULL: it fetches nothing */
    struct scan_subject *next_ready;
    struct scan_subject *before, *after; /* of all */
};

struct scan_subject *scan_subject_open(struct scan_engine *engine,
                                       const struct scan_line *line);
void scan_subject_close(struct scan_subject *subject);
void scan_subject_step(struct scan_subject *subject);
void scan_subject_hand_out(const struct scan_subject *subject); /* its report */
bool scan_subject_is_fetched(const struct scan_subject *subject);

#endif
