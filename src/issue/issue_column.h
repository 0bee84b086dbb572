/*
 * NAME
 *     issue_column - where on its lines a record has the term that a finding speaks of
 * DESCRIPTION
 *     issue_column_set() sets line and column of findings, where files have them.
 * OWNERSHIP
 *     The file that was read last is kept in an arena that the caller closes.
 * ERRORS
 *     None: what is not found keeps its line.
 */
#ifndef ISSUE_COLUMN_H
#define ISSUE_COLUMN_H

#include "base/arena.h"
#include "base/span.h"
#include "model/finding.h"

struct issue_file {
    struct arena *arena; /* of the bytes; NULL */
    const char *path;
    struct span bytes;
};

void issue_column_set(struct issue_file *file, struct finding *findings);

#endif
