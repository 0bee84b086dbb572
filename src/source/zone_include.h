/*
 * NAME
 *     zone_include - $INCLUDE of a zone file
 * DESCRIPTION
 *     Private to zone*.c. zone_include_open() finds and reads the file that a
 *     directive names; reading its records is for zone_read.c.
 * OWNERSHIP
 *     The path lives in the arena of the zone, the bytes in the one given.
 * ERRORS
 *     False after noting a fault of the zone.
 * STANDARDS
 *     RFC 1035, 5.1
 */
#ifndef ZONE_INCLUDE_H
#define ZONE_INCLUDE_H

#include "base/arena.h"
#include "base/span.h"
#include "source/zone_private.h"
#include "source/zone_text.h"

struct zone_included {
    const char *path;
    struct span bytes;
};

bool zone_include_open(struct zone *zone, struct arena *arena, const struct zone_entry *entry,
                       struct zone_included *out);

#endif
