/*
 * NAME
 *     dns_nsec3 - hashed names of proofs of absence
 * DESCRIPTION
 *     What a zone file needs to find the NSEC3 records of a name, and the chain to
 *     judge them.
 * OWNERSHIP
 *     In the arena given.
 * ERRORS
 *     NULL where ldns does not hash the name.
 * STANDARDS
 *     RFC 5155, 5; RFC 9276, 3.2
 */
#ifndef DNS_NSEC3_H
#define DNS_NSEC3_H

#include "base/arena.h"
#include "base/dns_name.h"
#include "model/dns_answer.h"

/* NSEC3 records with more iterations are not verified, as in unbound and others: the zone
 * counts as unsigned (RFC 9276, 3.2) */
#define DNS_NSEC3_ITERATIONS_MAX 150

struct ldns_struct_rr; /* ldns_rr of <ldns/ldns.h> */

/* the label that stands for the name, in lower case, by salt and iterations of the record */
const char *dns_nsec3_hash(struct arena *arena, const struct ldns_struct_rr *nsec3,
                           const struct dns_name *name);

#endif
