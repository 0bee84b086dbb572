/* codes: every reply code with its meanings, or a reply explained. */
#include <string.h>
#include <sys/stat.h>

#include "app/app_hint.h"
#include "app/app_run.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/escape.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/limits_bounce.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "bounce/bounce.h"
#include "model/bounce.h"
#include "model/reply_class.h"
#include "model/reply_phrase.h"
#include "render/render_codes.h"
#include "render/render_view.h"
#include "reply/reply_class.h"

/* codes_read_text - standard input, or the arguments with blanks between: no quotes needed */
static bool codes_read_text(struct app *app, struct span *text_out, struct err *why)
{
    struct sbuf text = sbuf_start(app->arena);

    if (app->line.argument_count == 1 && strcmp(app->line.arguments[0], "-") == 0)
        return file_load(app->arena, "-", LIMIT_REPLY_BYTES, text_out, why);
    for (size_t i = 0; i < app->line.argument_count; i++)
        sbuf_addf(&text, "%s%s", i > 0 ? " " : "", app->line.arguments[i]);
    *text_out = span_sub(sbuf_span(&text), 0, LIMIT_REPLY_BYTES);
    return true;
}

/* codes_is_file - the argument names a file: words of its name are not a reply */
static bool codes_is_file(const struct app *app)
{
    const char *name = app->line.arguments[0];
    struct stat status = {0};

    return app->line.argument_count == 1 && !ascii_is_digit(name[0]) &&
           strcmp(name, "-") != 0 && stat(name, &status) == 0 && S_ISREG(status.st_mode);
}

/* codes_classify - each reply of a text; false: about none of them anything is known */
static bool codes_classify(struct app *app, struct span text, struct codes_view *view,
                           struct err *why)
{
    size_t count = 0;
    const struct span *replies = reply_input_split(app->arena, text, &count);
    bool is_known = false;

    for (size_t i = 0; i < count; i++) {
        struct reply_input input;
        const struct reply_class *class = NULL;

        reply_input_read(app->arena, replies[i], &input);
        class = reply_classify(app->arena, &input);
        is_known = is_known || class->evidence != REPLY_BY_NOTHING;
        arena_append(app->arena, view->classes, view->count, class);
    }
    if (!is_known || codes_is_file(app)) {
        err_set_kind(why, ERR_USAGE,
                     "\"%s\" is not a reply code like 550, an enhanced code like 5.7.1, or a "
                     "known provider code or text",
                     escape_to_text(app->arena, text, LIMIT_SHOWN_BYTES));
        if (strcmp(app->line.arguments[0], "-") == 0)
            app_hint_add_bytes(app, text, why);
        else
            app_hint_add(app, app->line.arguments[0], why);
        return false;
    }
    return true;
}

/* codes_hint - a whole report came through standard input */
static void codes_hint(struct app *app, struct span text)
{
    enum bounce_kind kind = bounce_kind_of(app->arena, span_sub(text, 0, LIMIT_BOUNCE_HEAD));
    const char *hint = NULL;

    if (kind == BOUNCE_MESSAGE || kind == BOUNCE_EVENT || kind == BOUNCE_LOG ||
        kind == BOUNCE_TLS || kind == BOUNCE_AGGREGATE)
        hint = app_hint_of(app, text, "-");
    if (hint != NULL)
        app_notice(app, hint);
}

int cmd_codes(struct app *app)
{
    struct codes_view view = {0};
    bool is_asked = app->line.argument_count > 0;
    struct span text = {0};
    struct err why = {0};

    if (is_asked &&
        (!codes_read_text(app, &text, &why) || !codes_classify(app, text, &view, &why)))
        return app_fail(app, &why);
    if (is_asked)
        codes_hint(app, text);
    if (app_output_check(app, VIEW_codes, &why) && app_output(app, VIEW_codes, &view, &why))
        return STATUS_FINE;
    return app_fail(app, &why);
}
