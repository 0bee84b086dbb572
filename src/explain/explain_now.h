/*
 * NAME
 *     explain_now - whether a cause still applies
 * DESCRIPTION
 *     Private to the room. Each cause that a check can see has a row with the function that
 *     looks for it in the facts of a check.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     None: what could not be queried is EXPLAIN_UNKNOWN.
 */
#ifndef EXPLAIN_NOW_H
#define EXPLAIN_NOW_H

#include "base/arena.h"
#include "explain/explain.h"
#include "model/explain.h"
#include "model/reply_cause.h"

/* set still, reason and now_text of one that has a report */
void explain_now_judge(struct arena *arena, struct explain_one *one);

/* prefixes of the ids of findings about the cause, separated by blanks; NULL: none */
const char *explain_now_findings(enum reply_cause_id cause);

#endif
