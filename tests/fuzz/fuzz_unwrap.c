/* A file as people have it: what stands around the message, and the body read to its end. */
#include "base/must.h"
#include "fuzz.h"
#include "mail/mail_message.h"

FUZZ(arena, bytes)
{
    struct mail_message *message = mail_message_parse(arena, bytes);
    struct span chunk = {NULL, 0};
    size_t octets = 0;

    mail_body_rewind(message);
    while (mail_body_next(message, &chunk))
        octets += chunk.len;
    must(octets <= 2 * bytes.len); /* only line ends grow */
    for (size_t i = 0; i < message->header_count; i++)
        must(message->headers[i].raw.len <= 2 * bytes.len);
    must(mail_message_wire_size(message) <= 4 * bytes.len + 4);
}
