/* What check and scan make of one subject. */
#include <string.h>

#include "app/app_remedy.h"
#include "app/app_report.h"
#include "app/app_traffic.h"
#include "base/arena.h"
#include "explain/explain_stated.h"
#include "remedy/remedy.h"
#include "remedy/remedy_spoof.h"
#include "report/report_complete.h"
#include "report/report_outcome.h"
#include "report/report_summary.h"
#include "report/report_traffic.h"
#include "session/session.h"
#include "check/check.h"
#include "model/finding.h"
#include "model/traffic.h"
#include "report/report.h"

/* report_dismiss - mark what is ignored or known: nothing is to be done about it */
static void report_dismiss(const struct app *app, const struct report *report)
{
    for (struct finding *finding = report->findings; finding != NULL; finding = finding->next) {
        finding->is_dismissed = report_is_known(report, finding);
        for (size_t i = 0; i < app->options.ignored.count; i++)
            if (strcmp(finding->id, app->options.ignored.texts[i]) == 0)
                finding->is_dismissed = true;
    }
}

/* ignore_all - take out the findings of --ignore */
static void ignore_all(const struct app *app, struct report *report)
{
    for (size_t i = 0; i < app->options.ignored.count; i++)
        report_ignore(report, app->options.ignored.texts[i]);
}

void app_report_judge(struct app *app, const struct app_policies *policies,
                      struct report *report)
{
    ignore_all(app, report);
    app_policies_judge(app, policies, report);
    report_add_outcomes(app->arena, report);
    ignore_all(app, report);
    report->result = report_judge(report->facts, report->findings);
    report->spoof = remedy_spoof_judge(app->arena, report->facts);
    report->summary = report_summary_of(app->arena, report);
    if (report->facts->has_envelope)
        report->session = session_of(app->arena, report);
    if (report->ignored_count > 0)
        app_note(app,
                 arena_printf(app->arena, "%zu findings were ignored", report->ignored_count));
}

void app_report_complete(struct app *app, struct report *report)
{
    remedy_note_none(app->arena, report->facts, report->findings);
    report_complete(app->arena, report);
    report->stated = explain_stated(app->arena, report->facts, &report->stated_count);
}

bool app_report_open(struct app *app, struct report *report, struct err *why)
{
    return app->options.baseline == NULL ||
           report_read_baseline(app->arena, report, app->options.baseline, why);
}

bool app_report_make(struct app *app, struct app_policies *policies, struct report *report,
                     struct err *why)
{
    report->record_form = app->options.record_form;
    report->findings = check_run(app->arena, report->facts);
    report_dismiss(app, report);
    if (!app_remedy(app, report, why) ||
        !app_policies_add_parked(app, policies, report->facts, why))
        return false;
    app_report_judge(app, policies, report);
    app_policies_judge_remedies(app, policies, report);
    return true;
}

bool app_report(struct pipeline *pipeline, struct app_policies *policies, struct report *report,
                struct err *why)
{
    struct traffic *traffic = NULL;

    if (!app_report_open(pipeline->app, report, why) ||
        !app_traffic_open(pipeline, &traffic, why))
        return false;
    report->facts = pipeline_run(pipeline);
    if (!app_report_make(pipeline->app, policies, report, why))
        return false;
    if (traffic != NULL) {
        app_traffic_judge(pipeline, traffic, report->facts);
        report_add_traffic(pipeline->app->arena, report, traffic);
    }
    app_report_complete(pipeline->app, report);
    return true;
}
