/*
 * NAME
 *     hostile - a name server that misbehaves on request
 * DESCRIPTION
 *     A child process with a UDP and a TCP socket on one port of 127.0.0.1. The
 *     first label of the name asked for says what it does, see the table at the end
 *     of hostile_behaviour.c: "refused.example" is refused, "trunc.example" truncated,
 *     "ok.example" answered with 192.0.2.1. Answers for "burst..." wait until there are
 *     LIMIT_IN_FLIGHT of them, those for "over..." for one more. It writes its packets octet by octet
 *     and shares no code with what it tests.
 * OWNERSHIP
 *     hostile_start() starts the child, hostile_stop() ends it; it does not outlive
 *     the test.
 * ERRORS
 *     Trouble fails the test.
 */
#ifndef TEST_HOSTILE_H
#define TEST_HOSTILE_H

#include <sys/types.h>

#include "base/arena.h"

struct hostile {
    pid_t pid;
    unsigned port;
    const char *spec;      /* "live:127.0.0.1@PORT" */
    const char *ipv6_spec; /* "live:::1@PORT", UDP only; NULL: this machine has no ::1 */
};

struct hostile hostile_start(struct arena *arena);
void hostile_stop(struct hostile *server);

#endif
