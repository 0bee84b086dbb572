/*
 * NAME
 *     mime - parameters of header fields, and the lines between parts
 * DESCRIPTION
 *     Reads what mail programs write, well formed or not.
 * OWNERSHIP
 *     What is found looks into the bytes that were given.
 * ERRORS
 *     None. A quoted string that is never closed ends with the value.
 * STANDARDS
 *     RFC 2045, 5.1; RFC 2046, 5.1.1
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

#endif
