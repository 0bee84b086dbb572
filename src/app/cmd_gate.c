/* gate: what a change of DNS breaks, before it is published. */
#include "app/app_gate.h"
#include "app/app_options.h"
#include "app/app_run.h"
#include "base/arena.h"
#include "base/err.h"
#include "render/render_view.h"

/* gate_reason - why the status is not 0 */
static const char *gate_reason(const struct app_gate *gate)
{
    static const char *const words[] = {"error", "warning", "notice"};
    struct arena *arena = gate->app->arena;

    if (gate->counting > 0)
        return arena_printf(
            arena, "%zu %s of severity %s or above in %zu of %zu domains", gate->counting,
            gate->counting == 1 ? "loss or new finding" : "losses or new findings",
            words[gate->app->options.threshold], gate->shown.sum.failing,
            gate->shown.sum.subjects);
    return arena_printf(arena, "%zu of %zu domains could not be determined",
                        gate->shown.sum.undetermined, gate->shown.sum.subjects);
}

/* gate_status - of the run; 1 wins over 3 */
static int gate_status(const struct app_gate *gate)
{
    const struct app_options *options = &gate->app->options;

    if (gate->counting > 0)
        return STATUS_FINDINGS;
    if (gate->shown.sum.undetermined > 0 && !options->allows_undetermined)
        return STATUS_UNDETERMINED;
    return STATUS_FINE;
}

/* take_arguments - what is proposed: arguments, and the values of --new */
static bool take_arguments(struct app *app, struct err *why)
{
    struct app_list *worlds = &app->options.new_worlds;

    for (size_t i = 0; i < app->line.argument_count; i++)
        arena_append(app->arena, worlds->texts, worlds->count, app->line.arguments[i]);
    if (worlds->count > 0)
        return true;
    err_set_kind(why, ERR_USAGE,
                 "gate: no proposed version given: name a zone file, a folder of zone files, "
                 "or --new live");
    return false;
}

int cmd_gate(struct app *app)
{
    struct app_gate gate = {.app = app};
    struct err why = {0};
    int status = STATUS_FINE;

    if (take_arguments(app, &why) && app_gate_open(&gate, app, VIEW_gate, &why) &&
        app_gate_run(&gate, &why) && app_gate_write(&gate, &why)) {
        status = gate_status(&gate);
        app->reason = status != STATUS_FINE ? gate_reason(&gate) : NULL;
    } else {
        status = app_fail(app, &why);
    }
    app_gate_close(&gate);
    return status;
}
