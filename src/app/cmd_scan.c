/*
 * scan: many subjects, a report a line. Policies, zone files and snapshots are read once; the
 * subjects are judged by app_scan.c, many at a time.
 */
#include <string.h>

#include "app/app_scan_order.h"
#include "app/pipeline.h"
#include "base/limits.h"

#define WAIT_MS 60000 /* for a line, where nothing is in flight */

struct scan {
    struct app *app;
    struct app_lines lines;
    struct app_policies policies;
    struct scan_engine *engine;
    struct scan_order *order;
    uint64_t subjects; /* begun */
    size_t kinds[SCAN_KINDS];
    struct err trouble; /* an output that cannot be written */
};

/* scan_write - a report whose turn has come */
static bool scan_write(void *ctx, const struct scan_done *done, struct err *why)
{
    struct scan *scan = ctx;

    scan->kinds[done->kind]++;
    return app_write("-", done->report, why);
}

/* scan_done - what the engine calls with a report */
static void scan_done(void *ctx, const struct scan_done *done)
{
    struct scan *scan = ctx;

    if (scan->trouble.kind == ERR_NONE)
        scan_order_put(scan->order, done, &scan->trouble);
}

/* is_remark - nothing to judge */
static bool is_remark(const struct scan *scan, struct span line)
{
    struct span text = span_trim(line);

    return !scan->lines.was_too_long && (text.len == 0 || text.at[0] == '#');
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
    static const struct {
        enum scan_kind kind;
        enum app_status status;
        const char *text;
    } table[] = {
        {SCAN_UNREAD, STATUS_INPUT, "could not be read or judged"},
        {SCAN_FAILING, STATUS_FINDINGS, "fail"},
        {SCAN_UNDETERMINED, STATUS_UNDETERMINED, "are undetermined"},
    };
    struct app *app = scan->app;

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (scan->kinds[table[i].kind] > 0) {
            app->reason =
                arena_printf(app->arena, "%zu of %llu subjects %s", scan->kinds[table[i].kind],
                             (unsigned long long)scan->subjects, table[i].text);
            return table[i].status;
        }
    return STATUS_FINE;
}

/* scan_begin - take lines as long as one more subject is wanted */
static enum app_lines_state scan_begin(struct scan *scan, struct err *why)
{
    enum app_lines_state state = LINES_ONE;

    while (state == LINES_ONE && app_scan_wants(scan->engine) &&
           scan_order_has_room(scan->order, scan->subjects)) {
        struct scan_line line = {.serial = scan->subjects};

        state = app_lines_try(&scan->lines, &line.text, why);
        if (state != LINES_ONE || is_remark(scan, line.text))
            continue;
        line.number = scan->lines.number;
        line.is_too_long = scan->lines.was_too_long;
        scan->subjects++;
        app_scan_add(scan->engine, &line);
    }
    return state;
}

/* scan_all - until the lines end; false: they cannot be read, or the output not be written */
static bool scan_all(struct scan *scan, struct err *why)
{
    enum app_lines_state state = LINES_ONE;

    while ((state != LINES_OVER || app_scan_count(scan->engine) > 0) &&
           scan->trouble.kind == ERR_NONE) {
        if (state != LINES_OVER)
            state = scan_begin(scan, why);
        if (state != LINES_OVER || app_scan_count(scan->engine) > 0)
            app_scan_turn(scan->engine, state == LINES_LATER ? scan->lines.fd : -1, WAIT_MS);
    }
    if (scan->trouble.kind != ERR_NONE)
        *why = scan->trouble;
    return why->kind == ERR_NONE;
}

/* scan_run - with everything that a run needs opened */
static bool scan_run(struct scan *scan, struct err *why)
{
    struct app *app = scan->app;
    const struct scan_request request = {
        .app = app,
        .policies = &scan->policies,
        .lines = &scan->lines,
        .most = app->options.in_flight,
        .done = scan_done,
        .ctx = scan,
    };
    bool is_fine = false;

    scan->order = scan_order_open(app->arena, scan_write, scan);
    if (app->options.is_unordered)
        scan_order_give_up(scan->order);
    scan->engine = app_scan_open(&request);
    is_fine = scan_all(scan, why);
    app_scan_close(scan->engine);
    scan_order_close(scan->order);
    return is_fine;
}

int cmd_scan(struct app *app)
{
    const char *path = app->line.argument_count > 0 ? app->line.arguments[0] : "-";
    struct scan scan = {.app = app, .lines = {.fd = -1}};
    struct err why = {0};
    int status = STATUS_FINE;

    if (pipeline_hold(app, &why) && try_options(app, &why) &&
        app_policies_open(app, &scan.policies, &why) &&
        app_lines_open(&scan.lines, app->arena, path, &why) && scan_run(&scan, &why))
        status = cmd_scan_status_of(&scan);
    else
        status = app_fail(app, &why);
    app_lines_close(&scan.lines);
    pipeline_release(app);
    return status;
}
