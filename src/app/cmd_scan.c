/*
 * scan: many subjects, a report a line. Each subject has an arena and a pipeline of its own, so
 * that memory does not grow with their number and one cannot spoil another; policies, zone
 * files and snapshots are read once. A report is written before the next line is read.
 */
#include "app/app_lines.h"
#include "app/app_report.h"
#include "app/app_subject.h"
#include "base/limits.h"

struct scan {
    struct app *app;
    struct app_lines lines;
    struct app_policies policies;
    size_t subjects;
    size_t unread;
    size_t failing; /* findings at the threshold, or a verdict that fails */
    size_t undetermined;
};

/* add_unread - the report of a line that could not be read */
static void add_unread(struct scan *scan, const struct app_subject *subject, struct sbuf *out)
{
    const struct render_line_unread unread = {
        .file = scan->lines.path,
        .line = scan->lines.number,
        .faults = subject->faults,
        .fault_count = subject->fault_count,
    };

    scan->unread++;
    render_line_unread(&unread, subject->id, out);
}

/* add_trouble - what `why` says, as the fault of the whole line */
static void add_trouble(struct scan *scan, const struct app_subject *subject,
                        const struct err *why, struct sbuf *out)
{
    struct render_line_fault fault = {.text = why->text};
    struct app_subject copy = *subject;

    copy.faults = &fault;
    copy.fault_count = 1;
    add_unread(scan, &copy, out);
}

/* cmd_scan_count - what the report means for the exit status */
static void cmd_scan_count(struct scan *scan, const struct report *report)
{
    int status = report_exit_status(report, scan->app->options.threshold);

    scan->failing += status == STATUS_FINDINGS;
    scan->undetermined += status == STATUS_UNDETERMINED;
}

/* a subject while it is judged; everything else of it lives in its arena */
struct judging {
    struct scan *scan;
    struct app app;
    struct span line;
    struct app_subject subject;
    struct pipeline pipeline;
    struct sbuf out;
};

/* add_report - judge the subject */
static void add_report(struct judging *judging)
{
    struct scan *scan = judging->scan;
    struct app *app = &judging->app;
    const struct app_subject *subject = &judging->subject;
    const struct pipeline_request request = {
        .domain = subject->domain,
        .message = subject->message,
        .lines = &scan->lines,
        .has_envelope = subject->message != NULL,
    };
    const struct report_options options = {.is_verbose = app->options.is_verbose,
                                           .is_quiet = app->options.is_quiet,
                                           .threshold = app->options.threshold};
    struct app_policies policies = scan->policies; /* what a parked domain adds is its own */
    struct report report = {0};
    struct err why = {0};

    if (pipeline_open(&judging->pipeline, app, &request, &why) &&
        app_report(&judging->pipeline, &policies, &report, &why)) {
        render_line(&report, &options, subject->id, &judging->out);
        cmd_scan_count(scan, &report);
    } else {
        add_trouble(scan, subject, &why, &judging->out);
    }
}

/* judge_line - read the line and judge what it names; may be left where memory ends */
static void judge_line(void *ctx)
{
    struct judging *judging = ctx;
    struct scan *scan = judging->scan;
    struct err too_long = {0};

    if (scan->lines.is_too_long) {
        err_set(&too_long, "longer than %d octets", LIMIT_SUBJECT_BYTES);
        add_trouble(scan, &judging->subject, &too_long, &judging->out);
        return;
    }
    app_subject_parse(&judging->app.options, judging->line, &judging->subject);
    if (judging->subject.fault_count > 0)
        add_unread(scan, &judging->subject, &judging->out);
    else
        add_report(judging);
}

/* start_judging - nothing is known of the subject */
static void start_judging(struct judging *judging, struct arena *arena)
{
    judging->app = *judging->scan->app;
    judging->app.arena = arena;
    judging->app.options.arena = arena;
    judging->out = sbuf_start(arena);
}

/* cmd_scan_give_up - the subject needs more memory than there is for it: say so in its place */
static void cmd_scan_give_up(struct judging *judging, struct arena *arena)
{
    struct err why = {0};

    arena_reset(arena);
    start_judging(judging, arena);
    app_subject_parse(&judging->app.options, judging->line, &judging->subject);
    err_set_kind(&why, ERR_INTERNAL, "the subject takes more memory than there is for one");
    add_trouble(judging->scan, &judging->subject, &why, &judging->out);
}

/* scan_line - one subject, in an arena of its own; false: the output cannot be written */
static bool scan_line(struct scan *scan, struct span line, struct err *why)
{
    struct arena *arena = arena_open();
    struct judging judging = {.scan = scan, .line = line};
    bool is_whole = false;
    bool is_written = false;

    start_judging(&judging, arena);
    scan->subjects++;
    is_whole = arena_try(arena, LIMIT_SUBJECT_MEMORY_BYTES, judge_line, &judging);
    pipeline_close(&judging.pipeline);
    if (!is_whole)
        cmd_scan_give_up(&judging, arena);
    is_written = app_write("-", sbuf_span(&judging.out), why);
    arena_close(arena);
    return is_written;
}

/* is_remark - nothing to judge */
static bool is_remark(const struct scan *scan, struct span line)
{
    struct span text = span_trim(line);

    return !scan->lines.is_too_long && (text.len == 0 || text.at[0] == '#');
}

/* try_options - sources and providers are there; said before a line is read */
static bool try_options(struct app *app, struct err *why)
{
    const struct pipeline_request request = {.domain = NULL};
    struct app copy = *app;
    struct pipeline pipeline = {0};
    bool is_fine = false;

    copy.options.engines = ENGINES_OFF;
    is_fine = pipeline_open(&pipeline, &copy, &request, why);
    pipeline_close(&pipeline);
    return is_fine;
}

/* cmd_scan_status_of - of all subjects; why it is not 0 */
static int cmd_scan_status_of(const struct scan *scan)
{
    struct app *app = scan->app;

    if (scan->unread > 0) {
        app->reason =
            arena_printf(app->arena, "%zu of %zu subjects could not be read or judged",
                         scan->unread, scan->subjects);
        return STATUS_INPUT;
    }
    if (scan->failing > 0) {
        app->reason =
            arena_printf(app->arena, "%zu of %zu subjects fail", scan->failing, scan->subjects);
        return STATUS_FINDINGS;
    }
    if (scan->undetermined > 0) {
        app->reason = arena_printf(app->arena, "%zu of %zu subjects are undetermined",
                                   scan->undetermined, scan->subjects);
        return STATUS_UNDETERMINED;
    }
    return STATUS_FINE;
}

/* scan_all - until the lines end; false: they cannot be read, or the output not be written */
static bool scan_all(struct scan *scan, struct err *why)
{
    struct span line = {NULL, 0};

    while (app_lines_next(&scan->lines, &line, why))
        if (!is_remark(scan, line) && !scan_line(scan, line, why))
            return false;
    return why->kind == ERR_NONE;
}

int cmd_scan(struct app *app)
{
    const char *path = app->line.argument_count > 0 ? app->line.arguments[0] : "-";
    struct scan scan = {.app = app, .lines = {.fd = -1}};
    struct err why = {0};
    int status = STATUS_FINE;

    if (pipeline_hold(app, &why) && try_options(app, &why) &&
        app_policies_open(app, &scan.policies, &why) &&
        app_lines_open(&scan.lines, app->arena, path, &why) && scan_all(&scan, &why))
        status = cmd_scan_status_of(&scan);
    else
        status = app_fail(app, &why);
    app_lines_close(&scan.lines);
    return status;
}
