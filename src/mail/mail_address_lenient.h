/*
 * NAME
 *     mail_address_lenient - the address a careless reader takes
 * DESCRIPTION
 *     Private to mail/. The last "@" in the last "<...>", else the last word
 *     with an "@", both outside comments; the domain is what follows up to a
 *     blank or bracket.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     NULL if there is no such domain.
 */
#ifndef MAIL_ADDRESS_LENIENT_H
#define MAIL_ADDRESS_LENIENT_H

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/span.h"

const struct dns_name *mail_lenient_domain(struct arena *arena, struct span value);

#endif
