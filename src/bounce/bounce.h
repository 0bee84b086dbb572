/*
 * NAME
 *     bounce - what came back instead of a delivery
 * DESCRIPTION
 *     bounce_read() looks at bytes and finds out what they are: a delivery report in the form
 *     of RFC 3464 or in the text of a mail server, a failure or abuse report, lines of a mail
 *     log, the event of a sending service, or the reply of an SMTP server. Each recipient
 *     becomes an entry with the text about it, classified by reply/reply_class.h.
 *
 *     What the message that came back carries of the original is returned as bytes: its
 *     header, and its body where all of it is there.
 * OWNERSHIP
 *     In the arena. Spans may look into the bytes that were given, which must outlive the
 *     result. Texts are untrusted octets: escape them before they are shown.
 * ERRORS
 *     None: any bytes give a result. What is odd about them is in `faults`; bytes that are
 *     none of these kinds have the kind BOUNCE_NOTHING, an ordinary message BOUNCE_MESSAGE.
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

/* the first message of several that follow each other without a line between them, as somebody
 * joined them: it ends behind the last boundary of its multipart. `*bytes` becomes the rest */
struct span bounce_cut_report(struct arena *arena, struct span *bytes);

/* what the bytes look like, by their beginning: cheap */
enum bounce_kind bounce_kind_of(struct arena *arena, struct span head);

#endif
