/*
 * NAME
 *     rec_bimi - the record that names a domain's logo
 * DESCRIPTION
 *     The TXT record at default._bimi.<domain>: "v=BIMI1; l=https://.../a.svg;
 *     a=https://.../a.pem". l= is the logo, a= the certificate that proves the
 *     right to it; l= empty and no a= says that the domain takes no part.
 * OWNERSHIP
 *     In the arena; spans look into the text.
 * ERRORS
 *     Total. is_record says whether it counts at all, is_fatal that no logo
 *     will be shown.
 * STANDARDS
 *     RFC 6376, 3.2 for the list; BIMI itself is an Internet draft,
 *     draft-brand-indicators-for-message-identification
 */
#ifndef REC_BIMI_H
#define REC_BIMI_H

#include "base/arena.h"
#include "base/fault.h"
#include "base/span.h"
#include "model/rec_bimi.h"

bool rec_bimi_is_record(struct span text);
void rec_bimi_parse(struct arena *arena, struct span text, struct rec_bimi *record_out);

#endif
