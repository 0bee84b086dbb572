/*
 * A step runs inside arena_try(), so that a subject which takes too much memory ends alone.
 * What a step has opened outside the arena is released by the work's stop().
 */
#include "scan/scan_subject.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/span.h"
#include "scan/scan_engine.h"

/* ---- what its work asks for ---- */

struct arena *scan_arena(const struct scan_subject *subject)
{
    return subject->arena;
}

const struct scan_line *scan_line_of(const struct scan_subject *subject)
{
    return &subject->done.line;
}

void scan_fetch(struct scan_subject *subject, struct ledger *ledger,
                struct https_fact *const *wanted, size_t count)
{
    subject->batch = fetch_begin(subject->engine->fetch, ledger, wanted, count);
    subject->engine->fetching++;
}

void scan_report(struct scan_subject *subject, enum scan_kind kind, struct span tally,
                 struct span report)
{
    subject->done.kind = kind;
    subject->done.tally = tally;
    subject->done.report = report;
    subject->is_reported = true;
}

/* ---- steps ---- */

/* subject_end_fetch - the fetches are over, or given up */
static void subject_end_fetch(struct scan_subject *subject)
{
    if (subject->batch == NULL)
        return;
    fetch_end(subject->batch);
    subject->batch = NULL;
    subject->engine->fetching--;
}

bool scan_subject_is_fetched(const struct scan_subject *subject)
{
    return subject->batch != NULL && fetch_is_over(subject->batch);
}

/* subject_go_on - one step; may be left where memory ends */
static void subject_go_on(void *ctx)
{
    struct scan_subject *subject = ctx;

    subject->is_waiting = subject->batch != NULL && !fetch_is_over(subject->batch);
    if (subject->is_waiting)
        return;
    subject_end_fetch(subject);
    subject->is_waiting =
        !subject->engine->request.work.step(subject->at) || subject->batch != NULL;
}

/* ---- a subject's life ---- */

/* subject_start - nothing is known of the subject */
static void subject_start(struct scan_subject *subject)
{
    const struct scan_work *work = &subject->engine->request.work;

    subject->at = work->start(work->ctx, subject);
}

/* subject_stop - what is made of it lives in the arena alone */
static void subject_stop(struct scan_subject *subject)
{
    subject_end_fetch(subject);
    subject->engine->request.work.stop(subject->at);
}

struct scan_subject *scan_subject_open(struct scan_engine *engine, const struct scan_line *line)
{
    struct arena *own = arena_open();
    struct scan_subject *subject = arena_new_of(own, struct scan_subject);

    subject->engine = engine;
    subject->own = own;
    subject->arena = arena_open();
    subject->done.line = *line;
    subject->done.line.text = arena_span(own, line->text);
    subject_start(subject);
    return subject;
}

void scan_subject_close(struct scan_subject *subject)
{
    subject_stop(subject);
    arena_close(subject->arena);
    arena_close(subject->own);
}

void scan_subject_hand_out(const struct scan_subject *subject)
{
    const struct scan_request *request = &subject->engine->request;

    request->done(request->ctx, &subject->done);
}

/* subject_give_up - it needs more memory than there is for it: say so in its place */
static void subject_give_up(struct scan_subject *subject)
{
    struct err why = {0};

    subject_stop(subject);
    arena_reset(subject->arena);
    subject_start(subject);
    err_set_kind(&why, ERR_INTERNAL, "the subject needs more memory than one subject may use");
    subject->engine->request.work.refuse(subject->at, &why);
}

void scan_subject_step(struct scan_subject *subject)
{
    size_t taken = arena_size(subject->arena);
    size_t left = taken < LIMIT_SUBJECT_MEMORY_BYTES ? LIMIT_SUBJECT_MEMORY_BYTES - taken : 0;

    if (!arena_try(subject->arena, left, subject_go_on, subject))
        subject_give_up(subject);
}

void scan_refuse(const struct scan_request *request, const struct scan_line *line,
                 const struct err *why)
{
    struct scan_engine engine = {.request = *request};
    struct scan_subject *subject = scan_subject_open(&engine, line);

    request->work.refuse(subject->at, why);
    scan_subject_hand_out(subject);
    scan_subject_close(subject);
}
