/*
 * NAME
 *     dns_anchor - trust anchors: where a chain of signatures begins
 * DESCRIPTION
 *     Built in are the key signing keys of the root. A file of DS and DNSKEY
 *     records, one a line as in zone files, with comments after ";", takes
 *     their place: for private worlds and for tests.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     dns_anchors_load() returns NULL and fills `why` (ERR_INPUT) with file and line.
 * STANDARDS
 *     RFC 4033, 2; RFC 7958 (how IANA publishes the anchors of the root)
 */
#ifndef DNS_ANCHOR_H
#define DNS_ANCHOR_H

#include "dns/dns_answer.h"

struct dns_anchor {
    const struct dns_rr *rr; /* DS or DNSKEY; its owner is the zone */
    struct dns_anchor *next;
};

const struct dns_anchor *dns_anchors_root(struct arena *arena);
const struct dns_anchor *dns_anchors_load(struct arena *arena, const char *path,
                                          struct err *why);

/* the anchored zone closest above the name, or the name; NULL: there is none */
const struct dns_name *dns_anchors_closest(const struct dns_anchor *anchors,
                                           const struct dns_name *name);

#endif
