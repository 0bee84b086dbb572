/*
 * NAME
 *     sandbox_script - errors by a script
 * DESCRIPTION
 *     A line names a step, which times of it, and what happens instead:
 *
 *         connect   1     421 4.3.2 going down
 *         ehlo      2     close
 *         starttls  *     wrong-tls
 *         rcpt      1-3   450 4.2.1 mailbox busy
 *         dot       4-    delay 3000
 *
 *     Steps are connect, ehlo (and HELO), starttls, mail, rcpt, data and dot (the end of the
 *     message). Times are counted over the whole run, from 1: a number, a range, an open
 *     range, or "*". The first line that matches decides. Runs with equal clients get equal
 *     errors.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     sandbox_script_parse() returns NULL and fills `why`, with file and line.
 */
#ifndef SANDBOX_SCRIPT_H
#define SANDBOX_SCRIPT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "sandbox/sandbox_fault.h"

struct sandbox_script;

struct sandbox_script *sandbox_script_parse(struct arena *arena, const char *name,
                                            struct span text, struct err *why);

/* the step is taken once more: what happens; FAULT_NONE: it goes on. `script` may be NULL */
struct sandbox_fault sandbox_script_next(struct sandbox_script *script,
                                         enum sandbox_stage stage);

#endif
