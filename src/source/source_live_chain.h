/*
 * NAME
 *     source_live_chain - the records of a packet that belong to the question
 * DESCRIPTION
 *     Private to source/. Picks the CNAME chain and the records of the type at its
 *     end out of an answer section and leaves out whatever else is there. Their
 *     order does not depend on the server: MX by preference, the rest by text, each
 *     once.
 * OWNERSHIP
 *     Records live in the arena.
 * ERRORS
 *     False if a record of the chain or of the type makes no sense.
 */
#ifndef SOURCE_LIVE_CHAIN_H
#define SOURCE_LIVE_CHAIN_H

#include "base/arena.h"
#include "model/dns_answer.h"

struct ldns_struct_rr_list; /* ldns_rr_list of <ldns/ldns.h> */

/* sets records, record_count, ttl and has_ttl of the answer to its question */
bool dns_live_chain_read(struct arena *arena, const struct ldns_struct_rr_list *section,
                         struct dns_answer *answer);

#endif
