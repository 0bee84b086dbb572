/*
 * NAME
 *     gather_reader - the libraries read records that are only proposed
 * DESCRIPTION
 *     For each TXT record that is SPF, a DKIM key or DMARC one question to its library, in
 *     the world where the record is published, and the same question to the
 *     judges of this program:
 *
 *     SPF: the result for an address of each of the first networks that the
 *     record names and lets pass, and for an address of nobody.
 *     DKIM: whether the key can be used; a signature that nobody made is verified with it.
 *     DMARC: policy, policy for subdomains, alignment, and how many addresses get reports.
 *
 *     A record is read once in a run: the same text at the same name is not
 *     read again in another world.
 * OWNERSHIP
 *     The reader lives in the arena; gather_reader_rest() ends its children,
 *     and the next record starts them again.
 * ERRORS
 *     What needs a name that is not known in that world is not read.
 */
#ifndef GATHER_READER_H
#define GATHER_READER_H

#include "base/arena.h"
#include "model/record_reading.h"

struct engine;

struct record_reader *gather_reader_open(struct arena *arena, struct engine *engine,
                                         int64_t now);

/* accepts NULL; before the engine is asked for verdicts again */
void gather_reader_rest(struct record_reader *reader);

#endif
