/*
 * NAME
 *     rec_spf - an SPF record in parsed form
 * DESCRIPTION
 *     Every term with its place, qualifier, domain-spec and prefix lengths;
 *     faults with the term they belong to. Macros are checked here and
 *     expanded in auth/.
 * OWNERSHIP
 *     In the arena; spans look into the record text.
 * ERRORS
 *     Total. A record with a fatal fault is permerror (RFC 7208, 4.6).
 * STANDARDS
 *     RFC 7208, 4.5, 4.6, 5, 6, 7, 12
 */
#ifndef REC_SPF_H
#define REC_SPF_H

#include "base/arena.h"
#include "base/fault.h"
#include "base/ip.h"
#include "base/span.h"
#include "model/rec_spf.h"

void rec_spf_parse(struct arena *arena, struct span text, struct rec_spf *record_out);

#endif
