/* Replies one after the other, as a client reads them. */
#include "fuzz.h"
#include "smtp/smtp_code.h"
#include "smtp/smtp_ehlo.h"

FUZZ(arena, bytes)
{
    struct smtp_reply reply = {0};

    do {
        smtp_reply_parse(arena, bytes, &reply);
        smtp_reply_to_text(arena, &reply);
        smtp_code_of_reply(&reply);
        smtp_ehlo_offers(smtp_ehlo_parse(arena, &reply), "PLAIN");
        bytes = span_from(bytes, reply.used);
    } while (reply.state == SMTP_REPLY_COMPLETE && bytes.len > 0);
}
