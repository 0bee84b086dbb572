/*
 * NAME
 *     dnssec_anchor - trust anchors: where a chain of signatures begins
 * DESCRIPTION
 *     Built in are the key signing keys of the root. A file of DS and DNSKEY
 *     records, one a line as in zone files, with comments after ";", takes
 *     their place: for private worlds and for tests.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     dnssec_anchors_load() returns NULL and fills `why` (ERR_INPUT) with file and line.
 * STANDARDS
 *     RFC 4033, 2; RFC 7958 (how IANA publishes the anchors of the root)
 */
#ifndef DNSSEC_ANCHOR_H
#define DNSSEC_ANCHOR_H

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/err.h"
#include "model/dns_answer.h"

struct dnssec_anchor {
    const struct dns_rr *rr; /* DS or DNSKEY; its owner is the zone */
    struct dnssec_anchor *next;
};

const struct dnssec_anchor *dnssec_anchors_root(void); /* lives until the end */
const struct dnssec_anchor *dnssec_anchors_load(struct arena *arena, const char *path,
                                                struct err *why);

/* the anchored zone closest above the name, or the name; NULL: none */
const struct dns_name *dnssec_anchors_closest(const struct dnssec_anchor *anchors,
                                              const struct dns_name *name);

#endif
