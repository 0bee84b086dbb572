/*
 * NAME
 *     dns_rr - records made from text, character-strings and packets
 * DESCRIPTION
 *     The one place where a struct dns_rr comes to be. Its text is always
 *     "owner.\tttl\tIN\tTYPE\trdata" with names in lower case, whatever form it was
 *     made from, so records are equal exactly if their texts are. Character-strings
 *     are raw octets and never pass through escapes. For dns/ and for tests.
 * OWNERSHIP
 *     Records live in the arena; nothing of the input is kept.
 * ERRORS
 *     The makers return NULL for what is not a record of class IN, or lacks what its type
 *     needs; dns_rr_from_text() says why.
 * STANDARDS
 *     RFC 1035, 3.3 and 5.1; RFC 3597 (unknown types)
 */
#ifndef DNS_RR_H
#define DNS_RR_H

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/err.h"
#include "base/span.h"
#include "model/dns_answer.h"

struct ldns_struct_rr; /* ldns_rr of <ldns/ldns.h> */

/* what every record has; struct dns_rr_head is enough to make one of strings */
struct dns_rr_head {
    const struct dns_name *owner;
    enum dns_type type; /* DNS_TXT or DNS_SPF */
    uint32_t ttl;
};

struct dns_rr *dns_rr_from_ldns(struct arena *arena, const struct ldns_struct_rr *rr);

/* the other way, to be freed by the caller; NULL if ldns does not read it */
struct ldns_struct_rr *dns_rr_to_ldns(struct arena *arena, const struct dns_rr *rr);

/* one record as in zone files, "owner [ttl] [IN] TYPE rdata"; every name is absolute, with or
 * without its final dot; without a ttl it is 0. A TXT string without quotes ends at a blank. */
struct dns_rr *dns_rr_from_text(struct arena *arena, const char *text, struct err *why);

/* the same record with nothing left over from making it; `owner` is its owner, kept as it is */
struct dns_rr *dns_rr_copy(struct arena *arena, const struct dns_rr *rr,
                           const struct dns_name *owner);

/* 1 or more strings of at most 255 octets */
struct dns_rr *dns_rr_from_strings(struct arena *arena, const struct dns_rr_head *head,
                                   const struct span *strings, size_t count);

#endif
