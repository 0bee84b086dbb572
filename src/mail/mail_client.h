/*
 * NAME
 *     mail_client - which Received field shows the client that SPF is about
 * DESCRIPTION
 *     Private to mail/. SPF is about the host that connected to the receiver.
 *     Its Received field is searched from the top. At each one:
 *
 *     1. A Received-SPF or Authentication-Results field that was put on top
 *        of it names the client of this field or of one below: that one is
 *        taken, because the receiver itself says so. (A field directly below counts
 *        if it names the client of this one.)
 *     2. The client logged in: a submission. The message is the copy of its
 *        sender, and no client is known.
 *     3. It is not a transfer between organisations: taken out of a mailbox
 *        or put into one (LMTP, IMAP, POP3, HTTP, MAPI), no client address or
 *        a private one, both names of one known receiver, of one host, or of
 *        one domain whose host took the message in. The next field is looked
 *        at.
 *     4. Otherwise it is the client.
 *
 *     Two things change that: a filter in front of the receiver that evaluated
 *     the message itself gives its own client, and a client behind
 *     a private address of another domain (a container, NAT) is not known.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     Total. What rests on names alone is `is_guessed`.
 * STANDARDS
 *     RFC 7208, 2.2 and 9.1; RFC 8601, 2.2 and 5; RFC 3848; RFC 5321, 4.4
 * BUGS
 *     A domain is the last two labels of a name, three below endings as
 *     "co.uk"; the public suffix list is not used.
 */
#ifndef MAIL_CLIENT_H
#define MAIL_CLIENT_H

#include "base/arena.h"
#include "model/mail_message.h"
#include "model/mail_trace.h"
#include "model/provider.h"

struct mail_client mail_client_find(struct arena *arena, const struct mail_message *message,
                                    const struct mail_trace *trace,
                                    const struct provider_set *known);

#endif
