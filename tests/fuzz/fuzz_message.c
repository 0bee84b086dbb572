/* A whole message: header section, trace, signatures, body hashes. */
#include "auth/auth_dkim.h"
#include "mail/mail_address.h"
#include "mail/mail_trace.h"
#include "fuzz.h"

FUZZ(arena, bytes)
{
    struct mail_message *message = mail_message_parse(arena, bytes);
    const struct mail_header *from = mail_header_find(message, "From", 0);

    mail_trace_parse(arena, message);
    if (from != NULL)
        mail_address_list_parse(arena, from->value);
    auth_dkim_prepare(arena, message);
}
