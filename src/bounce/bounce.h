/*
 * NAME
 *     bounce - what came back instead of a delivery
 * DESCRIPTION
 *     bounce_read() finds out what bytes are: a delivery report in the form of RFC 3464 or in
 *     the text of a mail server, a failure or abuse report, lines of a mail log, the event of
 *     a sending service, or the reply of an SMTP server. Each recipient becomes an entry with
 *     the text about it, classified by reply/reply_class.h. The original message, or its
 *     header, is returned as bytes.
 * OWNERSHIP
 *     In the arena. Spans may look into the bytes read, which must outlive the result. Texts
 *     are untrusted octets: escape them before they are shown.
 * ERRORS
 *     None: any bytes give a result, with `faults`. Unknown bytes have the kind
 *     BOUNCE_NOTHING, an ordinary message BOUNCE_MESSAGE.
 * STANDARDS
 *     RFC 3464, RFC 6522, RFC 6533 (delivery reports); RFC 5965, RFC 6591 (feedback reports);
 *     RFC 2045 to 2047 (MIME)
 * BUGS
 *     Nothing beyond LIMIT_BOUNCE_BYTES is read.
 */
#ifndef BOUNCE_H
#define BOUNCE_H

#include "base/arena.h"
#include "base/span.h"
#include "model/bounce.h"

/* the bytes of a file, or what somebody pasted */
struct bounce *bounce_read(struct arena *arena, struct span bytes);

/* the first of several messages that are joined without a line between them; `*bytes` becomes
 * the rest */
struct span bounce_cut_report(struct arena *arena, struct span *bytes);

/* what the bytes look like, by their beginning */
enum bounce_kind bounce_kind_of(struct arena *arena, struct span head);

#endif
