/*
 * NAME
 *     record_reading - what a library makes of a record that is not published yet
 * DESCRIPTION
 *     Filled in by gather/gather_reader.h, for the proofs of remedies.
 * OWNERSHIP
 *     In the arena of who fills them in.
 * ERRORS
 *     None.
 */
#ifndef RECORD_READING_H
#define RECORD_READING_H

#include "base/arena.h"

struct dns_rr;
struct facts;
struct record_reader;

struct record_reading {
    const char *library; /* "libspf2 1.2.10" */
    const char *name;    /* of the record */
    bool agrees;         /* it reads what the standard reads */
    const char *text;    /* one clause, safe to show: what both make of it */
};

/* one record in the world of the facts; NULL: no library reads it, or none could say */
typedef const struct record_reading *record_read_fn(struct record_reader *reader,
                                                    struct arena *arena,
                                                    const struct facts *world,
                                                    const struct dns_rr *rr);

struct record_reader {
    record_read_fn *read;
};

#endif
