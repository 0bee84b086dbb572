/*
 * Both ends are built from the same source, so there is no version; but whoever
 * sent the message may control the child, so the reading side trusts nothing.
 */
#include <string.h>

#include "engine/engine_wire.h"

#define NUMBER_OCTETS 8
#define OCTET_BITS    8

void engine_put_octet(struct sbuf *out, uint8_t octet)
{
    sbuf_add_octet(out, (char)octet);
}

void engine_put_number(struct sbuf *out, uint64_t number)
{
    for (int shift = (NUMBER_OCTETS - 1) * OCTET_BITS; shift >= 0; shift -= OCTET_BITS)
        sbuf_add_octet(out, (char)(uint8_t)(number >> shift));
}

void engine_put_span(struct sbuf *out, struct span bytes)
{
    engine_put_number(out, bytes.len);
    sbuf_add_span(out, bytes);
}

void engine_put_text(struct sbuf *out, const char *text)
{
    engine_put_octet(out, text != NULL);
    engine_put_span(out, span_of(text));
}

/* frame_header - of a frame of `len` octets */
static void frame_header(enum engine_frame kind, size_t len,
                         uint8_t header[ENGINE_FRAME_HEADER])
{
    header[0] = (uint8_t)(len >> 24);
    header[1] = (uint8_t)(len >> 16);
    header[2] = (uint8_t)(len >> 8);
    header[3] = (uint8_t)len;
    header[4] = (uint8_t)kind;
}

struct span engine_frame_first(enum engine_frame kind, struct span payload,
                               char out[ENGINE_FRAME_FIRST], struct span *rest_out)
{
    struct span with = span_sub(payload, 0, ENGINE_FRAME_FIRST - ENGINE_FRAME_HEADER);

    frame_header(kind, payload.len, (uint8_t *)out);
    if (with.len > 0)
        memcpy(out + ENGINE_FRAME_HEADER, with.at, with.len);
    *rest_out = span_from(payload, with.len);
    return span_make(out, ENGINE_FRAME_HEADER + with.len);
}

size_t engine_frame_parse(const uint8_t header[ENGINE_FRAME_HEADER], uint8_t *kind_out)
{
    *kind_out = header[4];
    return (size_t)header[0] << 24 | (size_t)header[1] << 16 | (size_t)header[2] << 8 |
           header[3];
}

struct engine_reader engine_reader_of(struct span payload)
{
    return (struct engine_reader){.rest = payload, .is_broken = false};
}

/* wire_take - the next `len` octets; the empty span and a broken reader if they are not
 * there */
static struct span wire_take(struct engine_reader *in, uint64_t len)
{
    struct span taken = {NULL, 0};

    if (in->is_broken || len > in->rest.len) {
        in->is_broken = true;
        return taken;
    }
    taken = span_sub(in->rest, 0, (size_t)len);
    in->rest = span_from(in->rest, (size_t)len);
    return taken;
}

uint8_t engine_get_octet(struct engine_reader *in)
{
    struct span octet = wire_take(in, 1);

    return octet.len == 1 ? (uint8_t)octet.at[0] : 0;
}

uint64_t engine_get_number(struct engine_reader *in)
{
    struct span octets = wire_take(in, NUMBER_OCTETS);
    uint64_t number = 0;

    for (size_t i = 0; i < octets.len; i++)
        number = number << OCTET_BITS | (uint8_t)octets.at[i];
    return number;
}

struct span engine_get_span(struct engine_reader *in)
{
    return wire_take(in, engine_get_number(in));
}

size_t engine_get_count(struct engine_reader *in, size_t least)
{
    uint64_t count = engine_get_number(in);

    if (count > in->rest.len / least) {
        in->is_broken = true;
        return 0;
    }
    return (size_t)count;
}

const char *engine_get_text(struct engine_reader *in, struct arena *arena)
{
    bool is_there = engine_get_octet(in) != 0;
    struct span text = engine_get_span(in);

    return is_there && !in->is_broken ? arena_strdup_span(arena, text) : NULL;
}

bool engine_got_all(const struct engine_reader *in)
{
    return !in->is_broken && in->rest.len == 0;
}
