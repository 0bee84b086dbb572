/*
 * NAME
 *     mail_address - the addresses of a field
 * DESCRIPTION
 *     Filled in by mail/mail_address.h: what the strict grammar finds, and what a lenient
 *     reader takes for the address.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 5322, 3.4 and 4.4
 */
#ifndef MODEL_MAIL_ADDRESS_H
#define MODEL_MAIL_ADDRESS_H

#include "base/dns_name.h"
#include "base/span.h"

struct mail_address {
    const char *display;     /* decoded display name, escaped; "" if none */
    struct span local_part;  /* unquoted */
    struct span domain_text; /* as written */
    /* A-labels, NULL if it is not a domain name (literal, malformed) */
    const struct dns_name *domain;
    struct mail_address *next;
};

struct mail_address_list {
    /* what the strict grammar finds; nothing at all if there is a fault */
    struct mail_address *first;
    size_t count;
    /* NULL, or why the field is not an address list; safe to show */
    const char *fault;
    /* domain a lenient reader sees: last "@" outside comments in the last <...>, or
     * the last word with "@"; NULL if none */
    const struct dns_name *lenient;
    /* domain of an address that is in a display name, where a mail program shows it as
     * if it were the sender's; the first one; NULL if none */
    const struct dns_name *displayed;
};

#endif
