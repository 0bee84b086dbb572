/*
 * NAME
 *     dns_soa - what a zone says about itself
 * DESCRIPTION
 *     The fields of an SOA record. The times are seconds.
 * OWNERSHIP
 *     Names live in the arena given.
 * ERRORS
 *     dns_soa_parse() returns false for what is not an SOA record.
 * STANDARDS
 *     RFC 1035, 3.3.13; RFC 2308, 4 and 5 (the last field)
 */
#ifndef MODEL_DNS_SOA_H
#define MODEL_DNS_SOA_H

#include "base/arena.h"
#include "base/dns_name.h"
#include "model/dns_answer.h"

struct dns_soa {
    const struct dns_name *primary; /* MNAME */
    const struct dns_name *mailbox; /* RNAME: the first label is the local part */
    uint32_t serial;
    uint32_t refresh; /* how often a secondary looks for changes */
    uint32_t retry;   /* how long it waits after it could not */
    uint32_t expire;  /* when it stops to answer because it could not */
    uint32_t minimum;
    uint32_t absence; /* how long resolvers remember that something is not there */
};

bool dns_soa_parse(struct arena *arena, const struct dns_rr *rr, struct dns_soa *soa_out);

#endif
