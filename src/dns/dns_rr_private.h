/*
 * NAME
 *     dns_rr_private - what the makers of records share
 * DESCRIPTION
 *     Private to dns/. dns_rr.c makes records of packets and of strings,
 *     dns_rr_text.c of text.
 * OWNERSHIP
 *     In the arena given.
 * ERRORS
 *     NULL: the record lacks what its type needs.
 * STANDARDS
 *     RFC 1035, 3.3; RFC 3597
 */
#ifndef DNS_RR_PRIVATE_H
#define DNS_RR_PRIVATE_H

#include "base/arena.h"
#include "base/dns_name.h"
#include "dns/dns_rr.h"
#include "model/dns_answer.h"

struct ldns_struct_rdf; /* ldns_rdf of <ldns/ldns.h> */

#define DNS_STRING_MAX 255 /* octets of a character-string: RFC 1035, 3.3 */

/* TXT and its former twin for SPF (RFC 7208, 3.1) */
bool dns_rr_is_text_type(enum dns_type type);

/* a type whose name and rdata are written in their own form */
bool dns_rr_is_known_type(enum dns_type type);

/* a record whose owner, type and TTL are known already */
struct dns_rr *dns_rr_from_fields(struct arena *arena, const struct dns_rr_head *head,
                                  const struct ldns_struct_rr *from);

/* a name field; NULL: it is malformed */
const struct dns_name *dns_rr_name_of(struct arena *arena, const struct ldns_struct_rdf *rdf);

#endif
