/*
 * NAME
 *     mail_trace - where a message came from, by its own trace fields
 * DESCRIPTION
 *     Reads Received fields (client address, HELO, times as the large MTAs
 *     write them), Return-Path and existing Authentication-Results and
 *     Received-SPF, and what ARC keeps of them. None of it is
 *     trusted: it is shown, and used as the envelope when the user gave none,
 *     never as a verdict.
 *
 *     The envelope's client is the one that mail/mail_client.h finds, with its
 *     reason; the sender comes from Return-Path, else from what the chosen
 *     field or Received-SPF says. `note` says all of it in one sentence.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     Total: fields that cannot be read have NULL parts.
 * STANDARDS
 *     RFC 5321, 4.4; RFC 8601, 2; RFC 7208, 9.1; RFC 8617, 4.1.1
 */
#ifndef MAIL_TRACE_H
#define MAIL_TRACE_H

#include "base/arena.h"
#include "base/ip.h"
#include "model/mail_message.h"
#include "model/mail_trace.h"
#include "model/provider.h"

struct mail_arc_results mail_arc_results_parse(struct arena *arena,
                                               const struct mail_header *header);

/* `known`: whose hosts are known by name; NULL: nobody's */
struct mail_trace *mail_trace_parse(struct arena *arena, const struct mail_message *message,
                                    const struct provider_set *known);

#endif
