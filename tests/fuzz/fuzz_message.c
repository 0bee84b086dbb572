/* A whole message: header section, trace, signatures, ARC sets, body hashes. */
#include "auth/auth_arc.h"
#include "mail/mail_address.h"
#include "mail/mail_trace.h"
#include "fuzz.h"
#include "mail/mail_message.h"

FUZZ(arena, bytes)
{
    struct mail_message *message = mail_message_parse(arena, bytes);
    struct auth_dkim_prepared *dkim = NULL;
    const struct mail_header *from = mail_header_find(message, "From", 0);

    mail_trace_parse(arena, message, NULL);
    if (from != NULL)
        mail_address_list_parse(arena, from->value);
    auth_arc_prepare(arena, message, &dkim);
}
