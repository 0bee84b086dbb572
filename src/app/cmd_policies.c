/* policies: which there are, or one with its rules, dates and sources. */
#include <string.h>

#include "app/app_options.h"
#include "app/app_policies.h"
#include "app/app_run.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "model/policy.h"
#include "render/render_policies.h"
#include "policy/policy.h"
#include "render/render_view.h"

/* cmd_policies_open_all - everything that is built in */
static bool cmd_policies_open_all(struct app *app, struct app_policies *policies,
                                  struct err *why)
{
    for (size_t i = 0; i < policy_builtin_count(); i++) {
        const struct policy *policy = policy_open(app->arena, policy_builtin_name(i), why);

        if (policy == NULL)
            return false;
        arena_append(app->arena, policies->list, policies->count, policy);
    }
    return true;
}

int cmd_policies(struct app *app)
{
    struct app_policies policies = {NULL, 0};
    const struct app_options *options = &app->options;
    struct render_policies shown = {.is_full = app->line.argument_count > 0,
                                    .is_stale_only = options->has_stale,
                                    .today = clock_day(app_options_now(options)),
                                    .stale_days = options->has_stale ? options->stale_days
                                                                     : POLICY_STALE_DAYS};
    struct err why = {0};
    bool is_open = false;

    if (shown.is_full) {
        app->options.policies =
            (struct app_list){(const char **)app->line.arguments, app->line.argument_count};
        is_open = app_policies_open(app, &policies, &why);
    } else {
        is_open = cmd_policies_open_all(app, &policies, &why);
    }
    if (!is_open || !app_output_check(app, VIEW_policies, &why))
        return app_fail(app, &why);
    shown.list = policies.list;
    shown.count = policies.count;
    return app_output(app, VIEW_policies, &shown, &why) ? STATUS_FINE : app_fail(app, &why);
}
