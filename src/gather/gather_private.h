/*
 * NAME
 *     gather_private - the parts of one pass
 * DESCRIPTION
 *     Private to gather/. Shared by gather*.c only. Each part fills its piece
 *     of the facts from the ledger; what the ledger does not hold becomes
 *     wanted there, and the piece is computed again in the next pass.
 * OWNERSHIP
 *     Facts live in the arena of the work.
 * ERRORS
 *     None.
 */
#ifndef GATHER_PRIVATE_H
#define GATHER_PRIVATE_H

#include "auth/auth_spf.h"
#include "base/arena.h"
#include "base/dns_name.h"
#include "base/span.h"
#include "gather/gather.h"
#include "model/dmarc_verdict.h"
#include "model/dns_answer.h"
#include "model/facts.h"
#include "model/subject.h"

/* ---- once, before the passes: gather_subject.c ---- */

/* parse trace and From, hash the body for the signatures */
void gather_prepare(const struct gather_work *work, const struct subject *subject,
                    struct message_facts *message_out);

/* fill in what options did not say, with its origin */
void gather_complete(struct arena *arena, const struct message_facts *message,
                     struct subject *subject);

/* ---- in every pass ---- */

/* what SPF is asked: mailfrom, helo, as far as their parts are known; returns how many */
size_t gather_spf_inputs(const struct subject *subject, struct auth_spf_input inputs_out[2]);

void gather_domain(const struct gather_work *work, struct facts *facts);
/* where live DNS denies the domain: ask whether it knows the top-level domain */
void gather_reach(const struct gather_work *work, const struct facts *facts);
/* it does not: the live DNS is not that of the Internet, and what it denied is unknown from now
 * on; all has to be gathered again */
bool gather_reject_denials(const struct gather_work *work, const struct facts *facts,
                           struct facts *prepared);
/* the mail hosts of an MX answer that is there, with their addresses, in its order */
void gather_mx_hosts(const struct gather_work *work, struct domain_facts *domain);
/* TXT and the like at a name made of a prefix and the domain; NULL if that is too long */
const struct dns_answer *gather_ask_below(const struct gather_work *work, const char *prefix,
                                          const struct dns_name *domain, enum dns_type type);
/* does the domain have mail at all; after its MX and SPF are known as far as they are */
void gather_parked(const struct gather_work *work, struct facts *facts);
/* MTA-STS, TLS-RPT, DANE and BIMI; after the mail hosts are known as far as they are */
void gather_transport(const struct gather_work *work, struct domain_facts *domain);
/* the chain of trust, once the answers show that it can be had; then, when all answers of the
 * audit are known as far as they are, what it says about them */
void gather_dnssec_open(const struct gather_work *work, struct facts *facts);
void gather_dnssec(const struct gather_work *work, struct domain_facts *domain);
/* the chain for the recipient's mail hosts, that DANE can rest on it: before its demands are
 * judged, and what it needs of their answers afterwards. Keys are queried only where there
 * are TLSA records. */
void gather_dnssec_recipient_open(const struct gather_work *work, const struct facts *facts,
                                  struct domain_facts *recipient);
void gather_dnssec_recipient(const struct gather_work *work,
                             const struct domain_facts *recipient);
/* the body of an HTTPS URL: gather_https.c; NULL while it is wanted */
void gather_policy(const struct gather_work *work, const struct dns_name *host,
                   struct mta_sts_facts *facts);
void gather_logo(const struct gather_work *work, struct bimi_facts *bimi);
/* MTA-STS and DANE alone: what senders to the domain go by */
void gather_demands(const struct gather_work *work, struct domain_facts *domain);
/* who takes and sends mail for the domain, as far as MX and SPF are known */
void gather_providers(const struct gather_work *work, struct facts *facts);
/* after the providers */
void gather_selectors(const struct gather_work *work, struct facts *facts);
/* after the selectors: is a record absent because its name is in another zone */
void gather_cuts(const struct gather_work *work, struct domain_facts *domain);
void gather_verdicts(const struct gather_work *work, struct facts *facts);

/* what broken records were meant to say, and where misplaced ones are: gather_meant.c; after
 * the selectors */
void gather_meant(const struct gather_work *work, struct facts *facts);

/* what gather_meant() asks. Aside, and in a world that is only assumed what is not known stays
 * so: NULL */
const struct dns_answer *gather_meant_ask(const struct gather_work *work,
                                          const struct dns_name *name, enum dns_type type);
/* all that a record of the domain would lead to if it had this text */
void gather_ask_spf_text(const struct gather_work *work, const struct dns_name *domain,
                         struct span text);
void gather_ask_dmarc_text(const struct gather_work *work, const struct auth_dmarc_step *step,
                           struct span text);
/* the name that an alias was meant to lead to, where a text or a dangling alias is; NULL:
 * none, or nobody knows: gather_alias.c */
const struct dns_name *gather_alias_meant(const struct gather_work *work,
                                          const struct dns_answer *answer,
                                          const struct dns_name *domain);
/* "mail.example.net" of "mail.example.net.example.com": a zone file appends its name where the
 * final dot is forgotten; NULL: less than two labels are left */
const struct dns_name *gather_without_zone(const struct gather_work *work,
                                           const struct dns_name *name,
                                           const struct dns_name *domain);

/* records of the domain, and of a selector, that are at another name: gather_elsewhere.c */
void gather_elsewhere(const struct gather_work *work, struct domain_facts *domain);
void gather_key_elsewhere(const struct gather_work *work, const struct domain_facts *domain,
                          struct selector_facts *selector);

/* what of a pass has all its answers, for the next one to start with */
void gather_keep_verdicts(const struct facts *pass, struct facts *next_out);

/* the name of the client, and whether it leads back: gather_reverse.c */
void gather_client(const struct gather_work *work, struct facts *facts);
/* the same for the addresses of the mail hosts, as evidence; after these are known as far as
 * they are */
void gather_mx_names(const struct gather_work *work, struct domain_facts *domain);
/* SOA and name servers, as evidence; after the organizational domain is known, if it is */
void gather_zones(const struct gather_work *work, struct domain_facts *domain);
/* what the SMTP session says of the envelope */
void gather_envelope(const struct gather_work *work, struct facts *facts);
void gather_engines(const struct gather_work *work, struct facts *facts);

#endif
