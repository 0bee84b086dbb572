/*
 * NAME
 *     app_scan - many subjects at the same time
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
 *
 *     Where the name server no longer answers, subjects wait for half a minute; one query a
 *     second is sent to see whether it is back. Subjects that were in flight are evaluated
 *     once more. If it does not come back, the rest is reported as undetermined.
 * OWNERSHIP
 *     The engine lives in the arena of the app. A report is there during `done` only.
 * ERRORS
 *     None: what goes wrong with a subject is its report.
 */
#ifndef APP_SCAN_H
#define APP_SCAN_H

#include "app/app_lines.h"
#include "app/app_policies.h"
#include "app/app_run.h"
#include "base/err.h"
#include "base/span.h"
#include "model/finding_id.h"

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

#define SCAN_NO_FORGERY (-1)
#define SCAN_FIRED_BITS 64

/* what the summary counts */
struct scan_tally {
    int forgery; /* enum report_forgery; SCAN_NO_FORGERY: no report */
    /* a bit for each enum finding_id that fires or is undetermined */
    uint64_t fired[FINDING_IDS / SCAN_FIRED_BITS + 1];
};

struct scan_done {
    struct scan_line line;
    enum scan_kind kind;
    struct scan_tally tally;
    struct span report;
};

typedef void scan_done_fn(void *ctx, const struct scan_done *done);

enum scan_feed {
    FEED_LINE,
    FEED_LATER, /* nothing has come */
    FEED_FULL,  /* too many reports wait for one before them */
    FEED_OVER
};

/* the next line; its text is there until the next call */
typedef enum scan_feed scan_take_fn(void *ctx, struct scan_line *line_out);

/* called every second or so while workers judge */
typedef void scan_beat_fn(void *ctx);

struct scan_request {
    struct app *app; /* with the sources held */
    const struct app_policies *policies;
    const struct app_lines *lines; /* what names the messages */
    size_t most;                   /* subjects in flight; 0: adapted */
    scan_take_fn *take;
    scan_done_fn *done;
    scan_beat_fn *beat; /* NULL: nobody wants it */
    void *ctx;
};

struct scan_engine;

struct scan_engine *app_scan_open(const struct scan_request *request);
void app_scan_close(struct scan_engine *engine);

bool app_scan_wants(struct scan_engine *engine); /* one more subject */
void app_scan_add(struct scan_engine *engine, const struct scan_line *line);
size_t app_scan_count(const struct scan_engine *engine); /* in flight */

/* one step of all that can; where none can, wait for answers, or for `fd` to be readable unless
 * it is -1, at most `timeout_ms` */
void app_scan_turn(struct scan_engine *engine, int fd, int timeout_ms);

/* all that `take` gives, in this process */
void app_scan_run(const struct scan_request *request);

/* the report of a line that was not judged, because of `why` */
void app_scan_refuse(const struct scan_request *request, const struct scan_line *line,
                     const struct err *why);

#endif
