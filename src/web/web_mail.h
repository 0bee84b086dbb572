/*
 * NAME
 *     web_mail - a message to look at
 * DESCRIPTION
 *     Private to web/. Sender and recipients, the first plain text and the first HTML, and the
 *     attachments: for a list, a page and programs. Nothing is evaluated here.
 * OWNERSHIP
 *     In the arena. Texts are UTF-8 without NUL; octets that are none are replaced.
 * ERRORS
 *     None: any octets are a message. Beyond LIMIT_BOUNCE_DEPTH and LIMIT_BOUNCE_PARTS
 *     nothing is entered.
 * STANDARDS
 *     RFC 5322; RFC 2045, RFC 2046, RFC 2047, RFC 2183
 * BUGS
 *     Parameters that are continued (RFC 2231, 3) are not put together.
 */
#ifndef WEB_MAIL_H
#define WEB_MAIL_H

#include "base/arena.h"
#include "base/span.h"
#include "bounce/bounce_part.h"

struct web_attachment {
    const char *name; /* "": none was given */
    const char *type;
    const char *content_id; /* without <>; "" */
    size_t size;            /* decoded */
    bool is_inline;
};

struct web_mail {
    struct bounce_fields fields;
    const char *subject;
    const char *message_id; /* without <> */
    const char *text;
    const char *html; /* as it came, tags and all */
    struct web_attachment *attachments;
    size_t attachment_count;
};

void web_mail_read(struct arena *arena, struct span bytes, struct web_mail *mail_out);

/* bytes as UTF-8 that JSON can hold */
const char *web_mail_clean(struct arena *arena, struct span bytes);

#endif
