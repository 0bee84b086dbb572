/*
 * NAME
 *     sandbox_record - what is kept with a message: its envelope and its session
 * DESCRIPTION
 *     A JSON object, described in docs/sandbox.md. The judge of the message adds to it.
 * OWNERSHIP
 *     The value belongs to the caller.
 * ERRORS
 *     None.
 */
#ifndef SANDBOX_RECORD_H
#define SANDBOX_RECORD_H

#include <jansson.h>

#include "base/arena.h"
#include "base/span.h"
#include "sandbox/sandbox_session.h"

/* `received` in seconds since 1970 */
json_t *sandbox_record_of(struct arena *arena, const struct sandbox_session *session,
                          uint64_t number, int64_t received);

/* as its file has it, indented; in the arena */
struct span sandbox_record_text(struct arena *arena, const json_t *record);

#endif
