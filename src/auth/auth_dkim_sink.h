/*
 * NAME
 *     auth_dkim_sink - where canonicalised octets go
 * DESCRIPTION
 *     A sink feeds all its digests with the same octets,
 *     each up to its own length; short pieces are collected first, long runs
 *     go straight through.
 * OWNERSHIP
 *     The sink and its digests are in the arena.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 6376, 3.7
 */
#ifndef AUTH_DKIM_SINK_H
#define AUTH_DKIM_SINK_H

#include "base/arena.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "model/rec_dkim.h"

#define AUTH_DKIM_SINK_BUFFER 2048
#define AUTH_DKIM_NO_LIMIT    UINT64_MAX

struct auth_dkim_digest;

struct auth_dkim_sink {
    struct arena *arena;
    struct auth_dkim_digest *digests;
    uint64_t total;    /* octets added */
    struct sbuf *copy; /* the octets are added here, too; NULL: nowhere */
    size_t len;        /* of `pending` */
    char pending[AUTH_DKIM_SINK_BUFFER];
};

struct auth_dkim_sink *auth_dkim_sink_open(struct arena *arena);

/* the digest of the first `limit` octets by the hash of `algorithm`; the same one if it is
 * there already */
struct auth_dkim_digest *auth_dkim_sink_digest(struct auth_dkim_sink *sink,
                                               enum rec_dkim_algorithm algorithm,
                                               uint64_t limit);

/* SHA-256 of short octets, into 32 */
void auth_dkim_fingerprint(struct span octets, unsigned char *fingerprint_out);

void auth_dkim_sink_add(struct auth_dkim_sink *sink, const char *octets, size_t len);

/* everything was added: the octets of a digest */
struct span auth_dkim_digest_end(struct auth_dkim_sink *sink, struct auth_dkim_digest *digest);

/* go on from where another sink with one digest is; `sink` may have been used before. Returns
 * its digest */
struct auth_dkim_digest *auth_dkim_sink_continue(struct auth_dkim_sink *sink,
                                                 const struct auth_dkim_sink *from);

/* start again: no digests, nothing added */
void auth_dkim_sink_reset(struct auth_dkim_sink *sink);

#endif
