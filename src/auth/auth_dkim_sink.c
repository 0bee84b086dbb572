/* Digests that share their input. The algorithms are fetched once: a fetch costs more than
 * hashing a short header. */
#include <openssl/evp.h>
#include <string.h>

#include "auth/auth_dkim_sink.h"
#include "base/must.h"

#define DIRECT_MIN 256 /* from here on copying costs more than a call */

struct auth_dkim_digest {
    EVP_MD_CTX *ctx; /* NULL: ended, see `value` */
    enum rec_dkim_algorithm algorithm;
    uint64_t limit;
    uint64_t done;
    struct span value;
    struct auth_dkim_digest *next;
};

/* dkim_sink_hash_of - the hash that the algorithm uses */
static const EVP_MD *dkim_sink_hash_of(enum rec_dkim_algorithm algorithm)
{
    static EVP_MD *sha256 = NULL;
    static EVP_MD *sha1 = NULL;

    if (algorithm == REC_DKIM_RSA_SHA1) {
        if (sha1 == NULL)
            sha1 = EVP_MD_fetch(NULL, "SHA1", NULL);
        return sha1;
    }
    if (sha256 == NULL)
        sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    must(sha256 != NULL);
    return sha256;
}

void auth_dkim_fingerprint(struct span octets, unsigned char *fingerprint_out)
{
    must(EVP_Digest(octets.at, octets.len, fingerprint_out, NULL,
                    dkim_sink_hash_of(REC_DKIM_RSA_SHA256), NULL) == 1);
}

struct auth_dkim_digest *auth_dkim_sink_continue(struct auth_dkim_sink *sink,
                                                 const struct auth_dkim_sink *from)
{
    struct auth_dkim_digest *digest = sink->digests;

    if (digest == NULL)
        digest = sink->digests = arena_new_of(sink->arena, struct auth_dkim_digest);
    if (digest->ctx == NULL)
        digest->ctx = EVP_MD_CTX_new();
    must(digest->ctx != NULL && from->digests != NULL && from->digests->ctx != NULL);
    must(EVP_MD_CTX_copy_ex(digest->ctx, from->digests->ctx) == 1);
    digest->algorithm = from->digests->algorithm;
    digest->limit = from->digests->limit;
    digest->done = from->digests->done;
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
    for (struct auth_dkim_digest *digest = sink->digests; digest != NULL; digest = digest->next)
        EVP_MD_CTX_free(digest->ctx);
    sink->digests = NULL;
    sink->total = 0;
    sink->len = 0;
}

void auth_dkim_sink_close(struct auth_dkim_sink *sink)
{
    if (sink != NULL)
        auth_dkim_sink_reset(sink);
}

/* same_hash - do both algorithms use one hash */
static bool same_hash(enum rec_dkim_algorithm a, enum rec_dkim_algorithm b)
{
    return (a == REC_DKIM_RSA_SHA1) == (b == REC_DKIM_RSA_SHA1);
}

struct auth_dkim_digest *auth_dkim_sink_digest(struct auth_dkim_sink *sink,
                                               enum rec_dkim_algorithm algorithm,
                                               uint64_t limit)
{
    const EVP_MD *hash = dkim_sink_hash_of(algorithm);
    struct auth_dkim_digest *digest = NULL;

    for (digest = sink->digests; digest != NULL; digest = digest->next)
        if (digest->limit == limit && same_hash(digest->algorithm, algorithm))
            return digest;
    digest = arena_new_of(sink->arena, struct auth_dkim_digest);
    digest->algorithm = algorithm;
    digest->limit = limit;
    digest->ctx = EVP_MD_CTX_new();
    must(digest->ctx != NULL);
    if (hash == NULL || EVP_DigestInit_ex(digest->ctx, hash, NULL) != 1) {
        EVP_MD_CTX_free(digest->ctx); /* some systems refuse SHA-1: then it is not shown */
        digest->ctx = NULL;
    }
    digest->next = sink->digests;
    return sink->digests = digest;
}

/* dkim_sink_feed - give octets to every digest that wants more */
static void dkim_sink_feed(struct auth_dkim_sink *sink, const char *octets, size_t len)
{
    for (struct auth_dkim_digest *digest = sink->digests; digest != NULL;
         digest = digest->next) {
        uint64_t left = digest->limit - digest->done;
        size_t part = left < len ? (size_t)left : len;

        if (part == 0 || digest->ctx == NULL)
            continue;
        must(EVP_DigestUpdate(digest->ctx, octets, part) == 1);
        digest->done += part;
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
    unsigned char value[EVP_MAX_MD_SIZE];
    unsigned len = 0;

    dkim_sink_feed(sink, sink->pending, sink->len);
    sink->len = 0;
    if (digest->ctx != NULL) {
        must(EVP_DigestFinal_ex(digest->ctx, value, &len) == 1);
        digest->value = arena_span(sink->arena, span_make((const char *)value, len));
        EVP_MD_CTX_free(digest->ctx);
        digest->ctx = NULL;
    }
    return digest->value;
}
