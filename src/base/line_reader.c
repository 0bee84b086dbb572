/* One buffer of the longest line; what is left of it moves to the front before more is read. */
#include "base/line_reader.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"

#define ROOM (LIMIT_SUBJECT_BYTES + 1) /* the longest line and its end */

bool line_reader_open(struct line_reader *reader, struct arena *arena, const char *path,
                      struct err *why)
{
    *reader = (struct line_reader){.path = path, .fd = file_open(path, why)};
    reader->bytes = arena_alloc(arena, ROOM);
    return reader->fd >= 0;
}

void line_reader_close(struct line_reader *reader)
{
    if (reader->fd > STDERR_FILENO)
        close(reader->fd);
}

ptrdiff_t line_reader_octets(struct line_reader *reader, char *to, size_t room, struct err *why)
{
    const struct line_filter *filter = &reader->filter;
    ptrdiff_t got = filter->read != NULL ? filter->read(filter->ctx, to, room)
                                         : file_read(reader->fd, to, room);

    if (got < 0)
        err_set(why, "%s: %s", file_shown_name(reader->path),
                filter->read != NULL ? filter->trouble : strerror(errno));
    return got;
}

void line_reader_through(struct line_reader *reader, struct line_filter filter)
{
    reader->filter = filter;
    reader->start = reader->end = 0;
    reader->is_at_end = false;
}

/* reader_fill - behind what is left; false: trouble, in `why` */
static bool reader_fill(struct line_reader *reader, struct err *why)
{
    ptrdiff_t got = 0;

    memmove(reader->bytes, reader->bytes + reader->start, reader->end - reader->start);
    reader->end -= reader->start;
    reader->start = 0;
    if (reader->end == ROOM) {
        reader->is_too_long = true;
        reader->end = 0;
    }
    got = line_reader_octets(reader, reader->bytes + reader->end, ROOM - reader->end, why);
    if (got < 0)
        return false;
    reader->is_at_end = got == 0;
    reader->end += (size_t)got;
    return true;
}

/* reader_may_read - a read would not wait */
static bool reader_may_read(const struct line_reader *reader)
{
    struct pollfd wanted = {.fd = reader->fd, .events = POLLIN};

    return poll(&wanted, 1, 0) != 0;
}

/* reader_take - a line that is there as a whole */
static bool reader_take(struct line_reader *reader, struct span *line_out)
{
    struct span rest = span_make(reader->bytes + reader->start, reader->end - reader->start);
    ptrdiff_t end = span_find(rest, '\n');

    if (end < 0 && (!reader->is_at_end || (rest.len == 0 && !reader->is_too_long)))
        return false;
    *line_out = end < 0 ? rest : span_sub(rest, 0, (size_t)end);
    reader->start += end < 0 ? rest.len : (size_t)end + 1;
    reader->number++;
    reader->was_too_long = reader->is_too_long;
    reader->is_too_long = false;
    return true;
}

enum line_reader_state line_reader_try(struct line_reader *reader, struct span *line_out,
                                       struct err *why)
{
    while (!reader_take(reader, line_out)) {
        if (reader->is_at_end)
            return LINES_OVER;
        if (!reader_may_read(reader))
            return LINES_LATER;
        if (!reader_fill(reader, why))
            return LINES_OVER;
    }
    return LINES_ONE;
}

bool line_reader_next(struct line_reader *reader, struct span *line_out, struct err *why)
{
    while (!reader_take(reader, line_out))
        if (reader->is_at_end || !reader_fill(reader, why))
            return false;
    return true;
}
