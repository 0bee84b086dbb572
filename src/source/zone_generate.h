/*
 * NAME
 *     zone_generate - $GENERATE of a zone file
 * DESCRIPTION
 *     Private to zone*.c. "$GENERATE 1-9/2 host$ A 192.0.2.$" stands for a
 *     record for each number. "$" is the number, "${OFFSET,WIDTH,BASE}" the
 *     number plus OFFSET with leading zeros, in base d, o, x or X; "\$" is a
 *     dollar sign.
 * OWNERSHIP
 *     The text lives in the arena given.
 * ERRORS
 *     False after noting a fault of the zone.
 * STANDARDS
 *     None: it is a custom of BIND that other name servers follow
 * BUGS
 *     The bases n and N, nibbles of reverse zones, are faults.
 */
#ifndef ZONE_GENERATE_H
#define ZONE_GENERATE_H

#include "base/arena.h"
#include "base/span.h"
#include "source/zone_private.h"
#include "source/zone_text.h"

/* the records as lines of a zone file */
bool zone_generate(struct zone *zone, struct arena *arena, const struct zone_entry *entry,
                   struct span *lines_out);

#endif
