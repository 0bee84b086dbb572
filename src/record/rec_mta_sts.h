/*
 * NAME
 *     rec_mta_sts - the record that says a domain has an MTA-STS policy
 * DESCRIPTION
 *     The TXT record at _mta-sts.<domain>: "v=STSv1; id=20260101;". The id
 *     changes whenever the policy behind https://mta-sts.<domain> does.
 * OWNERSHIP
 *     In the arena; spans look into the text.
 * ERRORS
 *     Total. is_record says whether senders count it at all, is_fatal that
 *     they must behave as if there were no policy.
 * STANDARDS
 *     RFC 8461, 3.1
 * BUGS
 *     A blank before the first ";" is accepted, as the grammar has it; the
 *     sentence next to the grammar asks for "v=STSv1;". Of several id= the
 *     first counts.
 */
#ifndef REC_MTA_STS_H
#define REC_MTA_STS_H

#include "base/arena.h"
#include "base/fault.h"
#include "base/span.h"
#include "model/rec_mta_sts.h"

bool rec_mta_sts_is_record(struct span text);
void rec_mta_sts_parse(struct arena *arena, struct span text, struct rec_mta_sts *record_out);

#endif
