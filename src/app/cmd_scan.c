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

/* add_report - judge the subject */
static void add_report(struct scan *scan, struct app *app, const struct app_subject *subject,
                       struct sbuf *out)
{
    const struct pipeline_request request = {
        .domain = subject->domain,
        .message = subject->message,
        .has_envelope = subject->message != NULL,
    };
    const struct report_options options = {.is_verbose = app->options.is_verbose,
                                           .is_quiet = app->options.is_quiet,
                                           .threshold = app->options.threshold};
    struct app_policies policies = scan->policies; /* what a parked domain adds is its own */
    struct pipeline pipeline = {0};
    struct report report = {0};
    struct err why = {0};

    if (pipeline_open(&pipeline, app, &request, &why) &&
        app_report(&pipeline, &policies, &report, &why)) {
        cmd_scan_count(scan, &report);
        render_line(&report, &options, subject->id, out);
    } else {
        add_trouble(scan, subject, &why, out);
    }
    pipeline_close(&pipeline);
}

/* scan_line - one subject, in an arena of its own; false: the output cannot be written */
static bool scan_line(struct scan *scan, struct span line, struct err *why)
{
    struct app app = *scan->app;
    struct app_subject subject = {0};
    struct err too_long = {0};
    struct sbuf out;
    bool is_written = false;

    app.arena = arena_open();
    app.options.arena = app.arena;
    out = sbuf_start(app.arena);
    scan->subjects++;
    if (scan->lines.is_too_long) {
        err_set(&too_long, "longer than %d octets", LIMIT_SUBJECT_BYTES);
        add_trouble(scan, &subject, &too_long, &out);
    } else {
        app_subject_parse(&app.options, line, &subject);
        if (subject.fault_count > 0)
            add_unread(scan, &subject, &out);
        else
            add_report(scan, &app, &subject, &out);
    }
    is_written = app_write("-", sbuf_span(&out), why);
    arena_close(app.arena);
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

    if (app->options.save_snapshot != NULL) {
        err_set_kind(why, ERR_USAGE,
                     "--save-snapshot: scan has no file for each subject; "
                     "use check");
        return false;
    }
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
