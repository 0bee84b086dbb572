/* The handle: with a fork server of its own, or a share of another one. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/limits_serve.h"
#include "engine/engine_library.h"
#include "engine/engine_private.h"

/* engine_make - without a fork server */
static struct engine *engine_make(void)
{
    struct arena *arena = arena_open();
    struct engine *engine = arena_new_of(arena, struct engine);

    engine->arena = arena;
    engine->scratch = arena_open();
    engine->control = -1;
    engine->ready_control = -1;
    engine->wait_ms = LIMIT_CHILD_WAIT_MS * ENGINE_SLOWNESS;
    return engine;
}

/* open_for - with a fork server for so many subjects at once */
static struct engine *open_for(size_t subjects, struct err *why)
{
    struct engine *engine = engine_make();

    if (engine_fork_server_start(engine, subjects * LIMIT_CHILDREN))
        return engine;
    err_set_kind(why, ERR_INTERNAL, "the libraries' process: cannot be started: %s",
                 strerror(errno));
    engine_close(engine);
    return NULL;
}

struct engine *engine_open(struct err *why)
{
    return open_for(1, why);
}

struct engine *engine_open_to_share(struct err *why)
{
    engine_fork_server_prepare();
    return open_for(LIMIT_JOBS, why);
}

struct engine *engine_share(const struct engine *engine)
{
    struct engine *shared = engine_make();

    shared->fork_server = engine->fork_server;
    shared->control = engine->control;
    shared->is_shared = true;
    return shared;
}

bool engine_is_alive(const struct engine *engine)
{
    return engine->fork_server != 0 && waitpid(engine->fork_server, NULL, WNOHANG) == 0;
}

void engine_finish(struct engine *engine)
{
    if (engine != NULL && engine->fork_server != 0 && !engine->is_shared)
        (void)kill(engine->fork_server, SIGKILL);
    if (engine != NULL && engine->ready != 0)
        (void)kill(engine->ready, SIGKILL);
}

void engine_close(struct engine *engine)
{
    if (engine == NULL)
        return;
    engine_fork_server_stop(engine);
    engine_ready_stop(engine);
    arena_close(engine->scratch);
    arena_close(engine->arena);
}

void engine_expect_one(struct engine *engine)
{
    if (!engine->is_shared && engine->ready == 0)
        engine_ready_start(engine);
}

void engine_expect(struct engine *engine, enum engine_library library)
{
    static const enum engine_kind kinds[] = {
        [ENGINE_LIBSPF2] = ENGINE_KIND_SPF,
        [ENGINE_LIBOPENDKIM] = ENGINE_KIND_DKIM,
        [ENGINE_LIBOPENDMARC] = ENGINE_KIND_DMARC,
    };

    engine_talk_announce(engine, kinds[library], "");
}

void engine_expect_dmarc(struct engine *engine, const struct engine_dmarc *dmarc)
{
    char labels[ENGINE_LABELS_ROOM];

    engine_suffixes_labels(dmarc, labels);
    engine_talk_announce(engine, ENGINE_KIND_DMARC, labels);
}
