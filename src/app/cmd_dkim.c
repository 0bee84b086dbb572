/* dkim: the signatures of one message. */
#include "app/app_run.h"
#include "app/app_verdict.h"
#include "app/pipeline.h"
#include "model/report.h"

int cmd_dkim(struct app *app)
{
    const struct pipeline_request request = {
        .message = app->line.argument_count > 0 ? app->line.arguments[0] : "-",
        .is_verdict_only = true,
    };

    return app_verdict(app, &request, REPORT_DKIM);
}
