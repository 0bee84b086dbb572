/*
 * NAME
 *     engine_provoke - a child that misbehaves, to prove what holds it
 * DESCRIPTION
 *     Runs in a confined child in place of a library. Nothing but the tests
 *     asks for these kinds.
 * ERRORS
 *     Does not come back, unless the confinement has a hole; then it returns.
 */
#ifndef ENGINE_PROVOKE_H
#define ENGINE_PROVOKE_H

#include "engine/engine_wire.h"

#define ENGINE_STATUS_GREW 42 /* memory was refused at last */
#define ENGINE_STATUS_HOLE 43 /* a forbidden call came back */

void engine_provoke_now(enum engine_kind kind);

#endif
