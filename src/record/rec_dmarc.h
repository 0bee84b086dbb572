/*
 * NAME
 *     rec_dmarc - a DMARC policy record in parsed form
 * DESCRIPTION
 *     Tags of RFC 9989, those that it removed (pct, rf, ri) noted as such,
 *     and every departure as a fault with its place. Defaults are applied;
 *     has_* says what was written.
 * OWNERSHIP
 *     In the arena; spans look into the text.
 * ERRORS
 *     Total. is_record says whether it counts as a DMARC record at all.
 * STANDARDS
 *     RFC 9989, 4.7; RFC 7489, 6.3 for what it said before
 * BUGS
 *     Where RFC 9989 leaves room, this is the choice. Without a valid p (and
 *     with an invalid sp or np) section 4.10.1 decides, not the shorter
 *     sentence of 4.7: with a valid rua the record acts as p=none, without it
 *     is_fatal is set and no DMARC applies. Of duplicate tags the first
 *     counts (RFC 6376, 3.2 would refuse the list; 4.8 says to ignore what is
 *     wrong); it is a fault. Tag names are read without regard to case, as
 *     the grammar of RFC 7489 had them. Nothing may precede "v". The
 *     "!10m" of a URI is ignored. tags.faults is moved into `faults`.
 */
#ifndef REC_DMARC_H
#define REC_DMARC_H

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/fault.h"
#include "base/span.h"
#include "model/rec_dmarc.h"

/* a value of fo=, RFC 9989, 4.8: at most one of 0 and 1, d and s at most once */
bool rec_dmarc_is_fo(struct span value);
void rec_dmarc_parse(struct arena *arena, struct span text, struct rec_dmarc *record_out);

#endif
