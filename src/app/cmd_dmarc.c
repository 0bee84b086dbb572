/* dmarc: the policy of a domain, or the verdict on a message. */
#include "app/app_options.h"
#include "app/app_run.h"
#include "app/app_verdict.h"
#include "app/pipeline.h"
#include "model/report.h"

int cmd_dmarc(struct app *app)
{
    const struct pipeline_request request = {
        .domain = app->line.arguments[0],
        .message = app_line_argument(&app->line, 1),
        .is_verdict_only = true,
        .has_policy = app->line.argument_count == 1,
    };

    return app_verdict(app, &request, REPORT_DMARC);
}
