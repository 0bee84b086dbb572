/*
 * NAME
 *     mail_unwrap - what is wrapped around a message in a file
 * DESCRIPTION
 *     Private to the room. Finds the message inside a file as people have it:
 *     a byte order mark, empty lines or a banner in front, an mbox with one
 *     or many messages, Apple Mail (.emlx), a capture of POP3, IMAP or SMTP,
 *     a delivery report or another message that carries the original. Each
 *     is recognised by content, left out and noted in one sentence.
 *
 *     A wrapping moves where the message begins and ends in the file, and
 *     dots that POP3 and SMTP double are taken out while the body is read.
 *     Only an original that is encoded is copied.
 * OWNERSHIP
 *     In the arena of the body, which is changed to the message.
 * ERRORS
 *     mail_unwrap() returns NULL and fills `why` if there is no message of the
 *     wanted number. A read error leaves `body->trouble`.
 * STANDARDS
 *     RFC 4155 (mbox); RFC 1939, 3 and RFC 5321, 4.5.2 (doubled dots); RFC
 *     3462 and RFC 3464 (delivery reports); RFC 2046, 5.1.1 (boundaries)
 * BUGS
 *     Of a message in an attachment of another type than message/rfc822, only
 *     a name that ends in ".eml" is recognised.
 */
#ifndef MAIL_UNWRAP_H
#define MAIL_UNWRAP_H

#include "base/err.h"
#include "base/span.h"
#include "mail/mail_body.h"
#include "mail/mail_message.h"
#include "model/mail_message.h"

struct mail_unwrapped {
    const char **notes; /* sentences, outermost first */
    size_t note_count;
    bool is_mbox;
    size_t messages; /* of an mbox; 1 otherwise */
    size_t number;   /* which is judged, from 1 */
    int line;        /* of the message's first line in the file, from 1 */
    /* the original inside a report holds no body: RFC 3462, 2 */
    bool is_header_only;
    const struct mail_report *report; /* NULL: no delivery report */
};

struct mail_unwrapped *mail_unwrap(struct mail_body *body, const struct mail_choice *choice,
                                   struct err *why);

/* the message that a multipart message carries: a delivery report or a forwarded original.
 * `unwrapped` is narrowed to it; false: it carries none */
bool mail_unwrap_inside(struct mail_body *body, struct mail_unwrapped *unwrapped);

/* why a file that begins so is refused; NULL: it may hold a message */
const char *mail_unwrap_foreign(struct span head);

/* does the line begin a header field; `known`: one of those that messages begin with */
bool mail_unwrap_is_field(struct span line, bool is_known);

#endif
