/* One verdict: text is its own form, other formats are the report without an audit. */
#include <string.h>

#include "app/app_verdict.h"

#include "render/render_format.h"
#include "render/render_verdict.h"

struct verdict_output {
    const struct report *report;
    enum report_method method;
};

/* verdict_render - one output; what app_output() calls */
static void verdict_render(void *ctx, const struct render_format *format,
                           const struct report_options *options, struct sbuf *out)
{
    const struct verdict_output *output = ctx;

    if (strcmp(format->name, "text") == 0)
        render_verdict(output->report, output->method, options->is_quiet, out);
    else
        format->render(output->report, options, out);
}

/* verdict_set_status - exit status and reason of the verdict */
static int verdict_set_status(struct app *app, const struct facts *facts,
                              enum report_method method)
{
    static const char *const names[] = {"SPF", "DKIM", "DMARC"};
    struct report_verdict verdict = report_verdict(app->arena, facts, method);

    app->reason =
        arena_printf(app->arena, "%s %s: %s", names[method], verdict.word, verdict.summary);
    return verdict.exit_status;
}

/* verdict_judge - gather, save, report */
static bool verdict_judge(struct pipeline *pipeline, struct verdict_output *output,
                          struct report *report, struct err *why)
{
    struct app *app = pipeline->app;

    report->facts = pipeline_run(pipeline);
    report->result = report_judge(report->facts, NULL);
    output->report = report;
    return pipeline_save(pipeline, app->options.save_snapshot, why) &&
           app_output(app, verdict_render, output, why);
}

int app_verdict(struct app *app, const struct pipeline_request *request,
                enum report_method method)
{
    struct verdict_output output = {.method = method};
    struct pipeline pipeline = {0};
    struct report report = {0};
    struct err why = {0};
    int status = STATUS_FINE;

    if (app_output_check(app, &why) && pipeline_open(&pipeline, app, request, &why) &&
        verdict_judge(&pipeline, &output, &report, &why))
        status = verdict_set_status(app, report.facts, method);
    else
        status = app_fail(app, &why);
    pipeline_close(&pipeline);
    return status;
}
