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

#include "model/facts.h"
#include "model/finding.h"

struct compare;

struct check_row {
    enum finding_id number;
    const char *id;
    enum severity severity;
    const char *standards; /* "RFC 7208, 4.6.4; RFC 8301, 3.2" */
    /* template: {name} is replaced by the argument, "(s)" by the plural of the number before */
    const char *text;
    const char *hint; /* template too */
};

size_t check_row_count(void);
const struct check_row *check_row_get(size_t row);
const struct check_row *check_row_find(const char *id); /* NULL: no such id */

/* all findings, the most severe first, catalogue order within a severity */
struct finding *check_run(struct arena *arena, const struct facts *facts);

/* what a comparison found, as findings; those of check_run() are not among them */
struct finding *check_changes(struct arena *arena, const struct compare *compare);

/* the row's text or hint with the finding's arguments filled in; one line, safe to show. The
 * text says what was meant, too, where that is known; the clause only what is wrong. */
const char *check_clause(struct arena *arena, const struct finding *finding);
const char *check_text(struct arena *arena, const struct finding *finding);
const char *check_hint(struct arena *arena, const struct finding *finding);

/* does a library's verdict mean the same as the standard's on the same question; true when
 * the library gave none. `*ours_out` (may be NULL) gets the standard's word, NULL: none */
bool check_engine_agrees(const struct facts *facts, const struct engine_verdict *verdict,
                         const char **ours_out);

#endif
