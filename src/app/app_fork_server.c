/* The options are read as those of check; each judgement reads them again, with its own. */
#include "app/app_fork_server.h"

#include <string.h>

#include "app/app_options.h"
#include "app/pipeline.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/file_write.h"
#include "base/limits.h"
#include "base/span.h"
#include "engine/engine.h"
#include "web/web_fork_server.h"

/* is_fresh - what was read is still what would be read, and what was started is there */
static bool is_fresh(void *ctx)
{
    const struct app *app = ctx;

    return file_are_as_taken() && (app->engine == NULL || engine_is_alive(app->engine));
}

/* run_judgement - in the child: the command line that is its input */
static int run_judgement(void *ctx)
{
    const struct app *server = ctx;
    struct app app = app_open();
    struct span rest = {0};
    struct span word = {0};
    struct err why = {0};
    char **words = NULL;
    size_t count = 0;

    app.held = server->held;
    app.engine = server->engine != NULL ? engine_share(server->engine) : NULL;
    app.engine_trouble = server->engine_trouble;
    file_save_passing();
    if (!file_load(app.arena, "-", LIMIT_STDIN_BYTES, &rest, &why))
        return STATUS_INTERNAL;
    while (rest.len > 0) {
        word = span_cut(&rest, '\0');
        arena_append(app.arena, words, count, arena_strdup_span(app.arena, word));
    }
    arena_append(app.arena, words, count, NULL);
    return app_run_words(&app, words);
}

/* read_common_options - of every judgement; the rest of the command line is not known yet */
static bool read_common_options(struct app *app, char **words)
{
    static char command[] = "check";
    static char subject[] = "example.com";
    char **all = NULL;
    size_t count = 0;
    struct err why = {0};

    arena_append(app->arena, all, count, command);
    for (; *words != NULL; words++)
        arena_append(app->arena, all, count, *words);
    arena_append(app->arena, all, count, subject);
    arena_append(app->arena, all, count, NULL);
    return app_options_read(&app->options, all, &app->line, &why);
}

int app_fork_server(struct app *app, char **words)
{
    const struct web_fork_work work = {is_fresh, run_judgement, app};
    struct err why = {0};
    int status = STATUS_FINE;

    app->engine = engine_open_to_share(&why);
    if (app->engine == NULL)
        app->engine_trouble = arena_strdup(app->arena, why.text);
    if (read_common_options(app, words))
        pipeline_hold_files(app);
    status = web_fork_server_main(&work);
    pipeline_release(app);
    engine_close(app->engine);
    return status;
}
