/* serve: the local page. */
#include <string.h>
#include <unistd.h>

#include "app/app_options.h"
#include "app/app_run.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/span.h"
#include "engine/engine.h"
#include "web/web.h"

static const char listen_default[] = "127.0.0.1:8025";

/* absolute_spec - processes have another working folder: files by their whole path */
static const char *absolute_spec(struct arena *arena, const char *spec)
{
    static const char *const kinds[] = {"zone:", "snapshot:", "plan:"};
    struct span file = {0};
    struct span behind = {0};
    const char *path = NULL;

    for (size_t i = 0; i < COUNT_OF(kinds) && file.at == NULL; i++)
        if (span_starts_with(span_of(spec), kinds[i]))
            file = span_from(span_of(spec), strlen(kinds[i]));
    if (file.at == NULL)
        return spec;
    path = file_real_path(arena, arena_strdup_span(arena, file));
    if (path == NULL && span_find_last(file, '@') > 0) { /* zone:FILE@ORIGIN */
        behind = span_from(file, (size_t)span_find_last(file, '@'));
        path = file_real_path(
            arena, arena_strdup_span(arena, span_sub(file, 0, file.len - behind.len)));
    }
    if (path == NULL)
        return spec; /* each report says that it cannot be read */
    return arena_printf(arena, "%.*s%s%.*s", (int)(file.at - spec), spec, path, (int)behind.len,
                        behind.len > 0 ? behind.at : "");
}

/* add_words - options that every process gets */
static void add_words(struct app *app, struct web_options *options)
{
    const struct app_options *given = &app->options;
    const char **words = NULL;
    size_t count = 0;

    for (size_t i = 0; i < given->dns.count; i++) {
        arena_append(app->arena, words, count, "--dns");
        arena_append(app->arena, words, count, absolute_spec(app->arena, given->dns.texts[i]));
    }
    if (given->providers != NULL) {
        arena_append(app->arena, words, count, "--providers");
        arena_append(app->arena, words, count,
                     file_real_path(app->arena, given->providers) != NULL
                         ? file_real_path(app->arena, given->providers)
                         : given->providers);
    }
    if (!given->allows_https)
        arena_append(app->arena, words, count, "--no-https");
    options->words = words;
    options->word_count = count;
}

int cmd_serve(struct app *app)
{
    const struct app_options *given = &app->options;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    const struct app_list *listen = &given->sandbox.listen;
    struct web_options options = {
        .listen = listen->count > 0 ? listen->texts[listen->count - 1] : listen_default,
        .keep = given->keep,
        .user = given->run_as,
        .engines = given->engines == ENGINES_OFF  ? "--no-engines"
                   : given->engines == ENGINES_ON ? "--engines"
                                                  : NULL,
        .jobs = given->jobs > 0  ? given->jobs
                : processors > 0 ? (unsigned)processors
                                 : 1,
    };
    struct err why = {0};

    engine_close(app->engine); /* nothing is judged in this process */
    app->engine = NULL;
    add_words(app, &options);
    return web_run(&options, &why) ? STATUS_FINE : app_fail(app, &why);
}
