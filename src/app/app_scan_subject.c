/*
 * A step runs inside arena_try(), so that a subject which takes too much memory ends alone.
 * What a step has opened outside the arena is in the subject, for scan_subject_close().
 */
#include "app/app_scan_subject.h"

#include "app/app_options.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "gather/gather.h"
#include "ledger/ledger.h"
#include "model/facts.h"
#include "model/finding.h"
#include "model/https_fact.h"
#include "model/report.h"
#include "render/render_line.h"
#include "render/render_scan.h"
#include "render/render_view.h"
#include "report/report.h"

/* ---- reports ---- */

/* subject_notify - the report is made */
static void subject_notify(struct scan_subject *subject, enum scan_kind kind)
{
    subject->kind = kind;
    subject->state = SCAN_REPORTED;
}

/* subject_render - in the format that was asked for */
static void subject_render(struct scan_subject *subject, const struct render_scan *shown)
{
    const struct app_options *asked = &subject->app.options;
    const struct report_options options = {.is_verbose = asked->is_verbose,
                                           .is_quiet = asked->is_quiet,
                                           .threshold = asked->threshold};

    render_view_cell(VIEW_scan, asked->format)(shown, &options, &subject->out);
}

/* subject_unread - the report of a line that could not be read */
static void subject_unread(struct scan_subject *subject, const struct app_subject *given)
{
    const struct render_line_unread unread = {
        .file = subject->engine->request.lines->path,
        .line = subject->line.number,
        .faults = given->faults,
        .fault_count = given->fault_count,
    };

    const struct render_scan shown = {
        .unread = &unread, .id = given->id, .line = subject->line.number};

    subject_render(subject, &shown);
    subject->tally.forgery = SCAN_NO_FORGERY;
    subject_notify(subject, SCAN_UNREAD);
}

/* subject_trouble - what `why` says, as the fault of the whole line */
static void subject_trouble(struct scan_subject *subject, const struct err *why)
{
    struct render_line_fault fault = {.text = why->text};
    struct app_subject copy = subject->given;

    copy.faults = &fault;
    copy.fault_count = 1;
    subject_unread(subject, &copy);
}

/* subject_kind - what the report means for the exit status */
static enum scan_kind subject_kind(const struct scan_subject *subject)
{
    int status = report_exit_status(&subject->report, subject->app.options.threshold);

    if (status == STATUS_FINDINGS)
        return SCAN_FAILING;
    return status == STATUS_UNDETERMINED ? SCAN_UNDETERMINED : SCAN_FINE;
}

/* subject_count - what the summary counts */
static void subject_count(struct scan_subject *subject)
{
    const struct report_summary *summary = subject->report.summary;
    struct scan_tally *tally = &subject->tally;

    tally->forgery = (int)summary->forgery;
    for (const struct finding *at = subject->report.findings; at != NULL; at = at->next)
        if (at->status == FINDING_FIRES)
            tally->fired[at->row / SCAN_FIRED_BITS] |= (uint64_t)1 << at->row % SCAN_FIRED_BITS;
}

/* subject_report - of the facts */
static void subject_report(struct scan_subject *subject, const struct facts *facts)
{
    struct app *app = &subject->app;
    const struct render_scan shown = {
        .report = &subject->report, .id = subject->given.id, .line = subject->line.number};
    struct err why = {0};

    subject->report.facts = facts;
    if (!app_report_make(app, &subject->policies, &subject->report, &why)) {
        subject_trouble(subject, &why);
        return;
    }
    app_report_complete(app, &subject->report);
    subject_render(subject, &shown);
    subject_count(subject);
    subject_notify(subject, subject_kind(subject));
}

/* ---- steps ---- */

/* subject_begin - read the line and open what it names */
static void subject_begin(struct scan_subject *subject)
{
    struct app *app = &subject->app;
    const struct app_subject *given = &subject->given;
    struct pipeline_request request = {.lines = subject->engine->request.lines};
    struct err why = {0};

    if (subject->line.is_too_long) {
        err_set(&why, "longer than %d octets", LIMIT_SUBJECT_BYTES);
        subject_trouble(subject, &why);
        return;
    }
    app_subject_parse(&app->options, subject->line.text, &subject->given);
    if (given->fault_count > 0) {
        subject_unread(subject, given);
        return;
    }
    request.domain = given->domain;
    request.message = given->message;
    request.has_envelope = given->message != NULL;
    if (!pipeline_open(&subject->pipeline, app, &request, &why) ||
        !app_report_open(app, &subject->report, &why)) {
        subject_trouble(subject, &why);
        return;
    }
    subject->pipeline.work.source->wake = scan_subject_wake;
    subject->pipeline.work.source->wake_ctx = subject;
    subject->gathering = gather_start(&subject->pipeline.work, &subject->pipeline.subject);
    subject->state = SCAN_GATHERING;
}

/* subject_fetch - what is wanted over HTTPS */
static void subject_fetch(struct scan_subject *subject)
{
    struct gather_work *work = &subject->pipeline.work;
    struct ledger_fetching *fetching = &subject->fetching;

    subject->state = SCAN_GATHERING;
    if (!ledger_https_start(work->ledger, work->source, fetching))
        return;
    for (size_t i = 0; i < fetching->count && work->fetch == NULL; i++)
        fetching->open[i]->status = HTTPS_UNKNOWN;
    if (work->fetch == NULL || ledger_https_wait(work->ledger) <= 0) {
        ledger_https_end(work->ledger, fetching);
        return;
    }
    subject->batch =
        fetch_begin(subject->engine->fetch, work->ledger, fetching->open, fetching->count);
    subject->engine->fetching++;
    subject->state = SCAN_FETCHING;
}

/* subject_end_fetch - the fetches are over, or given up */
static void subject_end_fetch(struct scan_subject *subject)
{
    if (subject->batch == NULL)
        return;
    fetch_end(subject->batch);
    subject->batch = NULL;
    subject->engine->fetching--;
}

/* subject_gather - a pass over what is known */
static void subject_gather(struct scan_subject *subject)
{
    struct gather_work *work = &subject->pipeline.work;
    const struct facts *facts = gather_go_on(subject->gathering);

    if (facts != NULL) {
        subject_report(subject, facts);
        return;
    }
    subject->round = ledger_round_start(work->ledger, work->source);
    if (subject->round != NULL)
        subject->state = SCAN_ASKING;
    else
        subject_fetch(subject);
}

bool scan_subject_is_fetched(const struct scan_subject *subject)
{
    return subject->state == SCAN_FETCHING && fetch_is_over(subject->batch);
}

/* subject_go_on - one step; may be left where memory ends */
static void subject_go_on(void *ctx)
{
    struct scan_subject *subject = ctx;

    subject->is_waiting = false;
    switch (subject->state) {
    case SCAN_NEW:
        subject_begin(subject);
        break;
    case SCAN_GATHERING:
        subject_gather(subject);
        break;
    case SCAN_ASKING:
        if (ledger_round_go_on(subject->round, 0))
            subject_fetch(subject);
        else
            subject->is_waiting = true;
        break;
    case SCAN_FETCHING:
        if (!fetch_is_over(subject->batch)) {
            subject->is_waiting = true;
            break;
        }
        subject_end_fetch(subject);
        ledger_https_end(subject->pipeline.work.ledger, &subject->fetching);
        subject->state = SCAN_GATHERING;
        break;
    case SCAN_REPORTED:
        break;
    }
}

/* ---- a subject's life ---- */

/* subject_start - nothing is known of the subject */
static void subject_start(struct scan_subject *subject)
{
    subject->app = *subject->engine->request.app;
    subject->app.arena = subject->arena;
    subject->app.options.arena = subject->arena;
    subject->out = sbuf_start(subject->arena);
}

struct scan_subject *scan_subject_open(struct scan_engine *engine, const struct scan_line *line)
{
    struct arena *own = arena_open();
    struct scan_subject *subject = arena_new_of(own, struct scan_subject);

    subject->engine = engine;
    subject->own = own;
    subject->arena = arena_open();
    subject->line = *line;
    subject->line.text = arena_span(own, line->text);
    subject->policies = *engine->request.policies;
    subject_start(subject);
    return subject;
}

void scan_subject_close(struct scan_subject *subject)
{
    subject_end_fetch(subject);
    pipeline_close(&subject->pipeline);
    arena_close(subject->arena);
    arena_close(subject->own);
}

void scan_subject_hand_out(const struct scan_subject *subject)
{
    const struct scan_request *request = &subject->engine->request;
    const struct scan_done done = {.line = subject->line,
                                   .kind = subject->kind,
                                   .tally = subject->tally,
                                   .report = sbuf_span(&subject->out)};

    request->done(request->ctx, &done);
}

/* subject_refuse - the report of a subject that is not judged; it has its id */
static void subject_refuse(struct scan_subject *subject, const struct err *why)
{
    app_subject_parse(&subject->app.options, subject->line.text, &subject->given);
    subject_trouble(subject, why);
}

void app_scan_refuse(const struct scan_request *request, const struct scan_line *line,
                     const struct err *why)
{
    struct scan_engine engine = {.request = *request};
    struct scan_subject *subject = scan_subject_open(&engine, line);

    subject_refuse(subject, why);
    scan_subject_hand_out(subject);
    scan_subject_close(subject);
}

/* subject_give_up - it needs more memory than there is for it: say so in its place */
static void subject_give_up(struct scan_subject *subject)
{
    struct err why = {0};

    subject_end_fetch(subject);
    pipeline_close(&subject->pipeline);
    subject->pipeline = (struct pipeline){0};
    arena_reset(subject->arena);
    subject_start(subject);
    err_set_kind(&why, ERR_INTERNAL, "the subject needs more memory than one subject may use");
    subject_refuse(subject, &why);
}

void scan_subject_step(struct scan_subject *subject)
{
    size_t taken = arena_size(subject->arena);
    size_t left = taken < LIMIT_SUBJECT_MEMORY_BYTES ? LIMIT_SUBJECT_MEMORY_BYTES - taken : 0;

    if (!arena_try(subject->arena, left, subject_go_on, subject))
        subject_give_up(subject);
}
