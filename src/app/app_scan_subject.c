/* A small state machine over a ledger; subject_release() closes what is not in the arena. */
#include "app/app_scan_subject.h"

#include "app/app_options.h"
#include "app/app_report.h"
#include "app/app_subject.h"
#include "app/pipeline.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "gather/gather.h"
#include "ledger/ledger.h"
#include "ledger/ledger_https.h"
#include "model/facts.h"
#include "model/finding.h"
#include "model/https_fact.h"
#include "model/report.h"
#include "render/render_line.h"
#include "render/render_scan.h"
#include "render/render_view.h"
#include "report/report.h"

enum subject_state { SUBJECT_NEW, SUBJECT_GATHERING, SUBJECT_ASKING, SUBJECT_FETCHING };

struct subject_work {
    const struct app_scan *common;
    struct scan_subject *subject;
    enum subject_state state;
    struct app app;
    struct app_subject given;
    struct app_policies policies; /* what a parked domain adds is its own */
    struct pipeline pipeline;
    struct gathering *gathering;
    struct ledger_round *round;
    struct ledger_fetching fetching;
    struct report report;
    struct app_scan_tally tally;
};

/* ---- reports ---- */

/* subject_render - in the format that was asked for; the last of a subject */
static void subject_render(struct subject_work *work, enum scan_kind kind,
                           const struct render_scan *shown)
{
    const struct app_options *asked = &work->app.options;
    const struct report_options options = {.is_verbose = asked->is_verbose,
                                           .is_quiet = asked->is_quiet,
                                           .threshold = asked->threshold};
    struct sbuf out = sbuf_start(work->app.arena);

    render_view_cell(VIEW_scan, asked->format)(shown, &options, &out);
    scan_report(work->subject, kind, span_make((const char *)&work->tally, sizeof(work->tally)),
                sbuf_span(&out));
}

/* subject_unread - the report of a line that could not be read */
static void subject_unread(struct subject_work *work, const struct app_subject *given)
{
    size_t number = scan_line_of(work->subject)->number;
    const struct render_line_unread unread = {
        .file = work->common->lines->path,
        .line = number,
        .faults = given->faults,
        .fault_count = given->fault_count,
    };
    const struct render_scan shown = {.unread = &unread, .id = given->id, .line = number};

    work->tally.forgery = SCAN_NO_FORGERY;
    subject_render(work, SCAN_UNREAD, &shown);
}

/* subject_trouble - what `why` says, as the fault of the whole line */
static void subject_trouble(struct subject_work *work, const struct err *why)
{
    struct render_line_fault fault = {.text = why->text};
    struct app_subject copy = work->given;

    copy.faults = &fault;
    copy.fault_count = 1;
    subject_unread(work, &copy);
}

/* subject_kind - what the report means for the exit status */
static enum scan_kind subject_kind(const struct subject_work *work)
{
    int status = report_exit_status(&work->report, work->app.options.threshold);

    if (status == STATUS_FINDINGS)
        return SCAN_FAILING;
    return status == STATUS_UNDETERMINED ? SCAN_UNDETERMINED : SCAN_FINE;
}

/* subject_count - what the summary counts */
static void subject_count(struct subject_work *work)
{
    struct app_scan_tally *tally = &work->tally;

    tally->forgery = (int)work->report.summary->forgery;
    for (const struct finding *at = work->report.findings; at != NULL; at = at->next)
        if (at->status == FINDING_FIRES)
            tally->fired[at->row / SCAN_FIRED_BITS] |= (uint64_t)1 << at->row % SCAN_FIRED_BITS;
}

/* subject_report - of the facts */
static void subject_report(struct subject_work *work, const struct facts *facts)
{
    const struct render_scan shown = {.report = &work->report,
                                      .id = work->given.id,
                                      .line = scan_line_of(work->subject)->number};
    struct err why = {0};

    work->report.facts = facts;
    if (!app_report_make(&work->app, &work->policies, &work->report, &why)) {
        subject_trouble(work, &why);
        return;
    }
    app_report_complete(&work->app, &work->report);
    subject_count(work);
    subject_render(work, subject_kind(work), &shown);
}

/* ---- steps ---- */

/* subject_begin - read the line and open what it names */
static void subject_begin(struct subject_work *work)
{
    const struct scan_line *line = scan_line_of(work->subject);
    struct app *app = &work->app;
    const struct app_subject *given = &work->given;
    struct pipeline_request request = {.lines = work->common->lines};
    struct err why = {0};

    if (line->is_too_long) {
        err_set(&why, "longer than %d octets", LIMIT_SUBJECT_BYTES);
        subject_trouble(work, &why);
        return;
    }
    app_subject_parse(&app->options, line->text, &work->given);
    if (given->fault_count > 0) {
        subject_unread(work, given);
        return;
    }
    request.domain = given->domain;
    request.message = given->message;
    request.has_envelope = given->message != NULL;
    if (!pipeline_open(&work->pipeline, app, &request, &why) ||
        !app_report_open(app, &work->report, &why)) {
        subject_trouble(work, &why);
        return;
    }
    work->pipeline.work.source->wake = scan_wake;
    work->pipeline.work.source->wake_ctx = work->subject;
    work->gathering = gather_start(&work->pipeline.work, &work->pipeline.subject);
    work->state = SUBJECT_GATHERING;
}

/* subject_fetch - what is wanted over HTTPS */
static void subject_fetch(struct subject_work *work)
{
    struct gather_work *gather = &work->pipeline.work;
    struct ledger_fetching *fetching = &work->fetching;

    work->state = SUBJECT_GATHERING;
    if (!ledger_https_start(gather->ledger, gather->source, fetching))
        return;
    for (size_t i = 0; i < fetching->count && gather->fetch == NULL; i++)
        fetching->open[i]->status = HTTPS_UNKNOWN;
    if (gather->fetch == NULL || ledger_https_wait(gather->ledger) <= 0) {
        ledger_https_end(gather->ledger, fetching);
        return;
    }
    scan_fetch(work->subject, gather->ledger, fetching->open, fetching->count);
    work->state = SUBJECT_FETCHING;
}

/* subject_gather - a pass over what is known */
static void subject_gather(struct subject_work *work)
{
    struct gather_work *gather = &work->pipeline.work;
    const struct facts *facts = gather_go_on(work->gathering);

    if (facts != NULL) {
        subject_report(work, facts);
        return;
    }
    work->round = ledger_round_start(gather->ledger, gather->source);
    if (work->round != NULL)
        work->state = SUBJECT_ASKING;
    else
        subject_fetch(work);
}

/* subject_step - one state after the other */
static bool subject_step(void *at)
{
    struct subject_work *work = at;

    switch (work->state) {
    case SUBJECT_NEW:
        subject_begin(work);
        break;
    case SUBJECT_GATHERING:
        subject_gather(work);
        break;
    case SUBJECT_ASKING:
        if (!ledger_round_go_on(work->round, 0))
            return false;
        subject_fetch(work);
        break;
    case SUBJECT_FETCHING:
        ledger_https_end(work->pipeline.work.ledger, &work->fetching);
        work->state = SUBJECT_GATHERING;
        break;
    }
    return true;
}

/* subject_refuse - the report of a subject that is not judged; it has its id */
static void subject_refuse(void *at, const struct err *why)
{
    struct subject_work *work = at;

    app_subject_parse(&work->app.options, scan_line_of(work->subject)->text, &work->given);
    subject_trouble(work, why);
}

/* subject_release - what is open */
static void subject_release(void *at)
{
    struct subject_work *work = at;

    pipeline_close(&work->pipeline);
}

/* subject_prepare - nothing is known of the subject */
static void *subject_prepare(void *ctx, struct scan_subject *subject)
{
    const struct app_scan *common = ctx;
    struct arena *arena = scan_arena(subject);
    struct subject_work *work = arena_new_of(arena, struct subject_work);

    work->common = common;
    work->subject = subject;
    work->app = *common->app;
    work->app.arena = arena;
    work->app.options.arena = arena;
    work->policies = *common->policies;
    return work;
}

struct scan_work app_scan_work(struct app_scan *common)
{
    return (struct scan_work){subject_prepare, subject_step, subject_refuse, subject_release,
                              common};
}
