/* What distinguishes a header from the text around it. */
#include "mail/mail_unwrap.h"

bool mail_unwrap_is_field(struct span line, bool is_known)
{
    static const char *const known[] = {"Return-Path",
                                        "Received",
                                        "Delivered-To",
                                        "From",
                                        "To",
                                        "Subject",
                                        "Date",
                                        "Message-ID",
                                        "MIME-Version",
                                        "Content-Type",
                                        "DKIM-Signature",
                                        "Authentication-Results",
                                        "Received-SPF",
                                        "Reply-To",
                                        "Sender",
                                        "ARC-Seal",
                                        "X-Original-To",
                                        "Envelope-To",
                                        "X-Mozilla-Status",
                                        "X-Received",
                                        "Status",
                                        "X-Account-Key",
                                        "X-GM-THRID"};
    ptrdiff_t colon = span_find(line, ':');
    struct span name = colon > 0 ? span_sub(line, 0, (size_t)colon) : (struct span){NULL, 0};

    while (name.len > 0 && ascii_is_blank(name.at[name.len - 1]))
        name.len--;
    for (size_t i = 0; i < name.len; i++)
        if (!ascii_is_visible(name.at[i]))
            return false;
    if (!is_known)
        return name.len > 0;
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (span_equal_nocase(name, known[i]))
            return true;
    return false;
}
