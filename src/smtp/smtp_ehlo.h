/*
 * NAME
 *     smtp_ehlo - the extensions a server lists
 * DESCRIPTION
 *     Read from the lines of a reply to EHLO after the first. What is not known
 *     here is kept as text.
 * OWNERSHIP
 *     In the arena; looks into the reply.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 5321, 4.1.1.1; RFC 1870 (SIZE); RFC 3207; RFC 4954, 3
 */
#ifndef SMTP_EHLO_H
#define SMTP_EHLO_H

#include "base/arena.h"
#include "model/reply.h"
#include "model/smtp_probe.h"

struct smtp_ehlo *smtp_ehlo_parse(struct arena *arena, const struct reply *reply);

/* the mechanism is in the list, ASCII case folded */
bool smtp_ehlo_offers(const struct smtp_ehlo *ehlo, const char *mechanism);

#endif
