/*
 * NAME
 *     mail_client_relay - what other fields say about a hop
 * DESCRIPTION
 *     Private to the room: fields of the receiver that name the client,
 *     filters in front of it, and signs that the client is a forwarder or a
 *     mailing list, whose address belongs in nobody's SPF record.
 * OWNERSHIP
 *     Headers are those of the message.
 * ERRORS
 *     NULL: no such field.
 * STANDARDS
 *     RFC 7208, 9.1; RFC 8601, 2.2; RFC 2919 (List-Id); RFC 5322, 3.6.6
 */
#ifndef MAIL_CLIENT_RELAY_H
#define MAIL_CLIENT_RELAY_H

#include "base/arena.h"
#include "base/span.h"
#include "model/mail_message.h"
#include "model/mail_trace.h"
#include "model/provider.h"

/* a Received-SPF or Authentication-Results field that the server of hop `at` put on top of it
 * and that names the client of this hop or of one below; or one directly below it that names
 * its own client. Only hops with a public client of SMTP count */
const struct mail_header *mail_client_named_by(const struct mail_message *message,
                                               const struct mail_trace *trace, size_t at,
                                               size_t *named_out);

/* taken out of a mailbox or put into one, not sent by SMTP */
bool mail_client_is_delivery(struct span protocol);

/* the client logged in, by the protocol (RFC 3848; RFC 6531, 4.3) or a comment */
bool mail_client_is_submission(const struct mail_received *received);

/* it begins with one of the words, in any case */
bool mail_client_begins(struct span text, const char *const *words, size_t count);

/* equal texts that are not empty; case does not matter */
bool mail_client_is_same(struct span a, struct span b);

/* the name of the client that is worth more: the one that the server found itself */
struct span mail_client_name(const struct mail_received *received);

/* whose host it is, by data; NULL: nobody known */
const struct provider *mail_client_owner(struct arena *arena, const struct provider_set *known,
                                         struct span name);

/* an Authentication-Results field directly above says that the client logged in */
bool mail_client_logged_in(const struct mail_message *message, const struct mail_trace *trace,
                           size_t at);

/* whose filter in front of the receiver, or mailboxes, the client of the hop may be; NULL */
const struct provider *mail_client_filter_of(struct arena *arena,
                                             const struct provider_set *known,
                                             const struct mail_received *received);

/* which filter, at which hop */
struct mail_client_filter_at {
    const struct mail_message *message;
    const struct mail_trace *trace;
    const struct provider_set *known;
    const struct provider *filter; /* the owner of the client of hop `at` */
    size_t at;
};

/* the client of the hop is a filter in front of the receiver, which judged its own client: that
 * hop, and the field that names it */
const struct mail_header *mail_client_filter(struct arena *arena,
                                             const struct mail_client_filter_at *where,
                                             size_t *behind_out);

/* "a mailing list (List-Id)", "a forwarder (...)": why the client is not the sender's host;
 * NULL: nothing says so */
const char *mail_client_relay(struct arena *arena, const struct mail_message *message,
                              const struct mail_trace *trace, size_t at);

/* the domain that a host name belongs to: its last two labels, three below "co.uk" and the
 * like; empty for one label */
struct span mail_client_domain(struct span name);

#endif
