/*
 * NAME
 *     mail_trace_private - the parts of reading a trace
 * DESCRIPTION
 *     Private to mail/. mail_envelope.c chooses the hop that brought the
 *     message in, and mail_recipient.c finds its recipient;
 *     mail_auth_results.c reads the results of others.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     Total.
 */
#ifndef MAIL_TRACE_PRIVATE_H
#define MAIL_TRACE_PRIVATE_H

#include "base/arena.h"
#include "model/mail_message.h"
#include "model/mail_trace.h"
#include "model/provider.h"

/* the envelope that the trace's hops and the message's other trace fields show */
struct mail_envelope mail_envelope_find(struct arena *arena, const struct mail_message *message,
                                        const struct mail_trace *trace,
                                        const struct provider_set *known);

/* the recipient of the session whose hop the envelope knows, and where it is */
void mail_recipient_find(struct arena *arena, const struct mail_message *message,
                         const struct mail_trace *trace, struct mail_envelope *envelope);

/* the results of one Authentication-Results field; NULL if there are none */
struct mail_auth_result *mail_auth_results_parse(struct arena *arena,
                                                 const struct mail_header *header);

#endif
