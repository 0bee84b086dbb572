/*
 * A zip archive has its directory at its end, so it is held in memory whole. Members are
 * inflated one after the other, each within the bounds of a report.
 */
#include <zlib.h>

#include "base/arena.h"
#include "feedback/feedback_private.h"
#include "base/limits_reports.h"

/* APPNOTE.TXT of PKWARE 6.3.10, 4.3 and 4.4 */
#define END_MAGIC        0x06054b50u
#define END_SIZE         22u
#define END_COMMENT_SIZE 65535u /* two octets of length: 4.3.16 */
#define ENTRY_MAGIC      0x02014b50u
#define ENTRY_SIZE       46u
#define LOCAL_MAGIC      0x04034b50u
#define LOCAL_SIZE       30u
#define FLAG_ENCRYPTED   1u
#define METHOD_STORED    0u
#define METHOD_DEFLATED  8u

#define PIECE 16384

struct zip_member {
    struct span packed;
    const char *name; /* safe to show */
    unsigned method;
    bool is_encrypted;
};

struct zip_state {
    bool is_holder; /* of the memory for an archive */
    uint64_t out;   /* octets of all members */
};

/* zip_short - two octets, low one first */
static unsigned zip_short(struct span bytes, size_t at)
{
    return (unsigned)(unsigned char)bytes.at[at] | (unsigned)(unsigned char)bytes.at[at + 1]
                                                       << 8;
}

/* zip_long - four octets */
static uint32_t zip_long(struct span bytes, size_t at)
{
    return (uint32_t)zip_short(bytes, at) | (uint32_t)zip_short(bytes, at + 2) << 16;
}

static bool zip_is_it(struct span head)
{
    return span_starts_with(head, "PK\x03\x04") || span_starts_with(head, "PK\x05\x06");
}

static void zip_open(struct feedback_part *part)
{
    struct feedback_reading *reading = part->set->reading;
    struct zip_state *state = arena_new_of(part->set->arena, struct zip_state);

    part->state = state;
    if (++part->packings > LIMIT_FEEDBACK_PACKINGS || reading->is_zip_taken) {
        feedback_part_refuse(part, "is packed more often than reports are");
        return;
    }
    state->is_holder = reading->is_zip_taken = true;
    reading->zip.len = 0;
}

static void zip_feed(struct feedback_part *part, struct span bytes)
{
    struct sbuf *held = &part->set->reading->zip;

    if (!feedback_part_is_large(part, held->len + bytes.len, LIMIT_FEEDBACK_ARCHIVE_BYTES,
                                "a zip archive"))
        sbuf_add_span(held, bytes);
}

/* zip_find_end - the end record of the archive */
static bool zip_find_end(struct span bytes, size_t *at_out)
{
    size_t least =
        bytes.len > END_SIZE + END_COMMENT_SIZE ? bytes.len - END_SIZE - END_COMMENT_SIZE : 0;

    for (size_t at = bytes.len >= END_SIZE ? bytes.len - END_SIZE + 1 : 0; at > least; at--)
        if (zip_long(bytes, at - 1) == END_MAGIC) {
            *at_out = at - 1;
            return true;
        }
    return false;
}

/* zip_read_member - by its entry in the directory; false: damaged */
static bool zip_read_member(struct feedback_part *part, struct span bytes, size_t entry,
                            struct zip_member *member_out)
{
    size_t local = zip_long(bytes, entry + 42);
    size_t len = zip_long(bytes, entry + 20);
    size_t start = 0;

    member_out->is_encrypted = zip_short(bytes, entry + 8) & FLAG_ENCRYPTED;
    member_out->method = zip_short(bytes, entry + 10);
    member_out->name = feedback_text(
        part->set, span_sub(bytes, entry + ENTRY_SIZE, zip_short(bytes, entry + 28)));
    if (local > bytes.len || bytes.len - local < LOCAL_SIZE ||
        zip_long(bytes, local) != LOCAL_MAGIC)
        return false;
    start = local + LOCAL_SIZE + zip_short(bytes, local + 26) + zip_short(bytes, local + 28);
    if (start > bytes.len || len > bytes.len - start)
        return false;
    member_out->packed = span_sub(bytes, start, len);
    return true;
}

/* zip_is_bomb - this member, or all of them */
static bool zip_is_bomb(struct feedback_part *inside, const struct zip_state *state,
                        uint64_t out)
{
    return feedback_part_is_bomb(inside, out, state->out, inside->set->reading->zip.len);
}

/* zip_inflate - push a member into its part */
static void zip_inflate(struct zip_state *state, const struct zip_member *member,
                        struct feedback_part *inside)
{
    z_stream stream = {.next_in = (Bytef *)member->packed.at,
                       .avail_in = (uInt)member->packed.len};
    char out[PIECE];
    int result = inflateInit2(&stream, -MAX_WBITS);
    uint64_t all = 0;

    while (result == Z_OK && !inside->is_dead) {
        size_t got = 0;

        stream.next_out = (Bytef *)out;
        stream.avail_out = sizeof(out);
        result = inflate(&stream, Z_NO_FLUSH);
        got = sizeof(out) - stream.avail_out;
        all += got;
        state->out += got;
        if ((result == Z_OK || result == Z_STREAM_END) && !zip_is_bomb(inside, state, all))
            feedback_part_feed(inside, span_make(out, got));
    }
    if (result != Z_STREAM_END && !inside->is_dead)
        feedback_part_refuse(inside, "the data in the zip archive is damaged or cut off");
    inflateEnd(&stream);
}

/* zip_take - one member, as a part of its own */
static void zip_take(struct feedback_part *part, const struct zip_member *member)
{
    struct zip_state *state = part->state;
    struct feedback_part *inside = feedback_part_open(
        part, part->set, arena_printf(part->set->arena, "%s (%s)", part->place, member->name));

    if (member->is_encrypted)
        feedback_part_refuse(inside, "is encrypted");
    else if (member->method == METHOD_DEFLATED)
        zip_inflate(state, member, inside);
    else if (member->method != METHOD_STORED)
        feedback_part_refuse(inside, "is packed by an unsupported method");
    else if (!zip_is_bomb(inside, state, member->packed.len))
        feedback_part_feed(inside, member->packed);
    inside->is_cut = inside->is_dead;
    feedback_part_end(inside);
}

/* zip_is_folder - a folder, or a file that macOS adds */
static bool zip_is_folder(const struct zip_member *member)
{
    struct span name = span_of(member->name);

    return span_ends_with_nocase(name, "/") || span_starts_with(name, "__MACOSX/");
}

/* zip_read - all members of the directory */
static void zip_read(struct feedback_part *part, struct span bytes)
{
    size_t end = 0;
    size_t entry = 0;
    unsigned count = 0;
    bool has_file = false;

    if (!zip_find_end(bytes, &end)) {
        feedback_part_refuse(part, "the zip archive is cut off");
        return;
    }
    count = zip_short(bytes, end + 10);
    entry = zip_long(bytes, end + 16);
    for (unsigned i = 0; i < count && !part->is_dead; i++) {
        struct zip_member member = {0};

        if (i >= LIMIT_FEEDBACK_MEMBERS) {
            feedback_note(part->set, FEEDBACK_NOTE_CUT, part->place,
                          arena_printf(part->set->arena, "only %d of %u members were read",
                                       LIMIT_FEEDBACK_MEMBERS, count));
            return;
        }
        if (entry > end || end - entry < ENTRY_SIZE || zip_long(bytes, entry) != ENTRY_MAGIC ||
            end - entry - ENTRY_SIZE < zip_short(bytes, entry + 28) ||
            !zip_read_member(part, bytes, entry, &member)) {
            feedback_part_refuse(part, "the directory of the zip archive is damaged");
            return;
        }
        if (!zip_is_folder(&member)) {
            zip_take(part, &member);
            has_file = true;
        }
        entry += ENTRY_SIZE + zip_short(bytes, entry + 28) + zip_short(bytes, entry + 30) +
                 zip_short(bytes, entry + 32);
    }
    if (!has_file && !part->is_dead)
        feedback_part_refuse(part, "the zip archive has no files");
}

static void zip_end(struct feedback_part *part)
{
    const struct zip_state *state = part->state;

    if (!part->is_dead && !part->is_cut)
        zip_read(part, sbuf_span(&part->set->reading->zip));
    if (state->is_holder)
        part->set->reading->is_zip_taken = false;
}

const struct feedback_reader feedback_zip = {"a zip archive", zip_is_it, zip_open, zip_feed,
                                             zip_end};
