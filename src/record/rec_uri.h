/*
 * NAME
 *     rec_uri - the URIs that records name
 * DESCRIPTION
 *     Just enough of a URI to know where it leads.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     The sentence says what is wrong; the name is NULL then.
 * STANDARDS
 *     RFC 3986
 */
#ifndef REC_URI_H
#define REC_URI_H

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/span.h"

/* what is wrong with an https: URI; NULL: nothing, and `*host_out` gets its host */
const char *rec_https_fault(struct arena *arena, struct span uri,
                            const struct dns_name **host_out);

/* the same for a mailto: URI with one address */
const char *rec_mailto_fault(struct arena *arena, struct span uri,
                             const struct dns_name **domain_out);

#endif
