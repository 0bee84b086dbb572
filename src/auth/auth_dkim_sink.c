/*
 * Digests that share their input. They are OpenSSL's own functions of SHA and not those behind
 * EVP: these would first read a configuration and name every algorithm, which costs a process
 * that checks one message a quarter of its work, and may refuse SHA-1, which is shown.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
#include <string.h>

#include "auth/auth_dkim_sink.h"
#include "base/must.h"

#define DIRECT_MIN 256 /* from here on copying costs more than a call */

/* a hash that is being computed: the second one if it is SHA-1 */
union hash_state {
    SHA256_CTX sha256;
    SHA_CTX sha1;
};

struct auth_dkim_digest {
    union hash_state hash;
    bool is_sha1;
    bool is_ended; /* see `value` */
    uint64_t limit;
    uint64_t done;
    struct span value;
    struct auth_dkim_digest *next;
};

void auth_dkim_fingerprint(struct span octets, unsigned char *fingerprint_out)
{
    SHA256_CTX hash;

    must(SHA256_Init(&hash) == 1 && SHA256_Update(&hash, octets.at, octets.len) == 1 &&
         SHA256_Final(fingerprint_out, &hash) == 1);
}

struct auth_dkim_digest *auth_dkim_sink_continue(struct auth_dkim_sink *sink,
                                                 const struct auth_dkim_sink *from)
{
    struct auth_dkim_digest *digest = sink->digests;

    must(from->digests != NULL && !from->digests->is_ended);
    if (digest == NULL)
        digest = sink->digests = arena_new_of(sink->arena, struct auth_dkim_digest);
    *digest = *from->digests;
    digest->next = NULL;
    sink->total = from->total;
    sink->len = from->len;
    memcpy(sink->pending, from->pending, from->len);
    return digest;
}

struct auth_dkim_sink *auth_dkim_sink_open(struct arena *arena)
{
    struct auth_dkim_sink *sink = arena_new_of(arena, struct auth_dkim_sink);

    sink->arena = arena;
    return sink;
}

void auth_dkim_sink_reset(struct auth_dkim_sink *sink)
{
    sink->digests = NULL;
    sink->total = 0;
    sink->len = 0;
}

struct auth_dkim_digest *auth_dkim_sink_digest(struct auth_dkim_sink *sink,
                                               enum rec_dkim_algorithm algorithm,
                                               uint64_t limit)
{
    bool is_sha1 = algorithm == REC_DKIM_RSA_SHA1;
    struct auth_dkim_digest *digest = NULL;

    for (digest = sink->digests; digest != NULL; digest = digest->next)
        if (digest->limit == limit && digest->is_sha1 == is_sha1)
            return digest;
    digest = arena_new_of(sink->arena, struct auth_dkim_digest);
    digest->is_sha1 = is_sha1;
    digest->limit = limit;
    must((is_sha1 ? SHA1_Init(&digest->hash.sha1) : SHA256_Init(&digest->hash.sha256)) == 1);
    digest->next = sink->digests;
    return sink->digests = digest;
}

/* hash_add - octets to one digest */
static void hash_add(struct auth_dkim_digest *digest, const char *octets, size_t len)
{
    must((digest->is_sha1 ? SHA1_Update(&digest->hash.sha1, octets, len)
                          : SHA256_Update(&digest->hash.sha256, octets, len)) == 1);
    digest->done += len;
}

/* dkim_sink_feed - give octets to every digest that wants more */
static void dkim_sink_feed(struct auth_dkim_sink *sink, const char *octets, size_t len)
{
    for (struct auth_dkim_digest *digest = sink->digests; digest != NULL;
         digest = digest->next) {
        uint64_t left = digest->limit - digest->done;
        size_t part = left < len ? (size_t)left : len;

        if (part > 0 && !digest->is_ended)
            hash_add(digest, octets, part);
    }
}

void auth_dkim_sink_add(struct auth_dkim_sink *sink, const char *octets, size_t len)
{
    sink->total += len;
    if (sink->copy != NULL)
        sbuf_add_span(sink->copy, span_make(octets, len));
    if (len > sizeof(sink->pending) - sink->len || len >= DIRECT_MIN) {
        dkim_sink_feed(sink, sink->pending, sink->len);
        sink->len = 0;
    }
    if (len >= DIRECT_MIN) {
        dkim_sink_feed(sink, octets, len);
        return;
    }
    if (len > 0)
        memcpy(sink->pending + sink->len, octets, len);
    sink->len += len;
}

struct span auth_dkim_digest_end(struct auth_dkim_sink *sink, struct auth_dkim_digest *digest)
{
    unsigned char value[SHA256_DIGEST_LENGTH];
    size_t len = digest->is_sha1 ? SHA_DIGEST_LENGTH : SHA256_DIGEST_LENGTH;

    dkim_sink_feed(sink, sink->pending, sink->len);
    sink->len = 0;
    if (digest->is_ended)
        return digest->value;
    must((digest->is_sha1 ? SHA1_Final(value, &digest->hash.sha1)
                          : SHA256_Final(value, &digest->hash.sha256)) == 1);
    digest->is_ended = true;
    return digest->value = arena_span(sink->arena, span_make((const char *)value, len));
}
