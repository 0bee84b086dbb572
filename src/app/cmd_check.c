/* check: audit a domain, judge a message, say what to do. */
#include <string.h>

#include "app/app_policies.h"
#include "app/app_remedy.h"
#include "app/app_what_if.h"
#include "app/pipeline.h"

/* render - one output; what app_output() calls */
static void render(void *ctx, const struct render_format *format,
                   const struct report_options *options, struct sbuf *out)
{
    format->render(ctx, options, out);
}

/* excuse - mark what is ignored or known: nothing is to be done about it */
static void excuse(const struct app *app, const struct report *report)
{
    for (struct finding *finding = report->findings; finding != NULL; finding = finding->next) {
        finding->is_excused = report_is_known(report, finding);
        for (size_t i = 0; i < app->options.ignored.count; i++)
            if (strcmp(finding->id, app->options.ignored.texts[i]) == 0)
                finding->is_excused = true;
    }
}

/* make_report - findings without those that are ignored, and the result */
static bool make_report(struct app *app, struct report *report, const struct facts *facts,
                        struct err *why)
{
    report->facts = facts;
    report->record_form = app->options.record_form;
    report->findings = check_run(app->arena, facts);
    excuse(app, report);
    if (!app_remedy(app, report, why))
        return false;
    for (size_t i = 0; i < app->options.ignored.count; i++)
        report_ignore(report, app->options.ignored.texts[i]);
    report->result = report_judge(facts, report->findings);
    if (report->ignored_count > 0)
        app_note(app, arena_printf(app->arena, "%zu findings were ignored",
                                   report->ignored_count));
    return true;
}

/* judge - gather, save, report */
static bool judge(struct pipeline *pipeline, struct app_policies *policies,
                  struct report *report, struct err *why)
{
    struct app *app = pipeline->app;

    if (app->options.baseline != NULL &&
        !report_read_baseline(app->arena, report, app->options.baseline, why))
        return false;
    if (!make_report(app, report, pipeline_run(pipeline), why) ||
        !app_policies_add_parked(app, policies, report->facts, why))
        return false;
    app_policies_judge(app, policies, report);
    app_policies_judge_remedies(app, policies, report);
    app_what_if(pipeline, report);
    return pipeline_save(pipeline, app->options.save_snapshot, why) &&
           app_output(app, render, report, why);
}

int cmd_check(struct app *app)
{
    const struct pipeline_request request = {
        .domain = app->line.arguments[0],
        .message = app->line.argument_count > 1 ? app->line.arguments[1] : NULL,
        .has_engines = true,
        .has_envelope = app->line.argument_count > 1,
    };
    enum report_threshold threshold = app->options.threshold;
    struct pipeline pipeline = {0};
    struct app_policies policies = {NULL, 0};
    struct report report = {0};
    struct err why = {0};
    int status = STATUS_FINE;

    /* policies are read while the process behind the libraries gets ready */
    if (app_output_check(app, &why) && pipeline_open(&pipeline, app, &request, &why) &&
        app_policies_open(app, &policies, &why) &&
        judge(&pipeline, &policies, &report, &why)) {
        status = report_exit_status(&report, threshold);
        app->reason = report_exit_reason(app->arena, &report, threshold);
    } else {
        status = app_fail(app, &why);
    }
    pipeline_close(&pipeline);
    return status;
}
