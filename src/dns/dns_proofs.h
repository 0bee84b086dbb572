/*
 * NAME
 *     dns_proofs - DNSSEC records kept with an answer
 * DESCRIPTION
 *     Signatures and proofs of absence, sorted by text and each once, so that
 *     the same answer looks the same whichever server gave it in whatever
 *     order. At most LIMIT_PROOF_RECORDS of each are kept. Where more come, which
 *     no honest server sends, there are none at all: with a part of them a sound
 *     answer could look bogus.
 * OWNERSHIP
 *     In the arena given. Records are linked again where they are taken over.
 * ERRORS
 *     None: a record that makes no sense is left out, and then proves nothing.
 * STANDARDS
 *     RFC 4035, 3.1 (what servers send); RFC 4034 and RFC 5155 (the records)
 */
#ifndef DNS_PROOFS_H
#define DNS_PROOFS_H

#include "base/arena.h"
#include "model/dns_answer.h"

struct ldns_struct_pkt; /* ldns_pkt of <ldns/ldns.h> */

/* of a packet that answers a question; NULL: too many */
const struct dns_proofs *dns_proofs_read(struct arena *arena,
                                         const struct ldns_struct_pkt *packet);

/* both together: of the parts of a CNAME chain; NULL: too many */
const struct dns_proofs *dns_proofs_join(struct arena *arena, const struct dns_proofs *a,
                                         const struct dns_proofs *b);

/* put an RRSIG, NSEC or NSEC3 record into its place; no text twice. Others are left out. */
void dns_proofs_insert(struct dns_proofs *proofs, struct dns_rr *rr);

/* all that came; NULL: too many */
const struct dns_proofs *dns_proofs_whole(const struct dns_proofs *proofs);

#endif
