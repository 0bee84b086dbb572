/*
 * NAME
 *     world - a small DNS for tests, written as text
 * DESCRIPTION
 *     A source that answers from lines "NAME TYPE RDATA" (zone file syntax,
 *     absolute names without the final dot understood, TTL 300), and
 *     "NAME TYPE !STATUS" for a failure of that question ("!SERVFAIL",
 *     "!TIMEOUT", "* TYPE" stands for any name at or below: "*.example.com").
 *     NAME "." TYPE "!STATUS" fails everything not listed. It is closed: a name
 *     not listed is NXDOMAIN, NODATA if it or something below it is listed.
 *     A CNAME is answered for every type. Lines starting with "#" are comments.
 * OWNERSHIP
 *     In the arena; source_close() is accepted and does nothing.
 */
#ifndef TEST_WORLD_H
#define TEST_WORLD_H

#include "ledger/ledger.h"
#include "source/source.h"

struct source *world_source(struct arena *arena, const char *text);

/* run `pass(ctx)` until it returns true (done), filling the ledger between the passes; fails
 * the test after 50 rounds */
void world_run(struct ledger *ledger, struct source *source, bool (*pass)(void *ctx),
               void *ctx);

#endif
