/*
 * NAME
 *     check_facts - what several checks need to know from the facts
 * DESCRIPTION
 *     Accessors and predicates over facts; nothing is emitted here.
 * OWNERSHIP
 *     Text lives in the arena given.
 * ERRORS
 *     What does not apply is NULL or false.
 */
#ifndef CHECK_FACTS_H
#define CHECK_FACTS_H

#include "base/dns_name.h"
#include "base/fault.h"
#include "base/ip.h"
#include "base/span.h"
#include "model/dmarc_verdict.h"
#include "model/dns_answer.h"
#include "model/facts.h"
#include "model/finding_id.h"
#include "model/rec_spf.h"
#include "model/spf_verdict.h"

/* the domain is not in DNS at all; a dangling alias is */
bool check_domain_is_missing(const struct facts *facts);

/* the root of the domain's SPF tree, with or without a record; NULL: no audit */
const struct auth_spf_node *check_spf_root(const struct facts *facts);

/* the record whose "all" counts: the root's, or where redirect leads; NULL: none, or broken */
const struct auth_spf_node *check_spf_effective(const struct facts *facts);
/* the same for a record below */
const struct auth_spf_node *check_spf_effective_of(const struct facts *facts,
                                                   const struct auth_spf_node *node);

/* the domain's record lets everybody pass, or more addresses than any sender has; false
 * without a record */
bool check_spf_is_overbroad(const struct facts *facts);

/* a network that no host of the Internet has an address of */
bool check_spf_is_private(const struct rec_spf_term *term);

/* the term lets more addresses pass than any sender has */
bool check_spf_is_huge(const struct rec_spf_term *term);

/* the verdict about MAIL FROM or HELO; NULL: not judged */
const struct auth_spf_verdict *check_spf_verdict(const struct facts *facts,
                                                 enum auth_spf_identity identity);

/* the client is the host that connected to the receiver, as an option or the message says for
 * certain, and neither a forwarder nor a mailing list: advice may name its address */
bool check_client_is_known(const struct facts *facts);

/* the TXT records of the domain, NULL unless there are any */
const struct dns_rr *check_apex_txt(const struct facts *facts);

/* the query about _dmarc.<domain> itself; NULL: no audit, or not asked */
const struct auth_dmarc_step *check_dmarc_own_step(const struct facts *facts);

/* the policy record that applies to the domain is at the domain itself; NULL otherwise */
const struct auth_dmarc_step *check_dmarc_own_record(const struct facts *facts);

/* where the alias leads that both answers about a host show; NULL: the host is none */
const struct dns_name *check_alias_target(const struct dns_answer *a,
                                          const struct dns_answer *aaaa);

/* the answer without which nobody knows whether a host has an address at all; NULL: it is
 * known, or no source speaks for the host */
const struct dns_answer *check_addresses_failed(const struct dns_answer *a,
                                                const struct dns_answer *aaaa);

/* no host of the Internet has it: RFC 1918, RFC 4193, loopback or link-local. Narrower than
 * ip_is_private(), which counts documentation networks too */
bool check_is_private(const struct ip_address *address);

/* `text` is in the bytes, ASCII case folded */
bool check_holds(struct span bytes, const char *text);

/* literal quotes or backslashes in published text: an artefact of a DNS console */
bool check_is_quoted(struct span text);

/* the row speaks to domains with mail, and this one has none */
bool check_is_silenced(const struct facts *facts, enum finding_id row);

/* an alias of the selector's own leads to where no key is; a wildcard's alias is none, it
 * answers for every name that was only guessed */
bool check_dkim_is_dangling(const struct facts *facts, const struct selector_facts *selector);

/* the key record ends where one string or another record goes on: dkim_key_split */
bool check_dkim_is_split(const struct selector_facts *selector);

/* what the answer about _domainkey.<domain> says of selectors that nobody queried */
const char *check_dkim_below_text(const struct dns_answer *below);

/* dnssec_bogus says why a resolver that validates has no answer to this question */
bool check_dnssec_explains(const struct facts *facts, const struct dns_answer *answer);

#endif
