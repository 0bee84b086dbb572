/*
 * NAME
 *     session - the SMTP session as it would go
 * DESCRIPTION
 *     One step for each row of the dialogue that applies: what client and server
 *     send, what the server then checks, its verdict and the evidence. No connection
 *     is made; what is unknown is marked as unknown.
 *
 *     Receivers whose sessions are the same share one transcript. Where a receiver
 *     refuses early, by its own rules, its transcript ends there. The longest
 *     transcript comes first; notes that the others share with it are not repeated in
 *     text. The step after the final dot shows the policy of the author domain and
 *     the reply of each receiver; a reply that differs only there does not make
 *     another transcript.
 *
 *     On a submission port (report->port) the client is a mail program and the server
 *     relays the message: receivers evaluate it later, on port 25.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 5321; RFC 7208; RFC 6376; RFC 8617; RFC 9989; RFC 7505; RFC 1870; RFC 6409;
 *     RFC 8314
 */
#ifndef SESSION_H
#define SESSION_H

#include "model/report.h"
#include "model/session.h"

/* all transcripts, one after the other */
const struct session_step *session_of(struct arena *arena, const struct report *report);

#endif
