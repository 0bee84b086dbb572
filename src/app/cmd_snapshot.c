/* snapshot: everything check would ask, written down. */
#include "app/app_options.h"
#include "app/app_run.h"
#include "app/pipeline.h"
#include "base/arena.h"
#include "base/err.h"
#include "model/facts.h"

/* cmd_snapshot_record - ask and save; the questions are those of check, so the gathering is
 * too */
static bool cmd_snapshot_record(struct app *app, struct pipeline *pipeline, struct err *why)
{
    const char *path = app->options.outputs.texts[0];
    const struct facts *facts = pipeline_run(pipeline);

    app_note(app, arena_printf(app->arena, "%zu queries in %u rounds", facts->questions,
                               facts->rounds));
    return pipeline_save(pipeline, path, why) &&
           pipeline_save(pipeline, app->options.save_snapshot, why);
}

int cmd_snapshot(struct app *app)
{
    const struct pipeline_request request = {
        .domain = app->line.arguments[0],
        .message = app_line_argument(&app->line, 1),
        .has_engines = true,
        .has_envelope = app->line.argument_count > 1,
    };
    struct pipeline pipeline = {0};
    struct err why = {0};
    int status = STATUS_FINE;

    if (app->options.outputs.count != 1) {
        err_set_kind(&why, ERR_USAGE, "snapshot needs one file to write: -o FILE");
        return app_fail(app, &why);
    }
    if (!pipeline_open(&pipeline, app, &request, &why) ||
        !cmd_snapshot_record(app, &pipeline, &why))
        status = app_fail(app, &why);
    pipeline_close(&pipeline);
    return status;
}
