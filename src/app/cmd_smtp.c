/* smtp: the session as it would go; with --live ask real servers, see app_live.h. */
#include <string.h>

#include "app/app_live.h"
#include "app/app_options.h"
#include "app/app_policies.h"
#include "app/app_report.h"
#include "app/app_run.h"
#include "app/pipeline.h"
#include "base/err.h"
#include "check/check.h"
#include "model/report.h"
#include "render/render_view.h"
#include "report/report.h"

/* cmd_smtp_judge - gather, check, save, report */
static bool cmd_smtp_judge(struct pipeline *pipeline, const struct app_policies *policies,
                           struct report *report, struct err *why)
{
    struct app *app = pipeline->app;

    report->port = app->options.port;
    report->tls = app->options.live.tls;
    report->size_limit = app->options.size_limit;
    report->facts = pipeline_run(pipeline);
    report->findings = check_run(app->arena, report->facts);
    app_report_judge(app, policies, report);
    app_report_complete(app, report);
    return pipeline_save(pipeline, app->options.save_snapshot, why) &&
           app_output(app, VIEW_smtp, report, why);
}

/* show_session - as it would go */
static int show_session(struct app *app)
{
    const struct pipeline_request request = {
        .domain = app_line_argument(&app->line, 0),
        .message = app_line_argument(&app->line, 1),
        .has_envelope = true,
    };
    struct pipeline pipeline = {0};
    struct report report = {0};
    struct app_policies policies = {NULL, 0};
    struct err why = {0};
    int status = STATUS_FINE;

    if (app_live_is_unused(app, &why) && app->line.argument_count == 0)
        err_set_kind(&why, ERR_USAGE, "smtp needs a domain, or --live HOST[:PORT]");
    if (why.kind == ERR_NONE && app_output_check(app, VIEW_smtp, &why) &&
        app_policies_open(app, &policies, &why) &&
        pipeline_open(&pipeline, app, &request, &why) &&
        cmd_smtp_judge(&pipeline, &policies, &report, &why)) {
        status = report_exit_status(&report, app->options.threshold);
        app->reason = report_exit_reason(app->arena, &report, app->options.threshold);
    } else {
        status = app_fail(app, &why);
    }
    pipeline_close(&pipeline);
    return status;
}

int cmd_smtp(struct app *app)
{
    return app->options.live.target != NULL ? app_live(app) : show_session(app);
}
