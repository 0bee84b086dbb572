/*
 * NAME
 *     engine_provoke - a child that misbehaves, to prove what holds it
 * DESCRIPTION
 *     Runs in a confined child in place of a library.
 * ERRORS
 *     Does not come back, unless the confinement has a hole; then it returns.
 */
#ifndef TEST_ENGINE_PROVOKE_H
#define TEST_ENGINE_PROVOKE_H

#include "engine/engine_private.h"

#define ENGINE_STATUS_GREW 42 /* memory was refused at last */

enum engine_provocation {
    ENGINE_PROVOKE_BEFORE = ENGINE_KIND_LIMIT - 1,
#define PROVOCATION(name, function) ENGINE_PROVOKE_##name,
#include "engine_provoke.def"
#undef PROVOCATION
    ENGINE_PROVOKE_LIMIT
};
#define PROVOKED(name) ((enum engine_kind)ENGINE_PROVOKE_##name)

/* set before an engine is opened, so that its children inherit it: engine_child_provoked */
void engine_provoke_now(enum engine_kind kind);

/* ask a child to do what `kind` says: how it ended */
struct engine_end engine_provoke(struct engine *engine, enum engine_kind kind);

#endif
