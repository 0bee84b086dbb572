/* diff: the comparison of gate without judgement; the status is that of diff(1). */
#include "app/app_gate.h"

#define STATUS_SAME    0
#define STATUS_DIFFERS 1
#define STATUS_TROUBLE 2

/* open_diff - losses that the files accept differ all the same */
static bool open_diff(struct app_gate *gate, struct app *app, struct err *why)
{
    if (!app_gate_open(gate, app, VIEW_diff, why))
        return false;
    gate->accepts.count = 0;
    return true;
}

int cmd_diff(struct app *app)
{
    struct app_options *options = &app->options;
    struct app_gate gate = {.app = app};
    struct err why = {0};
    int status = STATUS_SAME;

    arena_append(app->arena, options->old_worlds.texts, options->old_worlds.count,
                 app->line.arguments[0]);
    arena_append(app->arena, options->new_worlds.texts, options->new_worlds.count,
                 app->line.arguments[1]);
    if (open_diff(&gate, app, &why) && app_gate_run(&gate, &why) &&
        app_gate_write(&gate, &why)) {
        status = gate.shown.sum.changed > 0 ? STATUS_DIFFERS : STATUS_SAME;
        if (status == STATUS_SAME && gate.shown.sum.undetermined > 0) {
            status = STATUS_TROUBLE;
            app->reason = "some of it could not be determined";
        }
    } else {
        app_fail(app, &why);
        status = STATUS_TROUBLE;
    }
    app_gate_close(&gate);
    return status;
}
