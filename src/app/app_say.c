/* What is said on standard error: failures and notes. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/app_run.h"
#include "base/arena.h"
#include "base/err.h"
#include "render/render_format.h"
#include "base/sbuf.h"
#include "base/span.h"

void app_say(const struct app *app, const char *prefix, const char *text)
{
    struct sbuf shown = sbuf_start(app->arena);
    struct span rest = span_of(text);

    while (rest.at != NULL)
        sbuf_addf(
            &shown, "mailassay: %s%s\n", prefix,
            render_safe(app->arena, arena_strdup_span(app->arena, span_cut(&rest, '\n'))));
    fputs(sbuf_text(&shown), stderr);
}

int app_fail(struct app *app, const struct err *why)
{
    app->reason = arena_strdup(app->arena, why->text);
    switch (why->kind) {
    case ERR_USAGE:
        return STATUS_USAGE;
    case ERR_INPUT:
        return STATUS_INPUT;
    case ERR_NONE:
    case ERR_INTERNAL:
        break;
    }
    return STATUS_INTERNAL;
}

void app_note(const struct app *app, const char *text)
{
    if (app->options.is_verbose)
        app_say(app, "note: ", text);
}

void app_notice(const struct app *app, const char *text)
{
    if (!app->options.is_quiet)
        app_say(app, "notice: ", text);
}

void app_notices(const struct app *app, const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        app_notice(app, texts[i]);
}
