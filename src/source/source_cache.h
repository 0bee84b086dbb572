/*
 * NAME
 *     source_cache - packets that answer a query, for as long as they may be kept
 * DESCRIPTION
 *     Private to source/. Below all ledgers of a process: a query that two subjects have in
 *     common is sent once. Kept are packets, not answers, so that whoever asks makes an
 *     answer of his own from one, in his own memory. Positive and negative answers are kept
 *     for their TTL, at most LIMIT_CACHE_SECONDS; failures never are.
 *
 *     The memory is bounded: two halves of LIMIT_CACHE_BYTES / 2. What is stored goes into
 *     the younger one, and so does what is found in the older one; when the younger is full,
 *     the older is dropped. So what was not queried during one filling goes first.
 * OWNERSHIP
 *     What is kept has arenas of its own, given back by source_cache_close(). A packet that
 *     was found is there until the next call.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 1035, 7.4; RFC 2308, 5
 */
#ifndef SOURCE_CACHE_H
#define SOURCE_CACHE_H

#include "base/arena.h"
#include "base/span.h"
#include "model/dns_answer.h"

struct source_cache;

struct source_cached {
    struct span packet;
    unsigned server; /* which one sent it */
    bool has_edns;   /* how it was queried */
    bool is_tcp;
};

struct source_cache *source_cache_open(struct arena *arena);
void source_cache_close(struct source_cache *cache); /* accepts NULL */

/* what time it is, in milliseconds; it never goes back */
void source_cache_tick(struct source_cache *cache, int64_t now_ms);

/* false: nothing is known, or its time is up */
bool source_cache_find(struct source_cache *cache, const struct dns_question *question,
                       bool wants_proofs, struct source_cached *cached_out);

/* for the TTL of the answer; nothing is kept of a failure, or of an answer without a TTL */
void source_cache_store(struct source_cache *cache, const struct dns_answer *answer,
                        bool wants_proofs, const struct source_cached *cached);

#endif
