/*
 * NAME
 *     base64 - octets as letters
 * DESCRIPTION
 *     Strict both ways. Who reads mail, where octets that do not belong are skipped, takes the
 *     letters one by one with base64_value().
 * OWNERSHIP
 *     Results are in the arena.
 * ERRORS
 *     base64_decode() returns false and empties the result.
 * STANDARDS
 *     RFC 4648, 4
 */
#ifndef BASE64_H
#define BASE64_H

#include "base/arena.h"
#include "base/span.h"

extern const char base64_letters[65]; /* by value */

/* of a letter, 0 to 63; -1 for any other octet, "=" too */
int base64_value(char letter);

/* ends in a NUL that does not count */
struct span base64_encode(struct arena *arena, struct span octets);

/* whole groups of four letters, without blanks */
bool base64_decode(struct arena *arena, struct span text, struct span *octets_out);

#endif
