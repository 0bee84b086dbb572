/*
 * NAME
 *     servers - nsd and unbound for a test
 * DESCRIPTION
 *     Starts the real programs on a free port of 127.0.0.1, in the foreground, with a
 *     configuration and a directory of their own, and waits until they answer.
 * OWNERSHIP
 *     server_stop() ends the process and removes the directory. Texts live in the
 *     arena.
 * ERRORS
 *     Trouble fails the test. A test asks server_is_installed() first, and skips with
 *     a sentence if it is not.
 */
#ifndef TEST_SERVERS_H
#define TEST_SERVERS_H

#include <sys/types.h>

#include "base/arena.h"

struct server {
    pid_t pid;
    unsigned port;
    const char *directory;
    const char *spec; /* "live:127.0.0.1@PORT" */
};

struct server_zone {
    const char *apex; /* "zone.example" */
    const char *text; /* the zone file, with a SOA */
};

/* "nsd", "unbound": in PATH or where system programs are */
bool server_is_installed(const char *program);

/* an authority for the zones, which answers for nothing else */
struct server server_start_nsd(struct arena *arena, const struct server_zone *zones,
                               size_t count);

/* a resolver that asks `authority` about the zones, of which the last has no apex; `options`
 * are further lines of its "server:" clause, and may begin clauses of their own */
struct server server_start_unbound(struct arena *arena, const struct server *authority,
                                   const struct server_zone *zones, const char *options);
void server_stop(struct server *server);

/* the zone file that server_start_nsd() wrote */
const char *server_zone_path(struct arena *arena, const struct server *server,
                             const struct server_zone *zone);

#endif
