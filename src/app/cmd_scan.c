/*
 * scan: many subjects, a report a line. Policies, zone files and snapshots are read once; scan/
 * works through the subjects, many at a time, in one process or several.
 */
#include <signal.h>
#include <unistd.h>

#include "app/app_ci.h"
#include "base/line_reader.h"
#include "app/app_options.h"
#include "app/app_policies.h"
#include "app/app_queue.h"
#include "app/app_run.h"
#include "app/app_scan_output.h"
#include "app/app_scan_subject.h"
#include "app/app_scan_summary.h"
#include "app/pipeline.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/limits_serve.h"
#include "base/span.h"
#include "fetch/fetch.h"
#include "issue/issue_stored.h"
#include "model/issue.h"
#include "model/report.h"
#include "queue/queue.h"
#include "render/render_view.h"
#include "scan/scan.h"
#include "scan/scan_order.h"
#include "scan/scan_rows.h"
#include "source/source.h"

static volatile sig_atomic_t is_stopped; /* by a signal */

struct scan {
    struct app *app;
    struct line_reader lines;
    struct app_policies policies;
    size_t jobs; /* 1: no workers */
    struct scan_order *order;
    struct app_scan_output output;
    struct app_scan_summary summary;
    struct queue *queue; /* where subjects come from and reports go; NULL: a list */
    const struct scan_request *request;
    struct report_issues *issues; /* of all subjects; NULL: not needed */
    uint64_t passed;              /* subjects that an earlier run judged */
    uint64_t subjects;            /* begun */
    struct err trouble; /* a list that cannot be read, an output that cannot be written */
};

/* scan_write - a report whose turn has come */
static bool scan_write(void *ctx, const struct scan_done *done, struct err *why)
{
    static const enum report_result results[SCAN_KINDS] = {REPORT_PASS, REPORT_FAIL,
                                                           REPORT_UNDETERMINED, REPORT_FAIL};
    struct scan *scan = ctx;

    app_scan_summary_count(&scan->summary, done, &scan->lines);
    app_scan_output_keep(&scan->output, done->report);
    if (scan->issues != NULL)
        issue_add_line(
            scan->issues, done->report,
            &(struct issue_line){.number = done->line.number,
                                 .result = results[done->kind],
                                 .at = {scan->lines.path, (int)done->line.number, 0}});
    return app_scan_output_write(&scan->output, done->report, why);
}

/* scan_done - what the engine calls with a report */
static void scan_done(void *ctx, const struct scan_done *done)
{
    struct scan *scan = ctx;

    if (scan->trouble.kind == ERR_NONE)
        scan_order_put(scan->order, done, &scan->trouble);
}

/* ---- lines ---- */

/* is_remark - nothing to judge */
static bool is_remark(const struct scan *scan, struct span line)
{
    struct span text = span_trim(line);

    return !scan->lines.was_too_long && (text.len == 0 || text.at[0] == '#');
}

/* is_passed - an earlier run has its report */
static bool is_passed(struct scan *scan)
{
    if (scan->passed >= scan->output.rows.earlier)
        return false;
    scan->passed++;
    return true;
}

/* scan_end - the list is over; it must be as long as what was judged of it */
static enum scan_feed scan_end(struct scan *scan)
{
    if (scan->passed < scan->output.rows.earlier && scan->trouble.kind == ERR_NONE)
        err_set(&scan->trouble, "%s: %llu reports, but the list has only %llu subjects",
                scan->output.rows.path, (unsigned long long)scan->output.rows.earlier,
                (unsigned long long)scan->passed);
    return FEED_OVER;
}

/* scan_take - the next line with a subject */
static enum scan_feed scan_take(void *ctx, struct scan_line *line_out)
{
    struct scan *scan = ctx;
    enum line_reader_state state = LINES_ONE;

    if (is_stopped || scan->trouble.kind != ERR_NONE)
        return FEED_OVER;
    if (!scan_order_has_room(scan->order, scan->subjects))
        return FEED_FULL;
    do
        state = line_reader_try(&scan->lines, &line_out->text, &scan->trouble);
    while (state == LINES_ONE && (is_remark(scan, line_out->text) || is_passed(scan)));
    if (state == LINES_OVER)
        return scan_end(scan);
    if (state == LINES_LATER)
        return FEED_LATER;
    line_out->serial = scan->subjects++;
    line_out->number = scan->lines.number;
    line_out->is_too_long = scan->lines.was_too_long;
    return FEED_LINE;
}

/* ---- a queue ---- */

/* scan_queue_line - what was taken, as a line */
static struct scan_line scan_queue_line(struct scan *scan, const struct queue_item *item)
{
    scan->subjects++;
    return (struct scan_line){.serial = item->ticket,
                              .number = (size_t)item->number,
                              .is_too_long = item->is_too_long,
                              .text = item->text};
}

/* scan_queue_take - the next subject; one that is spent has its report at once */
static enum scan_feed scan_queue_take(void *ctx, struct scan_line *line_out)
{
    struct scan *scan = ctx;
    struct queue_item item = {0};
    struct err why = {0};

    while (!is_stopped && scan->trouble.kind == ERR_NONE) {
        enum queue_state state = queue_take(scan->queue, &item, &scan->trouble);

        if (state != QUEUE_ONE)
            return state == QUEUE_LATER ? FEED_LATER : FEED_OVER;
        *line_out = scan_queue_line(scan, &item);
        if (!item.is_spent)
            return FEED_LINE;
        err_set_kind(&why, ERR_INTERNAL,
                     "not evaluated: %d scans that took it ended before its report",
                     LIMIT_QUEUE_TRIES);
        scan_refuse(scan->request, line_out, &why);
    }
    return FEED_OVER;
}

/* scan_queue_done - store the report; one that the server does not take is replaced */
static void scan_queue_done(void *ctx, const struct scan_done *done)
{
    struct scan *scan = ctx;
    size_t room = queue_room(scan->queue);
    struct err why = {0};

    if (scan->trouble.kind != ERR_NONE)
        return;
    if (done->report.len > room && done->kind != SCAN_UNREAD) {
        err_set(&why, "the report has %zu octets; the queue server accepts %zu",
                done->report.len, room);
        scan_refuse(scan->request, &done->line, &why);
        return;
    }
    app_scan_summary_count(&scan->summary, done, &scan->lines);
    queue_done(scan->queue, (size_t)done->line.serial, done->report, &scan->trouble);
}

/* scan_queue_beat - subjects in progress are still being evaluated */
static void scan_queue_beat(void *ctx)
{
    struct scan *scan = ctx;

    queue_extend(scan->queue);
}

/* scan_has_queue - subjects come from one; app_queue_open() wants its URL */
static bool scan_has_queue(const struct app *app)
{
    return app->options.queue.url != NULL || app->options.queue.creds != NULL;
}

/* scan_queue_check - options that contradict a queue */
static bool scan_queue_check(const struct scan *scan, struct err *why)
{
    const struct app *app = scan->app;

    if (app->line.argument_count == 0 && app->options.outputs.count == 0 &&
        app->options.resume == NULL && scan->output.format == FORMAT_jsonl)
        return true;
    err_set_kind(
        why, ERR_USAGE,
        "scan --queue: subjects and reports are on the server; leave out FILE, --output, "
        "--resume and --format");
    return false;
}

/* ---- the whole ---- */

/* scan_find_live - the source that takes time; NULL: all know at once */
static struct source *scan_find_live(const struct app *app)
{
    for (size_t i = 0; i < app->held_count; i++)
        if (app->held[i] != NULL && app->held[i]->ops->wait != NULL)
            return app->held[i];
    return NULL;
}

/* scan_judge - all subjects that `take` gives, in one process or several */
static bool scan_judge(struct scan *scan, struct scan_request request, struct err *why)
{
    struct app *app = scan->app;
    const struct fetch_options fetch = pipeline_fetch_options(&app->options);
    struct app_scan common = {app, &scan->policies, &scan->lines};

    request.arena = app->arena;
    request.work = app_scan_work(&common);
    request.live = scan_find_live(app);
    request.fetch = &fetch;
    request.most = app->options.in_flight;
    request.fd = scan->lines.fd;
    request.ctx = scan;
    scan->request = &request;
    app_scan_summary_open(&scan->summary, app, &scan->lines);
    if (scan->jobs > 1 || scan->queue != NULL)
        scan_run_jobs(&request, scan->jobs, why);
    else
        scan_run(&request);
    if (scan->order != NULL)
        scan_order_close(scan->order);
    app_scan_summary_close(&scan->summary, app);
    scan->request = NULL;
    if (scan->trouble.kind != ERR_NONE)
        *why = scan->trouble;
    return why->kind == ERR_NONE;
}

/* scan_queue_run - subjects of the queue, until none is left */
static bool scan_queue_run(struct scan *scan, struct err *why)
{
    scan->lines = (struct line_reader){.path = "queue", .fd = -1};
    scan->queue = app_queue_open(scan->app, why);
    return scan->queue != NULL && queue_join(scan->queue, why) &&
           scan_judge(scan,
                      (struct scan_request){.take = scan_queue_take,
                                            .done = scan_queue_done,
                                            .beat = scan_queue_beat},
                      why);
}

/* scan_stopped - where a signal stopped it */
static int scan_stopped(const struct scan *scan)
{
    struct app *app = scan->app;
    const char *file = scan->output.rows.fd == STDOUT_FILENO
                           ? "FILE, with the file that contains them"
                           : scan->output.rows.path;
    bool can_go_on = !scan->output.rows.is_packed && file != NULL;

    if (scan->queue != NULL) {
        app->reason = "stopped by a signal; subjects in progress were completed";
        return STATUS_UNDETERMINED;
    }
    app->reason = arena_printf(
        app->arena, "stopped by a signal after line %zu: %llu subjects were evaluated%s%s",
        scan->lines.number, (unsigned long long)scan->subjects,
        can_go_on ? "; continue with --resume " : "", can_go_on ? file : "");
    return STATUS_UNDETERMINED;
}

/* cmd_scan_status_of - of all subjects; why it is not 0 */
static int cmd_scan_status_of(const struct scan *scan)
{
    static const struct {
        enum scan_kind kind;
        enum app_status status;
        const char *text;
    } table[] = {
        {SCAN_UNREAD, STATUS_INPUT, "could not be read or evaluated"},
        {SCAN_FAILING, STATUS_FINDINGS, "fail"},
        {SCAN_UNDETERMINED, STATUS_UNDETERMINED, "are undetermined"},
    };
    struct app *app = scan->app;

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        size_t count = scan->summary.kinds[table[i].kind];

        if (count == 0)
            continue;
        app->reason = arena_printf(app->arena, "%zu of %llu subjects %s", count,
                                   (unsigned long long)scan->subjects, table[i].text);
        return table[i].status;
    }
    return STATUS_FINE;
}

/* scan_count_jobs - how many workers; 1: this process judges. The libraries have one child,
 * which several workers could not ask at the same time. */
static size_t scan_count_jobs(const struct app *app)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    size_t jobs = app->options.jobs;

    if (app->options.engines == ENGINES_ON)
        return 1;
    if (jobs == 0)
        jobs = cores > 1 ? (size_t)cores : 1;
    if (app->options.source.rate > 0 && jobs > app->options.source.rate)
        jobs = app->options.source.rate;
    return jobs < LIMIT_JOBS ? jobs : LIMIT_JOBS;
}

/* scan_list_judge - with everything that a run needs opened */
static bool scan_list_judge(struct scan *scan, struct err *why)
{
    struct app *app = scan->app;

    scan->order = scan_order_open(app->arena, scan_write, scan);
    if (app->options.is_unordered)
        scan_order_give_up(scan->order);
    return scan_judge(scan, (struct scan_request){.take = scan_take, .done = scan_done}, why) &&
           scan_rows_flush(&scan->output.rows, why) &&
           (scan->issues == NULL || app_scan_output_end(app, &scan->output, scan->issues, why));
}

/* stop_scan - what is in flight is finished */
static void stop_scan(int number)
{
    (void)number;
    is_stopped = 1;
}

/* scan_note_rest - what the sum at the end is not about */
static void scan_note_rest(const struct scan *scan)
{
    if (scan->output.rows.earlier > 0)
        app_notice(scan->app,
                   arena_printf(scan->app->arena,
                                "%s: the %llu reports of the earlier run are neither counted "
                                "nor part of the exit status",
                                scan->output.rows.path,
                                (unsigned long long)scan->output.rows.earlier));
    else if (scan->subjects == 0 && !is_stopped)
        app_notice(scan->app,
                   arena_printf(scan->app->arena, "%s: no subject in it: nothing was checked",
                                file_shown_name(scan->lines.path)));
}

/* scan_list_run - lines of a file */
static bool scan_list_run(struct scan *scan, const char *path, struct err *why)
{
    if (!line_reader_open(&scan->lines, scan->app->arena, path, why) ||
        !app_scan_output_open(scan->app, &scan->output, why) || !scan_list_judge(scan, why))
        return false;
    scan_note_rest(scan);
    return true;
}

/* scan_prepare - what does not depend on the list */
static bool scan_prepare(struct scan *scan, struct err *why)
{
    struct app *app = scan->app;
    struct sigaction action = {.sa_handler = stop_scan};

    if (!app_scan_output_check(app, &scan->output, why) ||
        (scan_has_queue(app) && !scan_queue_check(scan, why)))
        return false;
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    if (scan->output.last_count > 0 ||
        (app_ci_is_there() && scan->output.format == FORMAT_jsonl))
        scan->issues = report_issues_open(
            app->arena, "scan", app->options.has_now ? app->options.now : clock_wall(),
            app->options.threshold);
    scan->jobs = scan_count_jobs(app);
    if (app->options.source.rate > 0) /* each worker has its part */
        app->options.source.rate = (unsigned)(app->options.source.rate / scan->jobs);
    return pipeline_hold(app, why) && pipeline_try(app, why) &&
           app_policies_open(app, &scan->policies, why);
}

int cmd_scan(struct app *app)
{
    const char *path = app->line.argument_count > 0 ? app->line.arguments[0] : "-";
    struct scan scan = {.app = app, .lines = {.fd = -1}};
    struct err why = {0};
    int status = STATUS_FINE;

    if (scan_prepare(&scan, &why) &&
        (scan_has_queue(app) ? scan_queue_run(&scan, &why) : scan_list_run(&scan, path, &why)))
        status = is_stopped ? scan_stopped(&scan) : cmd_scan_status_of(&scan);
    else
        status = app_fail(app, &why);
    queue_close(scan.queue);
    app_scan_output_close(&scan.output);
    line_reader_close(&scan.lines);
    pipeline_release(app);
    return status;
}
