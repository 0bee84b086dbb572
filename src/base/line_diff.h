/*
 * NAME
 *     line_diff - which lines of a text another version of it does not have
 * DESCRIPTION
 *     The fewest lines that were added and removed, as diff(1) finds them. Where texts differ
 *     in more than LIMIT_DIFF_LINES lines, everything between the first and the last difference
 *     counts as changed.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     None.
 */
#ifndef LINE_DIFF_H
#define LINE_DIFF_H

#include "base/arena.h"
#include "base/span.h"

struct line_diff {
    size_t old_lines;
    size_t new_lines;
    bool *is_added; /* by line of the new text, from 0 on */
    size_t *new_of; /* by line of the old text: the same line of the new one, or the one before
                      * which it stood */
    bool *is_removed; /* by line of the old text */
};

struct line_diff *line_diff_make(struct arena *arena, struct span before, struct span after);

/* the added line nearest to a line of the new text, counted from 1; or a line next to which
 * lines were removed. 0: the texts are equal */
size_t line_diff_nearest(const struct line_diff *diff, size_t line);

#endif
