/* The loop of scan_run(), with a socket in place of the list. */
#include "scan/scan_worker.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/span.h"
#include "scan/scan_engine.h"
#include "scan/scan_frame.h"

#define WORKER_AHEAD 8     /* lines that are asked for before they are needed */
#define WORKER_WAIT  60000 /* for a line, where nothing is in flight */

struct worker {
    struct scan_engine *engine;
    const struct scan_request *request;
    struct scan_inbox inbox;
    int fd;
    size_t wanted; /* lines asked for that have not come */
    bool is_gone;  /* the supervisor */
};

#ifdef PLANTED_FAULT
/* plant_fault - tests: subjects that kill whoever judges them, always or once */
static void plant_fault(const struct scan_line *line)
{
    const char *once = getenv("PLANTED_ONCE");

    if (span_starts_with(line->text, "planted-crash"))
        abort();
    if (span_starts_with(line->text, "planted-once") && once != NULL && remove(once) == 0)
        raise(SIGKILL);
}
#else
#define plant_fault(line) ((void)(line))
#endif

/* worker_done - a report for the supervisor */
static void worker_done(void *ctx, const struct scan_done *done)
{
    struct worker *worker = ctx;
    const struct scan_frame frame = {.type = FRAME_DONE,
                                     .serial = done->line.serial,
                                     .kind = done->kind,
                                     .tally = done->tally,
                                     .text = done->report};

    worker->is_gone |= !scan_frame_send(worker->fd, &frame, NULL);
}

/* worker_wants - one more line could be begun, in addition to those that were asked for */
static bool worker_wants(const struct worker *worker)
{
    size_t most = worker->request->most;

    if (worker->wanted >= WORKER_AHEAD)
        return false;
    return scan_engine_wants(worker->engine) &&
           (most == 0 || scan_engine_count(worker->engine) + worker->wanted < most);
}

/* worker_ask - for lines */
static void worker_ask(struct worker *worker)
{
    const struct scan_frame frame = {.type = FRAME_WANT};

    while (!worker->is_gone && worker_wants(worker)) {
        worker->is_gone |= !scan_frame_send(worker->fd, &frame, NULL);
        worker->wanted++;
    }
}

/* worker_take - the lines that have come */
static void worker_take(struct worker *worker)
{
    struct scan_frame frame;

    worker->is_gone |= !scan_inbox_fill(&worker->inbox, worker->fd);
    while (scan_inbox_take(&worker->inbox, &frame)) {
        const struct scan_line line = {.serial = frame.serial,
                                       .number = (size_t)frame.number,
                                       .is_too_long = frame.is_too_long,
                                       .text = frame.text};

        worker->wanted--;
        scan_engine_add(worker->engine, &line);
        plant_fault(&line);
    }
}

void scan_worker_run(const struct scan_request *request, int fd)
{
    struct worker worker = {.request = request, .inbox = scan_inbox_open(), .fd = fd};
    struct scan_request own = *request;

    signal(SIGINT, SIG_IGN); /* the supervisor says when to stop */
    signal(SIGTERM, SIG_IGN);
    own.done = worker_done;
    own.ctx = &worker;
    worker.engine = scan_engine_open(&own);
    while (!worker.is_gone) {
        worker_ask(&worker);
        worker_take(&worker);
        scan_engine_turn(worker.engine, fd, WORKER_WAIT);
    }
    scan_engine_close(worker.engine);
    scan_inbox_close(&worker.inbox);
}
