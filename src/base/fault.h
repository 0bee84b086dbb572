/*
 * NAME
 *     fault - what is wrong with a text, and where
 * DESCRIPTION
 *     Parsers are total: any bytes give a struct and a list of these. `kind`
 *     is the parser's own enum, for checks; `text` is for people.
 * OWNERSHIP
 *     Lives in the arena of what was parsed.
 * ERRORS
 *     None.
 */
#ifndef FAULT_H
#define FAULT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/span.h"

struct fault {
    int kind;
    bool is_fatal;    /* by the standard the record or signature is unusable */
    size_t at;        /* offset in the parsed text */
    struct span part; /* the term or tag concerned, untrusted */
    const char *text; /* lower case, no full stop; safe to show */
    struct fault *next;
};

/* append to a list; returns the copy that is in it */
struct fault *fault_add(struct arena *arena, struct fault **faults, struct fault fault);

/* the first of the kind, and the first that is fatal; NULL: none */
const struct fault *fault_find(const struct fault *faults, int kind);
const struct fault *fault_fatal(const struct fault *faults);

#endif
