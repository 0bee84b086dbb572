/*
 * NAME
 *     mime - parameters of header fields, and the lines between parts and messages
 * DESCRIPTION
 *     Reads what mail programs write, well formed or not.
 * OWNERSHIP
 *     What is found looks into the bytes that were given.
 * ERRORS
 *     None. A quoted string that is never closed ends with the value.
 * STANDARDS
 *     RFC 2045, 5.1; RFC 2046, 5.1.1; RFC 4155, appendix A
 * BUGS
 *     Escapes in a quoted string stay as they are. Parameters that are split or encoded
 *     (RFC 2231) are not put together.
 */
#ifndef MIME_H
#define MIME_H

#include "base/span.h"

/* the value of the parameter "name=value", without its quotes; empty: none */
struct span mime_parameter(struct span field, const char *name);

/* the line is "--boundary", or "--boundary--" behind the last part; blanks may follow */
bool mime_is_boundary(struct span line, struct span boundary, bool *is_last_out);

/* the line begins a message of an mbox: "From ann@example.com Sun Nov 29 11:00:00 2026" */
bool mime_is_separator(struct span line);

#endif
