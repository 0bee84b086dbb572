/*
 * NAME
 *     traffic - what receivers saw of a domain, evaluated again
 * DESCRIPTION
 *     traffic_open() takes the records of a set of reports that are about a
 *     domain and makes flows of them: one for each address and identity.
 *     traffic_ask() asks the ledger for all that they need; call it again
 *     after each round until it is false. traffic_judge() evaluates every
 *     flow in a world: SPF of that address and envelope by the DNS of that
 *     world, alignment by both standards, DKIM as the reporter saw it, because
 *     only the message would show more. The world may be an assumed one
 *     (ledger_over()), as that of a remedy.
 *
 *     traffic_sort() makes senders of the flows: by provider, name of the
 *     address, or network, and by whether they are the domain's own.
 *
 *     Rules, in order; each sender has the one that decided:
 *     forwarded: the reporter says so; a known forwarder or mailing list; SPF of
 *     the domain fails from there while its signature passes; a signature of
 *     the domain arrives broken under another envelope.
 *     own: something authenticates as the domain; the confirmed name of the
 *     address is at or below the domain; the SPF record lists the address; it
 *     is a mail host of the domain; other mail from there passes; a provider
 *     that the records of the domain name.
 *     perhaps: a service that sends for customers, though no record names it.
 *     All others are foreign.
 * OWNERSHIP
 *     In the arena, which must be that of the ledger; the set must live as
 *     long.
 * ERRORS
 *     None. What could not be queried is "unknown", never pass or fail.
 * STANDARDS
 *     RFC 9989, 5; RFC 7489, 6.6; RFC 9990; RFC 7208
 * BUGS
 *     Reports do not hold the local part of the envelope: macros see
 *     "postmaster".
 */
#ifndef TRAFFIC_H
#define TRAFFIC_H

#include "base/arena.h"
#include "base/dns_name.h"
#include "ledger/ledger.h"
#include "model/facts.h"
#include "model/feedback.h"
#include "model/traffic.h"

struct traffic *traffic_open(struct arena *arena, const struct feedback_set *set,
                             const struct dns_name *domain);

/* true: the ledger has to be filled, and this called again */
bool traffic_ask(struct traffic *traffic, struct ledger *ledger);

/* every flow in a world; `now` of the flows is set if `is_now` */
struct traffic_sum traffic_judge(struct traffic *traffic, struct ledger *ledger, bool is_now);

/* ask for the names of addresses that fail; after the flows were judged. True: as above */
bool traffic_ask_names(struct traffic *traffic, struct ledger *ledger);

/* make senders, and what is said of the whole; `facts` are those of the domain */
void traffic_sort(struct traffic *traffic, const struct facts *facts);

/* one sentence: what would be refused if what fails is; of the world that was judged last and
 * has this sum */
const char *traffic_evidence(const struct traffic *traffic, const struct traffic_sum *sum);

#endif
