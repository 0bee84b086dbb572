/*
 * NAME
 *     app_scan - subjects in flight
 * DESCRIPTION
 *     Each subject of a scan is a small state machine: read the line, gather, ask what is
 *     wanted (DNS, then HTTPS), gather again, report. An engine holds many of them over one
 *     live source and one pool of fetches. app_scan_turn() lets each that has something to do
 *     take one step, and waits where none has. A subject has an arena, a ledger and sources of
 *     its own, so that its report is that of check, byte for byte.
 *
 *     How many are in flight: as many as --in-flight says; without it one more is taken when
 *     the processor has nothing to do, no query waits for its turn (source_live_pace.h) and
 *     those in flight take less than LIMIT_SCAN_BYTES.
 * OWNERSHIP
 *     The engine lives in the arena of the app. A report is there during `done` only.
 * ERRORS
 *     None: what goes wrong with a subject is its report.
 */
#ifndef APP_SCAN_H
#define APP_SCAN_H

#include "app/app_lines.h"
#include "app/app_policies.h"

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
    SCAN_UNDETERMINED, /* something needed could not be asked */
    SCAN_UNREAD,       /* the line could not be read, or the subject not be judged */
    SCAN_KINDS
};

struct scan_done {
    struct scan_line line;
    enum scan_kind kind;
    struct span report;
};

typedef void scan_done_fn(void *ctx, const struct scan_done *done);

struct scan_request {
    struct app *app; /* with the sources held */
    const struct app_policies *policies;
    const struct app_lines *lines; /* what names the messages */
    size_t most;                   /* subjects in flight; 0: adapted */
    scan_done_fn *done;
    void *ctx;
};

struct scan_engine;

struct scan_engine *app_scan_open(const struct scan_request *request);
void app_scan_close(struct scan_engine *engine);

bool app_scan_wants(const struct scan_engine *engine); /* one more subject */
void app_scan_add(struct scan_engine *engine, const struct scan_line *line);
size_t app_scan_count(const struct scan_engine *engine); /* in flight */

/* one step of all that can; where none can, wait for answers, or for `fd` to be readable unless
 * it is -1, at most `timeout_ms` */
void app_scan_turn(struct scan_engine *engine, int fd, int timeout_ms);

/* the report of a line that was not judged, because of `why` */
void app_scan_refuse(const struct scan_request *request, const struct scan_line *line,
                     const struct err *why);

#endif
