/*
 * NAME
 *     engine_fixture - an engine, a ledger and a world for the engine's tests
 * DESCRIPTION
 *     judge() repeats engine_judge() and fills the ledger from the world until
 *     nothing is pending, as gather/ does. One engine serves all tests of a program.
 */
#ifndef TEST_ENGINE_FIXTURE_H
#define TEST_ENGINE_FIXTURE_H

#include "libraries.h"
#include "unit.h"
#include "world.h"

#include "engine/engine_private.h"

#define NOW 1764000000 /* 2025-11-24T16:00:00Z */

struct fixture {
    struct arena *arena;
    struct ledger *ledger;
    struct source *world;
    struct engine *engine;
    const struct engine_request *request;
    const struct engine_verdict *verdicts;
    size_t count;
    unsigned passes;
};

static struct engine *shared_engine;

/* open_engine, close_engine - once a program */
static inline int open_engine(void **state)
{
    struct err why = {.kind = ERR_NONE};

    (void)state;
    shared_engine = engine_open(&why);
    return shared_engine == NULL;
}

static inline int close_engine(void **state)
{
    (void)state;
    engine_close(shared_engine);
    return 0;
}

static inline struct fixture fixture_open(const char *world)
{
    struct fixture fixture = {.arena = arena_open(), .engine = shared_engine};

    fixture.ledger = ledger_open(fixture.arena);
    fixture.world = world_source(fixture.arena, world);
    return fixture;
}

static inline bool fixture_pass(void *ctx)
{
    struct fixture *fixture = ctx;
    bool is_pending = false;

    fixture->passes++;
    fixture->verdicts = engine_judge(fixture->engine, fixture->arena, fixture->ledger,
                                     fixture->request, &fixture->count, &is_pending);
    return !is_pending;
}

static inline void judge(struct fixture *fixture, const struct engine_request *request)
{
    fixture->request = request;
    fixture->passes = 0;
    world_run(fixture->ledger, fixture->world, fixture_pass, fixture);
}

#endif
