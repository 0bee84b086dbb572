/*
 * NAME
 *     escape - untrusted bytes made fit to be shown
 * DESCRIPTION
 *     Names, header text and explanation strings pass through here before they
 *     reach a terminal, a line or JSON. C0, DEL and every octet that is not
 *     UTF-8 become "\xNN", the octet. C1, line separators, bidirectional
 *     controls and invisible characters become "\u{NNNN}", the code point. A
 *     backslash becomes "\\". The rest stays, so the result is one line of valid
 *     UTF-8, and where it is not cut it can be decoded again.
 * OWNERSHIP
 *     The result lives in the arena.
 * ERRORS
 *     None. Text longer than `max` octets ends in "..." (0: no limit).
 */
#ifndef ESCAPE_H
#define ESCAPE_H

#include "base/arena.h"
#include "base/span.h"

const char *escape_to_text(struct arena *arena, struct span bytes, size_t max);
/* a text for a sentence: at most LIMIT_SHOWN_BYTES */
const char *escape_shown(struct arena *arena, const char *text);

/* the same of a text that may have been escaped before: backslashes stay as they are */
const char *escape_safe(struct arena *arena, const char *text);

/* the same, with blanks (folding included) made one SP each; for header values */
const char *escape_header(struct arena *arena, struct span value, size_t max);

/* octets of the valid UTF-8 character at the start, or 0; `*code_out` becomes its code point
 * (RFC 3629) */
size_t utf8_next(struct span bytes, uint32_t *code_out);

#endif
