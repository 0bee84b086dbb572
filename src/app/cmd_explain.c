/* explain: what came back instead of a delivery, in words, and whether it is still so. */
#include <string.h>

#include "app/app_explain.h"
#include "app/app_report.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/limits.h"
#include "feedback/feedback.h"

/* explain_message - an ordinary message: judged as check does */
static int explain_message(struct app *app, const struct app_explain *explain)
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
        return arena_printf(
            app->arena, "an SMTP TLS report of %s (RFC 8460)",
            escape_to_text(app->arena, span_of(set->tls->reporter), LIMIT_SHOWN_BYTES));
    return arena_printf(
        app->arena, "a DMARC aggregate report of %s about %s: %llu messages",
        escape_to_text(app->arena, span_of(report->reporter), LIMIT_SHOWN_BYTES),
        escape_to_text(app->arena, span_of(report->policy.domain), LIMIT_SHOWN_BYTES),
        (unsigned long long)report->messages);
}

/* explain_report - reports of receivers: what check --reports makes of them, for the domain of
 * the first one */
static int explain_report(struct app *app, struct app_explain *explain)
{
    struct feedback_set *set = feedback_open(app->arena);
    struct pipeline_request request = {.has_engines = false};
    struct err why = {0};
    int status = STATUS_FINE;

    if (strcmp(explain->path, "-") == 0)
        err_set(&why, "give a report of a receiver as a file: mailassay explain FILE");
    else if (feedback_add_path(set, explain->path, &why) && set->reports == NULL &&
             set->tls == NULL)
        err_set(&why, "%s: holds no report of a receiver that can be read", explain->path);
    if (why.text[0] != '\0') {
        status = app_fail(app, &why);
    } else if (app->options.has_no_check || set->reports == NULL) {
        explain->out.form = explain_report_form(app, set);
        explain->out.now = app->options.has_now ? app->options.now : clock_wall();
        if (!app_output(app, VIEW_explain, &explain->out, &why))
            status = app_fail(app, &why);
    } else {
        request.domain = set->reports->policy.domain;
        arena_append(app->arena, app->options.reports.texts, app->options.reports.count,
                     explain->path);
        status = app_check(app, &request);
    }
    return status;
}

/* explain_reason - of a status that is not 0 */
static const char *explain_reason(int status)
{
    if (status == STATUS_FINDINGS)
        return "the sender, or whoever runs the sending server, has to act";
    return status == STATUS_UNDETERMINED ? "the cause, or whether it is still so, is not known"
                                         : NULL;
}

int cmd_explain(struct app *app)
{
    struct app_explain explain;
    struct err why = {0};
    int status = STATUS_FINE;

    if (!app_output_check(app, VIEW_explain, &why) || !app_explain_read(app, &explain, &why))
        return app_fail(app, &why);
    if (explain.out.kind == BOUNCE_AGGREGATE || explain.out.kind == BOUNCE_TLS)
        return explain_report(app, &explain);
    if (explain.message != NULL)
        return explain_message(app, &explain);
    if (!app_explain_check(&explain, &why) ||
        !app_output(app, VIEW_explain, &explain.out, &why))
        return app_fail(app, &why);
    status = explain_status_of_all(&explain.out);
    app->reason = explain_reason(status);
    return status;
}
