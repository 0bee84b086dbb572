/* diff: the comparison of gate without judgement; the status is that of diff(1). */
#include "app/app_gate.h"
#include "app/app_options.h"
#include "app/app_run.h"
#include "app/app_stored.h"
#include "base/arena.h"
#include "base/err.h"
#include "model/gate.h"
#include "render/render_gate.h"
#include "render/render_view.h"

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

/* diff_stored - of two reports; what they say, not what DNS says */
static int diff_stored(struct app *app)
{
    const struct report_accepts none = {0};
    struct render_gate shown = {.accepts = &none};
    struct err why = {0};
    int status = STATUS_TROUBLE;

    if (app_output_check(app, VIEW_diff, &why) &&
        app_stored_diff(app, app->line.arguments, &shown, &why) &&
        app_output(app, VIEW_diff, &shown, &why))
        status = shown.sum.changed > 0 ? STATUS_DIFFERS : STATUS_SAME;
    else
        app_fail(app, &why);
    json_decref(shown.subjects);
    return status;
}

int cmd_diff(struct app *app)
{
    bool are_stored[2] = {app_stored_is(app->arena, app->line.arguments[0]),
                          app_stored_is(app->arena, app->line.arguments[1])};
    struct app_options *options = &app->options;
    struct app_gate gate = {.app = app};
    struct err why = {0};
    int status = STATUS_SAME;

    if (are_stored[0] && are_stored[1])
        return diff_stored(app);
    if (are_stored[0] || are_stored[1]) {
        err_set(&why, "%s is a stored report: compare it with another one",
                app->line.arguments[are_stored[0] ? 0 : 1]);
        app_fail(app, &why);
        return STATUS_TROUBLE;
    }
    arena_append(app->arena, options->old_worlds.texts, options->old_worlds.count,
                 app->line.arguments[0]);
    arena_append(app->arena, options->new_worlds.texts, options->new_worlds.count,
                 app->line.arguments[1]);
    if (open_diff(&gate, app, &why) && app_gate_run(&gate, &why) &&
        app_gate_write(&gate, &why)) {
        status = gate.shown.sum.changed > 0 ? STATUS_DIFFERS : STATUS_SAME;
        if (status == STATUS_SAME && gate.shown.sum.undetermined > 0) {
            status = STATUS_TROUBLE;
            app->reason = "some of the comparison could not be determined";
        }
    } else {
        app_fail(app, &why);
        status = STATUS_TROUBLE;
    }
    app_gate_close(&gate);
    return status;
}
