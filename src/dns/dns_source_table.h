/*
 * NAME
 *     dns_source_table - how each type of source is opened
 * DESCRIPTION
 *     A row DNS_SOURCE(type, what_it_is) of source_table.def makes "type:rest" a
 *     source spec and wants one function dns_<type>_source_open(), written in
 *     source_<type>.c. Private to dns/; others call dns_source_open().
 * OWNERSHIP
 *     The handle returned is closed by dns_source_close(), which calls ops->close().
 *     The source and its answers live in request->arena.
 * ERRORS
 *     NULL and `why`: ERR_USAGE for a spec that makes no sense, ERR_INPUT for a file
 *     that cannot be used.
 */
#ifndef DNS_SOURCE_TABLE_H
#define DNS_SOURCE_TABLE_H

#include "dns/dns_source.h"

struct dns_source_request {
    struct arena *arena;
    const char *spec; /* "zone:example.com.zone@example.com"; lives in the arena */
    const char *rest; /* what follows the colon */
    struct dns_source_options options;
};

#define DNS_SOURCE(type, what_it_is)                                                      \
    struct dns_source *dns_##type##_source_open(const struct dns_source_request *request, \
                                                struct err *why);
#include "dns/source_table.def"
#undef DNS_SOURCE

#endif
