/* A file as people have it: what stands around the message, and the body read to its end. */
#include <stdlib.h>

#include "mail/mail_message.h"
#include "fuzz.h"

FUZZ(arena, bytes)
{
    struct mail_message *message = mail_message_parse(arena, bytes);
    struct span chunk = {NULL, 0};
    size_t octets = 0;

    mail_body_rewind(message);
    while (mail_body_next(message, &chunk))
        octets += chunk.len;
    if (octets > 2 * bytes.len) /* only line ends grow */
        abort();
    mail_message_wire_size(message);
}
