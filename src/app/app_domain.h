/*
 * NAME
 *     app_domain - the domain that the user names
 * DESCRIPTION
 *     A domain is often given as something else, as an address or a URL.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     NULL and `why`.
 */
#ifndef APP_DOMAIN_H
#define APP_DOMAIN_H

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/err.h"

/* the domain argument; NULL and `why`, with what was probably meant */
const struct dns_name *app_domain(struct arena *arena, const char *text, struct err *why);

#endif
