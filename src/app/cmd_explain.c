/* explain: what came back instead of a delivery, in words, and whether it is still so. */
#include <string.h>

#include "app/app_explain.h"
#include "app/app_options.h"
#include "app/app_report.h"
#include "app/app_reports.h"
#include "app/app_run.h"
#include "app/pipeline.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/escape.h"
#include "base/span.h"
#include "explain/explain.h"
#include "explain/explain_input.h"
#include "issue/issue.h"
#include "mail/mail_message.h"
#include "model/bounce.h"
#include "model/explain.h"
#include "model/feedback.h"
#include "model/issue.h"
#include "render/render_view.h"

/* explain_message - an ordinary message: judged as check does */
static int explain_message(struct app *app, const struct explain_input *explain)
{
    struct pipeline_request request = {
        .message = explain->message,
        .has_engines = true,
        .has_envelope = true,
    };

    if (strcmp(explain->message, "-") == 0)
        request.parsed = mail_message_parse(app->arena, explain->bytes);
    return app_check(app, &request);
}

/* ---- reports of receivers ---- */

/* explain_report_form - "a DMARC aggregate report of Example about shop.example: 12 messages"
 */
static const char *explain_report_form(struct app *app, const struct feedback_set *set)
{
    const struct feedback_report *report = set->reports;

    if (report == NULL)
        return arena_printf(app->arena, "an SMTP TLS report of %s (RFC 8460)",
                            escape_shown(app->arena, set->tls->reporter));
    return arena_printf(app->arena, "a DMARC aggregate report of %s about %s: %llu messages",
                        escape_shown(app->arena, report->reporter),
                        escape_shown(app->arena, report->policy.domain),
                        (unsigned long long)report->messages);
}

/* explain_issues - the list for CI */
static const struct report_issues *explain_issues(struct app *app, const struct explain *out,
                                                  const char *path)
{
    struct report_issues *issues =
        report_issues_open(app->arena, "explain", out->now, app->options.threshold);

    issue_add_refusals(issues, out, path);
    return issues;
}

/* explain_unchecked - with --no-check: what it is, and nothing asked */
static int explain_unchecked(struct app *app, const struct feedback_set *set)
{
    struct explain out = {
        .kind = set->reports != NULL ? BOUNCE_AGGREGATE : BOUNCE_TLS,
        .form = explain_report_form(app, set),
        .now = app_options_now(&app->options),
    };
    struct err why = {0};

    out.issues = explain_issues(app, &out, app->line.arguments[0]);
    return app_output(app, VIEW_explain, &out, &why) ? STATUS_FINE : app_fail(app, &why);
}

/* explain_judged - reports, judged again */
static int explain_judged(struct app *app, struct feedback_set *set)
{
    if (app->options.has_no_check && (set->reports != NULL || set->tls != NULL))
        return explain_unchecked(app, set);
    return app_reports_explain(app, set);
}

/* explain_reports - those of receivers in what was read as one thing; NULL: none */
static struct feedback_set *explain_reports(struct app *app,
                                            const struct explain_input *explain)
{
    struct feedback_set *set = NULL;

    if (explain->bytes.len == 0)
        return NULL;
    set = app_reports_of_bytes(app, explain->path, explain->bytes);
    return explain->out.kind == BOUNCE_AGGREGATE || explain->out.kind == BOUNCE_TLS ||
                   set->report_count + set->tls_count > 0
               ? set
               : NULL;
}

/* explain_reason - of a status that is not 0 */
static const char *explain_reason(int status)
{
    if (status == STATUS_FINDINGS)
        return "the sender, or whoever runs the sending server, has to act";
    return status == STATUS_UNDETERMINED
               ? "it is not known what the cause is, or whether it still applies"
               : NULL;
}

int cmd_explain(struct app *app)
{
    struct feedback_set *reports =
        app->line.argument_count == 1 ? app_reports_find(app, app->line.arguments[0]) : NULL;
    struct explain_input explain = {.arena = app->arena};
    struct err why = {0};
    int status = STATUS_FINE;

    if (reports != NULL) {
        const char *rest = explain_input_rest(app->arena, app->line.arguments[0]);

        if (rest != NULL)
            app_notice(app, rest);
        return explain_judged(app, reports);
    }
    if (!app_output_check(app, VIEW_explain, &why) ||
        !explain_input_read(&explain, app->line.arguments, app->line.argument_count, &why))
        return app_fail(app, &why);
    reports = explain_reports(app, &explain);
    if (reports != NULL)
        return explain_judged(app, reports);
    if (explain.message != NULL)
        return explain_message(app, &explain);
    if (!app_explain_check(app, &explain, &why))
        return app_fail(app, &why);
    explain.out.issues = explain_issues(app, &explain.out, explain.path);
    if (!app_output(app, VIEW_explain, &explain.out, &why))
        return app_fail(app, &why);
    status = explain_status_of_all(&explain.out);
    app->reason = explain.out.kind == BOUNCE_NOTHING
                      ? "no bounce, reply, log or report found in the input"
                      : explain_reason(status);
    return status;
}
