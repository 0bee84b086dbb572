/*
 * NAME
 *     dnssec_chain - what DNSSEC says about an answer, worked out here
 * DESCRIPTION
 *     From a trust anchor down to the zone of a name, each key is vouched for
 *     by a DS record that the zone above has signed, and each answer is
 *     signed by a key of its zone. The chain is a function of the ledger, the
 *     anchors and the time: it asks the ledger for the DS and DNSKEY records it
 *     needs, all that are known to be needed at once, and verifies with ldns.
 *     What a resolver thinks of the answers (the AD bit) plays no part.
 *
 *     Where no source speaks for what is above, as with the file of a zone alone, the
 *     zone is taken as an island (RFC 4033, 2): its own keys are held against its
 *     signatures, and what they sign is an island, never secure.
 *
 *     A chain remembers what it has concluded, so it may be asked in every
 *     pass. dnssec_chain_assume() makes one for a world that is only assumed.
 * OWNERSHIP
 *     In the arena; ledger and anchors must live as long.
 * ERRORS
 *     None: what had no answer, or was queried without DNSSEC, is indeterminate.
 * STANDARDS
 *     RFC 4033, 5 (the four states; "insecure" and "bogus" as there); RFC 4035, 5; RFC 5155,
 *     8; RFC 6840; RFC 9276, 3.2
 * BUGS
 *     What an alias made by a DNAME rests on is not looked at: indeterminate. Where the
 *     keys of the root match no anchor the chain is indeterminate, not bogus: a private
 *     root looks the same as an attack, and needs an anchor of its own.
 */
#ifndef DNSSEC_CHAIN_H
#define DNSSEC_CHAIN_H

#include "base/arena.h"
#include "base/dns_name.h"
#include "dnssec/dnssec_anchor.h"
#include "ledger/ledger.h"
#include "model/dns_answer.h"
#include "model/dnssec_verdict.h"

struct dnssec_chain;

struct dnssec_chain *dnssec_chain_open(struct arena *arena, struct ledger *ledger,
                                       const struct dnssec_anchor *anchors, int64_t now);

/* the same with another ledger that answers at once (ledger_over()) */
struct dnssec_chain *dnssec_chain_assume(struct arena *arena, const struct dnssec_chain *chain,
                                         struct ledger *ledger);

/* ask for all that leads to the zone of the name, as far as it is not known to be unsigned */
void dnssec_chain_prepare(struct dnssec_chain *chain, const struct dns_name *name);

/* never NULL; of an answer that a resolver calls bogus, of what it holds back */
const struct dnssec_chain_verdict *dnssec_chain_judge(struct dnssec_chain *chain,
                                                      const struct dns_answer *answer);

/* names that were looked at, in the order in which that happened; some are not zones */
const struct dnssec_chain_zone *dnssec_chain_zones(const struct dnssec_chain *chain);

#endif
