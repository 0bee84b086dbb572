/*
 * NAME
 *     explain_stated - what others wrote into a message, next to what we compute
 * DESCRIPTION
 *     One row for each result of Authentication-Results, Received-SPF, ARC and the fields of
 *     Microsoft: who says it, what, about whom, our own result for the same, and why both
 *     differ. Nothing of it is believed.
 * OWNERSHIP
 *     In the arena. All texts are safe to show.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 8601; RFC 7208, 9.1; RFC 8617, 4.1.1
 * BUGS
 *     Not more than LIMIT_STATED rows are made.
 */
#ifndef EXPLAIN_STATED_H
#define EXPLAIN_STATED_H

#include "base/arena.h"
#include "model/explain.h"
#include "model/facts.h"

const struct explain_stated *explain_stated(struct arena *arena, const struct facts *facts,
                                            size_t *count_out);

#endif
