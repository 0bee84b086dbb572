/*
 * NAME
 *     sandbox_record - what is kept with a message: its envelope and its session
 * DESCRIPTION
 *     A JSON object, described in docs/sandbox.md. The judge of the message adds to it.
 * OWNERSHIP
 *     The value belongs to the caller.
 * ERRORS
 *     sandbox_record_save() returns false and fills `why`.
 */
#ifndef SANDBOX_RECORD_H
#define SANDBOX_RECORD_H

#include <jansson.h>

#include "base/arena.h"
#include "base/err.h"
#include "sandbox/sandbox_session.h"

/* `received` in seconds since 1970 */
json_t *sandbox_record_of(struct arena *arena, const struct sandbox_session *session,
                          uint64_t number, int64_t received);

/* as a file, indented; the value is given back */
bool sandbox_record_save(struct arena *arena, json_t *record, const char *path,
                         struct err *why);

#endif
