/*
 * NAME
 *     mail_octets - what is unusual in a text, found fast
 * DESCRIPTION
 *     Private to mail/. Nearly every message has nothing of this kind, and only one that has is
 *     looked at line by line.
 * OWNERSHIP
 *     Nothing is allocated.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 5322, 2.1, 2.1.1 and 2.3
 */
#ifndef MAIL_OCTETS_H
#define MAIL_OCTETS_H

#include <stdbool.h>

#include "base/span.h"

#define MAIL_LINE_MAX 998 /* octets without the line end: RFC 5322, 2.1.1 */

bool mail_octets_are_8bit(struct span text);       /* one is beyond ASCII */
bool mail_octets_are_odd(struct span text);        /* a CR or LF without the other, or a NUL */
bool mail_octets_have_long_line(struct span text); /* of a text whose line ends are not odd */

#endif
