/* codes: every reply code with its meanings, or one explained. */
#include <string.h>

#include "app/app_run.h"
#include "base/escape.h"
#include "base/limits.h"
#include "render/render_codes.h"
#include "render/render_format.h"

/* cmd_codes_render - one output; what app_output() calls */
static void cmd_codes_render(void *ctx, const struct render_format *format,
                             const struct report_options *options, struct sbuf *out)
{
    if (strcmp(format->name, "json") == 0)
        render_codes_json(ctx, out);
    else
        render_codes_text(ctx, options, out);
}

/* cmd_codes_joined - the arguments with blanks between: 550 5.7.1 needs no quotes */
static struct span cmd_codes_joined(struct app *app)
{
    struct sbuf text = sbuf_start(app->arena);

    for (size_t i = 0; i < app->line.argument_count; i++)
        sbuf_addf(&text, "%s%s", i > 0 ? " " : "", app->line.arguments[i]);
    return sbuf_span(&text);
}

/* cmd_codes_read_query - what is asked about. One argument may be a whole reply out of a
 * log; what stands alone behind the code must mean something by itself. */
static bool cmd_codes_read_query(struct app *app, struct reply_code_query *query_out,
                                 struct err *why)
{
    const struct span text = cmd_codes_joined(app);
    struct reply_code_query second = {0};

    if (app->line.argument_count > 1) {
        const struct span word = span_of(app->line.arguments[1]);

        if (!reply_code_query_parse(word, &second) || second.reply != 0) {
            err_set_kind(
                why, ERR_USAGE,
                "\"%s\" behind \"%s\" is neither an enhanced code like 5.7.1, nor a "
                "mark known here",
                escape_to_text(app->arena, word, LIMIT_SHOWN_BYTES),
                escape_to_text(app->arena, span_of(app->line.arguments[0]), LIMIT_SHOWN_BYTES));
            return false;
        }
    }
    if (reply_code_query_parse(text, query_out))
        return true;
    err_set_kind(why, ERR_USAGE,
                 "\"%s\" is neither a reply code like 550, nor an enhanced code like 5.7.1, "
                 "nor a mark known here",
                 escape_to_text(app->arena, text, LIMIT_SHOWN_BYTES));
    return false;
}

int cmd_codes(struct app *app)
{
    struct reply_code_query query = {0};
    bool is_one = app->line.argument_count > 0;
    struct err why = {0};

    if (is_one && !cmd_codes_read_query(app, &query, &why))
        return app_fail(app, &why);
    if (app_output_check(app, &why) &&
        app_output(app, cmd_codes_render, is_one ? &query : NULL, &why))
        return STATUS_FINE;
    return app_fail(app, &why);
}
