/*
 * NAME
 *     mail_address - the addresses of a From field
 * DESCRIPTION
 *     Reads an address list strictly by RFC 5322 (obsolete syntax of section
 *     4 included, comments, groups, quoted strings, RFC 6532 UTF-8), and
 *     in addition what a lenient reader (a mail program, an old filter) takes
 *     for the address. Where the two differ somebody can be deceived.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     Total: what is wrong is in `fault`.
 * STANDARDS
 *     RFC 5322, 3.4 and 4.4; RFC 6854 (groups in From); RFC 6532; RFC 2047
 *     (display names); RFC 5321, 4.1.2 (paths); RFC 9989 (author domain)
 * BUGS
 *     Encoded words in charsets other than UTF-8, US-ASCII and ISO-8859-1 are
 *     shown as written. A value over 65,536 octets is not read.
 */
#ifndef MAIL_ADDRESS_H
#define MAIL_ADDRESS_H

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/err.h"
#include "base/span.h"
#include "model/mail_address.h"

struct mail_address_list *mail_address_list_parse(struct arena *arena, struct span value);

/* a reverse-path or forward-path as on the command line or in Return-Path: "<a@b>",
 * "a@b", "<>", "<@b>" (SPF takes an empty local part for postmaster: RFC 7208, 4.3).
 * Gives the text inside without <>, "" for the null path; false if it is
 * none of these */
bool mail_path_parse(struct arena *arena, struct span text, const char **path_out);

/* the domain of such a path, NULL for "" or a malformed one; `why` may be NULL */
const struct dns_name *mail_path_domain(struct arena *arena, const char *path, struct err *why);

#endif
