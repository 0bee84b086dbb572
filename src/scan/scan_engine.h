/*
 * NAME
 *     scan_engine - the subjects in flight in one process
 * DESCRIPTION
 *     Private to scan/. An engine holds many subjects over one live source and one pool of
 *     fetches. scan_engine_turn() lets each that has something to do take one step, and waits
 *     where none has.
 * OWNERSHIP
 *     The engine lives in the arena of the request.
 * ERRORS
 *     None.
 */
#ifndef SCAN_ENGINE_H
#define SCAN_ENGINE_H

#include "scan/scan.h"
#include "scan/scan_subject.h"

struct fetch_pool;

struct scan_engine {
    struct scan_request request;
    struct fetch_pool *fetch;
    struct scan_subject *second; /* to be judged once more, by next_ready */
    size_t second_count;
    int64_t out_since_ms; /* the name server answers nothing; 0: it does */
    int64_t was_out_ms;   /* when it last answered nothing */
    int64_t probe_ms;     /* when one more subject may see whether it is back */
    struct scan_subject *all;
    size_t count;
    size_t fetching; /* of them */
    size_t bytes;    /* that they take */
    struct scan_subject *ready;
    struct scan_subject **ready_end;
    int64_t look_ms;
};

struct scan_engine *scan_engine_open(const struct scan_request *request);
void scan_engine_close(struct scan_engine *engine);

bool scan_engine_wants(struct scan_engine *engine); /* one more subject */
void scan_engine_add(struct scan_engine *engine, const struct scan_line *line);
size_t scan_engine_count(const struct scan_engine *engine); /* in flight */

/* one step of all that can; where none can, wait for answers, or for `fd` to be readable unless
 * it is -1, at most `timeout_ms` */
void scan_engine_turn(struct scan_engine *engine, int fd, int timeout_ms);

#endif
