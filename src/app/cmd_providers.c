/* providers: who is known, or one with its names, steps and sources. */
#include <string.h>

#include "app/app_providers.h"
#include "app/app_run.h"
#include "base/err.h"
#include "base/escape.h"
#include "base/span.h"
#include "base/suggest.h"
#include "model/provider.h"
#include "policy/policy_provider.h"
#include "render/render_providers.h"
#include "render/render_view.h"

const struct provider_set *app_providers_open(struct app *app, struct err *why)
{
    if (app->options.providers == NULL)
        return &policy_providers;
    return policy_providers_load(app->arena, app->options.providers, &policy_providers, why);
}

/* cmd_providers_find - by name; NULL and `why`, with what was probably meant */
static const struct provider *cmd_providers_find(struct app *app,
                                                 const struct provider_set *set,
                                                 const char *name, struct err *why)
{
    const struct provider *provider = provider_find(set, name);
    struct suggest suggest = suggest_start(name);

    if (provider != NULL)
        return provider;
    for (size_t i = 0; i < set->count; i++)
        suggest_offer(&suggest, set->list[i].name);
    err_set_kind(why, ERR_USAGE, "no provider \"%s\"%s", escape_shown(app->arena, name),
                 suggest_hint(app->arena, &suggest, "; see mailassay providers"));
    return NULL;
}

int cmd_providers(struct app *app)
{
    struct err why = {0};
    const struct provider_set *set = app_providers_open(app, &why);
    struct render_providers shown = {.as_of = policy_providers_as_of};

    if (set == NULL)
        return app_fail(app, &why);
    shown.list = set->list;
    shown.count = set->count;
    if (app->line.argument_count > 0) {
        shown.list = cmd_providers_find(app, set, app->line.arguments[0], &why);
        shown.count = 1;
        shown.is_full = true;
    }
    if (shown.list == NULL || !app_output_check(app, VIEW_providers, &why))
        return app_fail(app, &why);
    return app_output(app, VIEW_providers, &shown, &why) ? STATUS_FINE : app_fail(app, &why);
}
