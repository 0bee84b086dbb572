/* check: audit a domain, judge a message, say what to do. */
#include "app/app_options.h"
#include "app/app_policies.h"
#include "app/app_report.h"
#include "app/app_run.h"
#include "app/app_what_if.h"
#include "app/pipeline.h"
#include "base/err.h"
#include "engine/engine.h"
#include "issue/issue.h"
#include "model/report.h"
#include "render/render_view.h"
#include "report/report.h"

/* cmd_check_judge - gather, report, save */
static bool cmd_check_judge(struct pipeline *pipeline, struct app_policies *policies,
                            struct report *report, struct err *why)
{
    struct app *app = pipeline->app;

    if (!app_report(pipeline, policies, report, why))
        return false;
    app_what_if(pipeline, report);
    engine_finish(app->engine);
    report->issues = issue_of_report(app->arena, "check", report, app->options.threshold);
    return pipeline_save(pipeline, app->options.save_snapshot, why) &&
           app_output(app, VIEW_check, report, why);
}

int app_check(struct app *app, const struct pipeline_request *request)
{
    enum report_threshold threshold = app->options.threshold;
    struct pipeline pipeline = {0};
    struct app_policies policies = {NULL, 0};
    struct report report = {0};
    struct err why = {0};
    int status = STATUS_FINE;

    /* policies are read while the process behind the libraries gets ready */
    if (app_output_check(app, VIEW_check, &why) &&
        pipeline_open(&pipeline, app, request, &why) &&
        app_policies_open(app, &policies, &why) &&
        cmd_check_judge(&pipeline, &policies, &report, &why)) {
        status = report_exit_status(&report, threshold);
        app->reason = report_exit_reason(app->arena, &report, threshold);
    } else {
        status = app_fail(app, &why);
    }
    pipeline_close(&pipeline);
    return status;
}

int cmd_check(struct app *app)
{
    const struct pipeline_request request = {
        .domain = app->line.arguments[0],
        .message = app_line_argument(&app->line, 1),
        .has_engines = true,
        .has_envelope = app->line.argument_count > 1,
    };

    return app_check(app, &request);
}
