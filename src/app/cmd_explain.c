/* explain: what came back instead of a delivery, in words, and whether it is still so. */
#include <string.h>

#include "app/app_explain.h"
#include "app/app_report.h"

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

/* explain_unread - kinds that have a reader of their own; 0: none of them */
static int explain_unread(struct app *app, enum bounce_kind kind)
{
    struct err why = {0};

    if (kind == BOUNCE_AGGREGATE)
        err_set(&why,
                "this is a DMARC aggregate report, or a packed file; explain reads bounces, "
                "replies, logs and events");
    else if (kind == BOUNCE_TLS)
        err_set(&why, "this is an SMTP TLS report (RFC 8460); explain reads bounces, replies, "
                      "logs and events");
    else
        return STATUS_FINE;
    return app_fail(app, &why);
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
    status = explain_unread(app, explain.out.kind);
    if (status != STATUS_FINE)
        return status;
    if (explain.message != NULL)
        return explain_message(app, &explain);
    if (!app_explain_check(&explain, &why) ||
        !app_output(app, VIEW_explain, &explain.out, &why))
        return app_fail(app, &why);
    status = explain_status_of_all(&explain.out);
    app->reason = explain_reason(status);
    return status;
}
