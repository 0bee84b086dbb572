/*
 * NAME
 *     mail_received - one trace field, read
 * DESCRIPTION
 *     Received fields are written in many forms: Postfix, Sendmail and Gmail
 *     put the address in brackets in a comment, Exim puts the HELO name
 *     there, Exchange and qmail a bare address, Yahoo the address in front.
 *     What is read is what all of them mean: who the client said it is, and
 *     where it connected from.
 * OWNERSHIP
 *     Spans look into the value.
 * ERRORS
 *     Total: parts that are not there are empty.
 * STANDARDS
 *     RFC 5321, 4.4; RFC 7208, 9.1
 */
#ifndef MAIL_RECEIVED_H
#define MAIL_RECEIVED_H

#include "base/arena.h"
#include "base/ip.h"
#include "base/span.h"
#include "model/mail_trace.h"

struct mail_received mail_received_parse(struct span value);

/* the same parts of a Received-SPF field; `by` is the receiver, protocol stays empty */
struct mail_received mail_received_spf_parse(struct arena *arena, struct span value);

/* an address literal without its brackets (RFC 5321, 4.1.3), or a plain address */
bool mail_ip_parse(struct span text, struct ip_address *address_out);

#endif
