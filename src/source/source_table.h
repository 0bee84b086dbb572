/*
 * NAME
 *     source_table - how each type of source is opened
 * DESCRIPTION
 *     A row SOURCE(type, what_it_is) of source_table.def makes "type:rest" a
 *     source spec and wants one function source_<type>_open(), written in
 *     source_<type>.c. Private to source/; others call source_open().
 * OWNERSHIP
 *     The handle returned is closed by source_close(), which calls ops->close().
 *     The source and its answers live in request->arena.
 * ERRORS
 *     NULL and `why`: ERR_USAGE for a spec that makes no sense, ERR_INPUT for a file
 *     that cannot be used.
 */
#ifndef SOURCE_TABLE_H
#define SOURCE_TABLE_H

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/err.h"
#include "source/source.h"

struct source_request {
    struct arena *arena;
    const char *spec; /* "zone:example.com.zone@example.com"; lives in the arena */
    const char *rest; /* what follows the colon */
    struct source_options options;
};

/* what "FILE[@NAME]" names */
struct source_file_spec {
    const char *path;
    const struct dns_name *origin; /* NULL: the file says it */
};
struct source_file_spec source_split_spec(struct arena *arena, const char *rest);

#define SOURCE(type, what_it_is) \
    struct source *source_##type##_open(const struct source_request *request, struct err *why);
#include "source/source_table.def"

#endif
