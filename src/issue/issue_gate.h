/*
 * NAME
 *     issue_gate - the issues of a change
 * DESCRIPTION
 *     issue_add_gate() adds what a change does to one domain. An issue without a changed line
 *     of its own is moved to the nearest one, in the proposed file.
 * OWNERSHIP
 *     A struct issue_change is the caller's, and given back with issue_change_close().
 * ERRORS
 *     None: a file that cannot be read again has no lines, and its issues keep their places.
 */
#ifndef ISSUE_GATE_H
#define ISSUE_GATE_H

#include "base/arena.h"
#include "base/line_diff.h"
#include "model/facts.h"
#include "model/gate.h"
#include "model/issue.h"
#include "source/source.h"

/* the files of one world */
struct issue_world {
    const struct source_world **files;
    size_t count;
};

/* private: both versions of a file, compared; one is kept */
struct issue_diff {
    struct arena *arena; /* NULL: none yet */
    const char *before;
    const char *after;
    const struct line_diff *lines;
    bool has_first; /* `first` is known */
    struct report_issue_place first;
};

struct issue_change {
    struct report_issues *issues;
    struct issue_world worlds[2]; /* old, new */
    bool is_diff;                 /* whatever differs counts */
    bool has_all;                 /* so does what was there before */
    struct issue_diff diff;
};

/* one subject more: what the change does to a domain */
void issue_add_gate(struct issue_change *change, const struct report_gate *result,
                    const struct facts *after);

void issue_change_close(struct issue_change *change);

#endif
