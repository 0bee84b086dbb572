/* What check and scan make of one subject. */
#include <string.h>

#include "app/app_remedy.h"
#include "app/app_report.h"

/* report_excuse - mark what is ignored or known: nothing is to be done about it */
static void report_excuse(const struct app *app, const struct report *report)
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
    report_excuse(app, report);
    if (!app_remedy(app, report, why))
        return false;
    for (size_t i = 0; i < app->options.ignored.count; i++)
        report_ignore(report, app->options.ignored.texts[i]);
    report->result = report_judge(facts, report->findings);
    if (report->ignored_count > 0)
        app_note(app,
                 arena_printf(app->arena, "%zu findings were ignored", report->ignored_count));
    return true;
}

bool app_report(struct pipeline *pipeline, struct app_policies *policies, struct report *report,
                struct err *why)
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
    return true;
}
