/*
 * NAME
 *     check - from facts to findings
 * DESCRIPTION
 *     The catalogue is finding_table.def: id, severity, standards, text with
 *     {arguments}, hint. One function per row looks at the facts and emits
 *     findings; it never prints, sends queries or guesses. A check whose facts
 *     are unknown emits one finding with status "undetermined".
 * OWNERSHIP
 *     Findings live in the arena.
 * ERRORS
 *     None.
 */
#ifndef CHECK_H
#define CHECK_H

#include "model/engine_verdict.h"
#include "model/facts.h"
#include "model/finding.h"

struct compare;

/* all findings, the most severe first, catalogue order within a severity */
struct finding *check_run(struct arena *arena, const struct facts *facts);

/* what a comparison found, as findings; those of check_run() are not among them */
struct finding *check_changes(struct arena *arena, const struct compare *compare);

/* does a library's verdict mean the same as the standard's on the same question; true when
 * the library gave none. `*ours_out` (may be NULL) gets the standard's word, NULL: none */
bool check_engine_agrees(const struct facts *facts, const struct engine_verdict *verdict,
                         const char **ours_out);

#endif
