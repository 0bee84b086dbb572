/*
 * NAME
 *     remedy_spoof - who could send in the domain's name, today and with other policies
 * DESCRIPTION
 *     A forger sends from a host that the SPF record does not list and
 *     without a signature, once as the domain itself, once as a subdomain
 *     that exists and has no DMARC record of its own, once as one that does
 *     not exist. For each policy a world is assumed in which it is
 *     published, and the judge is asked there; nothing here knows what a
 *     policy means.
 *
 *     The subdomain that exists is assumed; the one that does not is a name
 *     that was queried, so a wildcard counts: where it makes every name
 *     exist, no name is missing. Names of other owners that look alike are
 *     beyond any policy of the domain.
 * OWNERSHIP
 *     In the arena, which must be that of the facts.
 * ERRORS
 *     What depends on a query that had no answer is
 *     REMEDY_SPOOF_UNKNOWN.
 * STANDARDS
 *     RFC 9989, 4.10 and 5; RFC 7489, 6.6
 * BUGS
 *     One address of each family stands for all others, from blocks that
 *     nobody can send from. Mail that a listed host sends for somebody else
 *     is not looked at.
 */
#ifndef REMEDY_SPOOF_H
#define REMEDY_SPOOF_H

#include "base/arena.h"
#include "model/spoof.h"

struct facts;

/* NULL without an audit of a domain */
const struct remedy_spoof *remedy_spoof_judge(struct arena *arena, const struct facts *facts);

#endif
