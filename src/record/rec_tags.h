/*
 * NAME
 *     rec_tags - tag=value lists
 * DESCRIPTION
 *     The syntax that DKIM signatures, DKIM keys, DMARC and TLS-RPT records
 *     share: "tag = value ; tag = value ;". Every tag keeps its place.
 * OWNERSHIP
 *     In the arena; spans look into the text.
 * ERRORS
 *     Total: `faults` with kind REC_TAG_*; is_fatal is the strict reading of
 *     RFC 6376, other records may be more forgiving. None is left out. A list
 *     with more than LIMIT_TAGS pieces is not read on, and the first fault says so.
 * STANDARDS
 *     RFC 6376, 3.2; RFC 9989 (same syntax)
 */
#ifndef REC_TAGS_H
#define REC_TAGS_H

#include "base/arena.h"
#include "base/fault.h"
#include "base/span.h"
#include "model/rec_tags.h"

void rec_tags_parse(struct arena *arena, struct span text, struct rec_tags *tags_out);

/* the value without any folding white space (RFC 6376, 3.5: h=, b=, bh=) */
struct span rec_without_blanks(struct arena *arena, struct span value);

#endif
