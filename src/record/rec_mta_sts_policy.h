/*
 * NAME
 *     rec_mta_sts_policy - the policy that is fetched over HTTPS
 * DESCRIPTION
 *     The text at https://mta-sts.<domain>/.well-known/mta-sts.txt: one
 *     "key: value" a line, lines ending in CRLF or LF. Keys that are not known are
 *     passed over. Of a key that is allowed once the first counts; each mx: adds a
 *     pattern.
 * OWNERSHIP
 *     In the arena; spans look into the text.
 * ERRORS
 *     Total. is_fatal says that senders must behave as if there were no policy. Every
 *     fault has its line.
 * STANDARDS
 *     RFC 8461, 3.2 and 4.1
 * BUGS
 *     Keys are compared exactly, as the grammar writes them. Of patterns that are not host
 *     name the others still count, and is_fatal stays false unless none is left.
 */
#ifndef REC_MTA_STS_POLICY_H
#define REC_MTA_STS_POLICY_H

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/fault.h"
#include "base/span.h"
#include "model/rec_mta_sts_policy.h"

void rec_mta_sts_policy_parse(struct arena *arena, struct span text,
                              struct rec_mta_sts_policy *policy_out);

#endif
