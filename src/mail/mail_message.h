/*
 * NAME
 *     mail_message - a message as it is in the file
 * DESCRIPTION
 *     The header section is parsed and kept; the body is read again and again
 *     in chunks, so a message of 100 MB costs no more memory than its header.
 *     A file whose first line ends in a bare LF is taken as a Unix file: each
 *     LF reads as CRLF. A file whose first line ends in CRLF is taken as it
 *     was on the wire, and a bare LF or CR in it is kept and noted. What
 *     is around the message in the file is left out and noted
 *     (mail/mail_unwrap.h). What holds no message as it was sent, as an
 *     Outlook .msg, is refused with the way to export it. Header and body
 *     are returned with CRLF. A line in the header section that is not a field
 *     (no colon, or a blank inside the name) begins the body, as with Postfix
 *     and Sendmail. Of each kind of fault the first place is reported; the body is
 *     searched for them up to 64 KB.
 * OWNERSHIP
 *     mail_message_choose() gives a handle; everything it returns lives in
 *     the arena. mail_message_parse() looks at memory that must outlive it and
 *     needs no close.
 * ERRORS
 *     mail_message_choose() returns NULL and fills `why`: missing file, directory, empty file,
 *     no header at all, header section over LIMIT_HEADER_BYTES. Oddities of
 *     the content are `faults`.
 * STANDARDS
 *     RFC 5322, 2; RFC 5321, 4.5.3.1.6 (lines), RFC 4155 (mbox)
 */
#ifndef MAIL_MESSAGE_H
#define MAIL_MESSAGE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "model/mail_message.h"

/* which message of the file */
struct mail_choice {
    size_t number; /* of an mbox, from 1; 0: not given */
    bool is_outer; /* the outer message where it carries another one */
    bool
        is_wire; /* the octets are those of the wire: nothing is around them, LF alone is odd */
};

/* the message of an open descriptor, which it takes over; `path` is its name */
struct mail_message *mail_message_open_at(struct arena *arena, int fd, const char *path,
                                          struct err *why);
/* the message of a file, and which of them */
struct mail_message *mail_message_choose(struct arena *arena, const char *path,
                                         const struct mail_choice *choice, struct err *why);
struct mail_message *mail_message_parse(struct arena *arena, struct span bytes);
void mail_message_close(struct mail_message *message); /* accepts NULL */

/* read the body from its start: rewind, then next until it returns false. Chunks are CRLF
 * normalised as described above, of any length, valid until the next call. After the last chunk
 * mail_body_failed() says whether reading broke off (errno text) or ended. */
void mail_body_rewind(struct mail_message *message);
bool mail_body_next(struct mail_message *message, struct span *chunk_out);
const char *mail_body_failed(const struct mail_message *message); /* NULL: all was read */

/* octets that go over the wire between DATA and the final dot, dots that are doubled counted
 * once (RFC 1870, 5): reads the body once more */
uint64_t mail_message_wire_size(struct mail_message *message);

#endif
