/* One verdict: text is its own form, other formats are the report without an audit. */
#include <string.h>

#include "app/app_verdict.h"

#include "base/arena.h"
#include "base/err.h"
#include "render/render_verdict.h"
#include "render/render_view.h"
#include "app/app_report.h"
#include "report/report_verdict.h"
#include "report/report.h"

/* what is shown of each enum report_method */
static const enum render_view verdict_views[] = {VIEW_spf, VIEW_dkim, VIEW_dmarc};

/* verdict_set_status - exit status and reason of the verdict */
static int verdict_set_status(struct app *app, const struct render_verdict *shown)
{
    static const char *const names[] = {"SPF", "DKIM", "DMARC"};

    app->reason = arena_printf(app->arena, "%s %s: %s", names[shown->method], shown->word.word,
                               shown->word.summary);
    return shown->word.exit_status;
}

/* verdict_judge - gather, save, report */
static bool verdict_judge(struct pipeline *pipeline, struct render_verdict *shown,
                          struct report *report, struct err *why)
{
    struct app *app = pipeline->app;

    report->facts = pipeline_run(pipeline);
    report->result = report_judge(report->facts, NULL);
    app_report_complete(app, report);
    shown->word = report_verdict(app->arena, report->facts, shown->method);
    return pipeline_save(pipeline, app->options.save_snapshot, why) &&
           app_output(app, verdict_views[shown->method], shown, why);
}

int app_verdict(struct app *app, const struct pipeline_request *request,
                enum report_method method)
{
    struct pipeline pipeline = {0};
    struct report report = {0};
    struct render_verdict shown = {.report = &report, .method = method};
    struct err why = {0};
    int status = STATUS_FINE;

    if (app_output_check(app, verdict_views[method], &why) &&
        pipeline_open(&pipeline, app, request, &why) &&
        verdict_judge(&pipeline, &shown, &report, &why))
        status = verdict_set_status(app, &shown);
    else
        status = app_fail(app, &why);
    pipeline_close(&pipeline);
    return status;
}
