/* Pulled by the reader, where feedback_gzip.c is pushed. */
#include "feedback/feedback_gunzip.h"

#include <zlib.h>

#include "base/file.h"

#define PIECE 16384

#define GZIP_WINDOW (MAX_WBITS + 16) /* zlib: a header of gzip is wanted */

struct feedback_gunzip {
    z_stream stream;
    int fd;
    bool is_ended; /* the last member that began has ended */
    bool is_over;  /* no more octets will come */
    char piece[PIECE];
};

bool feedback_is_gzip(struct span head)
{
    return span_starts_with(head, "\x1f\x8b\x08");
}

struct feedback_gunzip *feedback_gunzip_open(struct arena *arena, struct span begun, int fd)
{
    struct feedback_gunzip *gunzip = arena_new_of(arena, struct feedback_gunzip);
    struct span copy = arena_span(arena, begun);

    gunzip->fd = fd;
    gunzip->stream.next_in = (Bytef *)copy.at;
    gunzip->stream.avail_in = (uInt)copy.len;
    return inflateInit2(&gunzip->stream, GZIP_WINDOW) == Z_OK ? gunzip : NULL;
}

/* gunzip_more - the next octets of the file; false: trouble */
static bool gunzip_more(struct feedback_gunzip *gunzip)
{
    ptrdiff_t got =
        gunzip->fd >= 0 ? file_read(gunzip->fd, gunzip->piece, sizeof(gunzip->piece)) : 0;

    if (got < 0)
        return false;
    gunzip->is_over = got == 0;
    gunzip->stream.next_in = (Bytef *)gunzip->piece;
    gunzip->stream.avail_in = (uInt)got;
    return true;
}

ptrdiff_t feedback_gunzip_read(struct feedback_gunzip *gunzip, char *to, size_t room)
{
    z_stream *stream = &gunzip->stream;

    stream->next_out = (Bytef *)to;
    stream->avail_out = (uInt)room;
    while (stream->avail_out == room) {
        int result = Z_OK;

        if (stream->avail_in == 0 && !gunzip_more(gunzip))
            return -1;
        if (gunzip->is_over)
            return gunzip->is_ended || gunzip->fd < 0 ? 0 : -1;
        /* more than one member: RFC 1952, 2.2; what else follows is padding */
        if (gunzip->is_ended && (stream->next_in[0] != 0x1F || inflateReset(stream) != Z_OK))
            return 0;
        result = inflate(stream, Z_NO_FLUSH);
        gunzip->is_ended = result == Z_STREAM_END;
        if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
            return -1;
    }
    return (ptrdiff_t)(room - stream->avail_out);
}

void feedback_gunzip_close(struct feedback_gunzip *gunzip)
{
    if (gunzip != NULL)
        inflateEnd(&gunzip->stream);
}
