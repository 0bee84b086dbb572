/*
 * NAME
 *     dns/dns_ldns.h - ldns, included so that `bool` stays what it is
 * DESCRIPTION
 *     Unless <stdbool.h> came first, <ldns/ldns.h> defines _Bool as signed char: a
 *     structure or function with a bool is then another one in this file than in the
 *     rest of the program. So ldns is never included directly.
 * OWNERSHIP
 *     None.
 * ERRORS
 *     None.
 */
#ifndef DNS_LDNS_H
#define DNS_LDNS_H

#include <stdbool.h>

#include <ldns/ldns.h>

#endif
