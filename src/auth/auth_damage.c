/*
 * Which signatures are looked at, and what they may cost together. Body hashes that agree in
 * canonicalization and l= share one search.
 */
#include "auth/auth_damage_private.h"
#include "auth/auth_dkim_sink.h"
#include "base/limits.h"
#include "model/result.h"

#define DIGEST_OCTETS 32 /* SHA-256 */

/* damage_in_body - is there a body whose hash does not match */
static bool damage_in_body(const struct damage_work *work, size_t index)
{
    const struct auth_dkim_signature *signature = &work->prepared->signatures[index];

    return work->verdicts[index].body_hash == HASH_MISMATCH && signature->body_digest.len > 0 &&
           signature->parsed.body_hash.len > 0 &&
           signature->parsed.algorithm != REC_DKIM_RSA_SHA1;
}

/* damage_is_missing - the message at hand ends with its header section; a body was signed */
static bool damage_is_missing(const struct damage_work *work, size_t index)
{
    static const char *const empty[] = {"", "\r\n"}; /* RFC 6376, 3.4.3 and 3.4.4 */
    struct span hash = work->prepared->signatures[index].parsed.body_hash;

    if (work->message->has_body || work->verdicts[index].body_hash == HASH_MATCH ||
        hash.len != DIGEST_OCTETS || work->prepared->signatures[index].is_over_limit)
        return false;
    for (size_t i = 0; i < 2; i++) {
        unsigned char digest[DIGEST_OCTETS];

        auth_dkim_fingerprint(span_of(empty[i]), digest);
        if (memcmp(digest, hash.at, sizeof(digest)) == 0)
            return false;
    }
    return true;
}

/* damage_report_missing - there is nothing to search in */
static void damage_report_missing(struct damage_work *work, size_t index)
{
    damage_report(work, index,
                  (struct auth_damage){
                      .kind = AUTH_DAMAGE_BODY_MISSING,
                      .part = AUTH_DAMAGE_IN_BODY,
                      .text = "the message at hand ends with its header section",
                      .proof = "bh= is not the hash of an empty body",
                  });
}

/* damage_body_limit - how much of the body the signature covers */
static uint64_t damage_body_limit(const struct auth_dkim_signature *signature)
{
    return signature->parsed.has_length ? signature->parsed.length : AUTH_DKIM_NO_LIMIT;
}

/* damage_search_alike - one search for a signature and all later ones like it */
static void damage_search_alike(struct damage_work *work, size_t first, bool *is_done)
{
    const struct auth_dkim_signature *signatures = work->prepared->signatures;
    size_t *indexes = arena_array_of(work->scratch, size_t, work->prepared->count);
    struct damage_targets targets = {
        .canon = signatures[first].parsed.body_canon,
        .limit = damage_body_limit(&signatures[first]),
        .indexes = indexes,
    };

    for (size_t i = first; i < work->prepared->count; i++) {
        if (is_done[i] || !damage_in_body(work, i) ||
            signatures[i].parsed.body_canon != targets.canon ||
            damage_body_limit(&signatures[i]) != targets.limit)
            continue;
        is_done[i] = true;
        indexes[targets.count++] = i;
    }
    damage_search_body(work, &targets);
}

/* damage_search_bodies - a search for each canonicalization and l=, not for many */
static void damage_search_bodies(struct damage_work *work)
{
    bool *is_done = arena_array_of(work->scratch, bool, work->prepared->count);
    size_t searches = 0;

    for (size_t i = 0; i < work->prepared->count; i++) {
        if (damage_is_missing(work, i))
            damage_report_missing(work, i);
        if (is_done[i] || !work->message->has_body || !damage_in_body(work, i))
            continue;
        if (searches++ < LIMIT_DAMAGE_SEARCHES)
            damage_search_alike(work, i, is_done);
    }
}

/* damage_search_headers - signatures that were verified with a key and do not hold */
static void damage_search_headers(struct damage_work *work)
{
    size_t searches = 0;

    for (size_t i = 0; i < work->prepared->count; i++)
        if (work->verdicts[i].header_hash == HASH_MISMATCH &&
            searches++ < LIMIT_DAMAGE_SIGNATURES)
            damage_search_header(work, i);
}

/* damage_is_needed - is there a signature that was judged and does not hold, or could not be
 * judged for want of a body */
static bool damage_is_needed(const struct auth_dkim_prepared *prepared,
                             const struct auth_dkim_verdict *verdicts)
{
    if (!prepared->message->has_body && prepared->count > 0)
        return true;
    for (size_t i = 0; i < prepared->count; i++)
        if (!verdicts[i].is_pending && (verdicts[i].body_hash == HASH_MISMATCH ||
                                        verdicts[i].header_hash == HASH_MISMATCH))
            return true;
    return false;
}

const struct auth_damage *const *auth_damage_find(struct arena *arena,
                                                  struct mail_message *message,
                                                  const struct auth_dkim_prepared *prepared,
                                                  const struct auth_dkim_verdict *verdicts)
{
    struct damage_work work = {
        .arena = arena,
        .message = message,
        .prepared = prepared,
        .verdicts = verdicts,
        .lists = arena_array_of(arena, struct auth_damage *, prepared->count),
        .octets_left = LIMIT_DAMAGE_OCTETS + (uint64_t)LIMIT_DAMAGE_PASSES * message->size,
        .checks_left = LIMIT_DAMAGE_CHECKS,
    };

    if (!damage_is_needed(prepared, verdicts))
        return (const struct auth_damage *const *)work.lists;
    work.scratch = arena_open();
    damage_search_headers(&work);
    damage_search_bodies(&work);
    arena_close(work.scratch);
    return (const struct auth_damage *const *)work.lists;
}
