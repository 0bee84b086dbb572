/* gzip with zlib, a member after the other, as a stream. */
#include <zlib.h>

#include "base/arena.h"
#include "feedback/feedback_private.h"
#include "base/limits_reports.h"

#define PIECE 16384

#define GZIP_WINDOW (MAX_WBITS + 16) /* zlib: a header of gzip is wanted */

struct gzip_state {
    z_stream stream;
    struct feedback_part *inside;
    bool is_open;
    bool is_ended; /* the last member that began has ended */
    uint64_t out;
};

static bool gzip_is_it(struct span head)
{
    return span_starts_with(head, "\x1F\x8B");
}

/* gzip_open - of a part that holds gzip data; `part->state` is ours alone */
static void gzip_open(struct feedback_part *part)
{
    struct gzip_state *state = arena_new_of(part->set->arena, struct gzip_state);

    part->state = state;
    if (++part->packings > LIMIT_FEEDBACK_PACKINGS) {
        feedback_part_refuse(part, "is packed more often than reports are");
        return;
    }
    if (inflateInit2(&state->stream, GZIP_WINDOW) != Z_OK) {
        feedback_part_refuse(part, "could not be unpacked: out of memory");
        return;
    }
    state->is_open = true;
    state->inside = feedback_part_open(part, part->set, part->place);
    state->inside->is_typed = part->is_typed;
}

/* gzip_step - inflate as much as fits; false: no more of it can be read */
static bool gzip_step(struct feedback_part *part, struct gzip_state *state)
{
    char out[PIECE];
    int result = Z_OK;
    size_t got = 0;

    state->stream.next_out = (Bytef *)out;
    state->stream.avail_out = sizeof(out);
    result = inflate(&state->stream, Z_NO_FLUSH);
    got = sizeof(out) - state->stream.avail_out;
    state->out += got;
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
        feedback_part_refuse(part, "the gzip data is damaged");
        return false;
    }
    if (feedback_part_is_bomb(part, state->out, state->out,
                              state->stream.total_in > 0 ? part->size : 1))
        return false;
    feedback_part_feed(state->inside, span_make(out, got));
    state->is_ended = result == Z_STREAM_END;
    return !state->inside->is_dead && result != Z_BUF_ERROR &&
           (state->stream.avail_in > 0 || (got == sizeof(out) && !state->is_ended));
}

static void gzip_feed(struct feedback_part *part, struct span bytes)
{
    struct gzip_state *state = part->state;
    bool is_on = !state->inside->is_dead && bytes.len > 0;

    state->stream.next_in = (Bytef *)bytes.at;
    state->stream.avail_in = (uInt)bytes.len;
    while (is_on) {
        /* more than one member: RFC 1952, 2.2; what else follows is padding */
        if (state->is_ended &&
            (state->stream.next_in[0] != 0x1F || inflateReset(&state->stream) != Z_OK))
            return;
        state->is_ended = false;
        is_on = gzip_step(part, state);
    }
}

static void gzip_end(struct feedback_part *part)
{
    struct gzip_state *state = part->state;

    if (state->is_open && !state->is_ended && !part->is_dead && !state->inside->is_dead &&
        !part->is_cut)
        feedback_part_refuse(part, "the gzip data is cut off");
    if (state->inside != NULL) {
        state->inside->is_cut = part->is_dead || part->is_cut;
        feedback_part_end(state->inside);
    }
    if (state->is_open)
        inflateEnd(&state->stream);
}

const struct feedback_reader feedback_gzip = {"gzip data", gzip_is_it, gzip_open, gzip_feed,
                                              gzip_end};
