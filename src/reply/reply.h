/*
 * NAME
 *     reply - one reply of an SMTP server
 * DESCRIPTION
 *     reply_parse() reads the bytes received so far. A reply is one line or
 *     several ("250-" before the last, "250 "). Any bytes give a reply: what
 *     breaks the rules is a fault, and it is broken only where no client could
 *     continue to read. Of several codes the last counts, as for Postfix; a bare
 *     LF ends a line.
 * OWNERSHIP
 *     Lines and faults live in the arena and look into the bytes.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 5321, 4.2 and 4.5.3.1.5; RFC 2034, 3; RFC 3463, 2
 */
#ifndef REPLY_H
#define REPLY_H

#include "base/arena.h"
#include "base/span.h"
#include "model/reply.h"

void reply_parse(struct arena *arena, struct span bytes, struct reply *reply_out);

/* "5.7.1" at the start of the text, followed by a blank or nothing; false: kind becomes 0 */
bool smtp_enhanced_parse(struct span text, struct smtp_enhanced *code_out);

#endif
