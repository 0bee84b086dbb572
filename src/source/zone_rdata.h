/*
 * NAME
 *     zone_rdata - the data of one zone file record
 * DESCRIPTION
 *     Private to source/. Words to record. ldns parses; before it does,
 *     everything is refused that ldns would take and change without a word:
 *     numbers beyond their width, unquoted text, addresses where a host name
 *     belongs. Text records do not go through the parser of ldns at all.
 * OWNERSHIP
 *     The record lives in the arena of the zone.
 * ERRORS
 *     NULL after noting a fault in the zone.
 * STANDARDS
 *     RFC 1035, 3.3 and 5.1; RFC 3597, 5 (unknown types)
 */
#ifndef ZONE_RDATA_H
#define ZONE_RDATA_H

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/span.h"
#include "source/zone_private.h"
#include "source/zone_text.h"

struct zone_draft {
    struct zone *zone;
    struct arena *scratch;
    const struct dns_name *origin; /* for relative names in the data */
    const struct dns_name *owner;
    enum dns_type type;
    bool has_ttl; /* else an SOA takes its own minimum */
    uint32_t ttl;
    int line;
    const struct zone_word *words; /* after the type */
    size_t count;
};

struct dns_rr *zone_rdata_read(const struct zone_draft *draft);

/* "3600" or "1h30m"; false if it is neither or beyond RFC 2181, 8 */
bool zone_ttl_parse(struct span word, uint32_t *ttl_out);

/* a word made safe to show in a fault */
const char *zone_shown(struct arena *arena, struct span word);

#endif
