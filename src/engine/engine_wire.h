/*
 * NAME
 *     engine_wire - what passes through the pipes to and from a child
 * DESCRIPTION
 *     Private to engine/. A frame is a length (4 octets, network order), a kind
 *     and its payload. A payload is written with engine_put_*() and read with
 *     engine_get_*() in the same order: numbers in network order, text and
 *     octets with their length in front. Once something does not fit, the reader
 *     is broken and gives zeros and empty texts: nothing counts unless
 *     engine_got_all().
 * OWNERSHIP
 *     A writer is an sbuf of the caller's arena. What a reader gives looks
 *     into the payload, except engine_get_text(), which copies.
 * ERRORS
 *     Reading is total.
 */
#ifndef ENGINE_WIRE_H
#define ENGINE_WIRE_H

#include "base/arena.h"
#include "base/sbuf.h"
#include "base/span.h"

#define ENGINE_FRAME_HEADER 5 /* octets: length and kind */

/* Octets of body in one frame. */
#define ENGINE_BODY_MAX 65536

enum engine_frame {
    ENGINE_FRAME_QUESTION,    /* to the child: first */
    ENGINE_FRAME_BODY,        /* to the child: a piece of the message's body */
    ENGINE_FRAME_BODY_END,    /* to the child */
    ENGINE_FRAME_BODY_WANTED, /* from the child: all names are known, send the body */
    ENGINE_FRAME_MISSED,      /* from the child: names it needs; it ends */
    ENGINE_FRAME_VERDICTS     /* from the child: it ends */
};

/* what a child is asked; tests prove the confinement with numbers behind these */
enum engine_kind {
    ENGINE_KIND_SPF,
    ENGINE_KIND_DKIM,
    ENGINE_KIND_DMARC,
    ENGINE_KIND_POLICY, /* a DMARC record alone */
    ENGINE_KIND_LIMIT
};

void engine_put_octet(struct sbuf *out, uint8_t octet);
void engine_put_number(struct sbuf *out, uint64_t number); /* 8 octets */
void engine_put_span(struct sbuf *out, struct span bytes);
void engine_put_text(struct sbuf *out, const char *text); /* NULL stays NULL */

/* a frame, or its first octets: header and as much of the payload as goes with it in one write,
 * so that its reader wakes once; `rest_out` is what is left of the payload */
#define ENGINE_FRAME_FIRST 4096
struct span engine_frame_first(enum engine_frame kind, struct span payload,
                               char out[ENGINE_FRAME_FIRST], struct span *rest_out);

/* length and kind out of a header; the kind is not checked */
size_t engine_frame_parse(const uint8_t header[ENGINE_FRAME_HEADER], uint8_t *kind_out);

struct engine_reader {
    struct span rest;
    bool is_broken;
};

struct engine_reader engine_reader_of(struct span payload);
uint8_t engine_get_octet(struct engine_reader *in);
uint64_t engine_get_number(struct engine_reader *in);
struct span engine_get_span(struct engine_reader *in);

/* a count of things that take at least `least` octets each, and not more than can be there */
size_t engine_get_count(struct engine_reader *in, size_t least);

/* NUL-terminated copy; what follows a NUL inside is lost, as it is for a library */
const char *engine_get_text(struct engine_reader *in, struct arena *arena);

/* nothing was broken and nothing is left over */
bool engine_got_all(const struct engine_reader *in);

#endif
