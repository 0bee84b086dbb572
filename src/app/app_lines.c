/* One buffer of the longest line; what is left of it moves to the front before more is read. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "app/app_lines.h"
#include "base/file.h"
#include "base/limits.h"
#include "feedback/feedback_gunzip.h"

#define ROOM (LIMIT_SUBJECT_BYTES + 1) /* the longest line and its end */

bool app_lines_open(struct app_lines *lines, struct arena *arena, const char *path,
                    struct err *why)
{
    *lines = (struct app_lines){.path = path, .fd = file_open(path, why)};
    lines->bytes = arena_alloc(arena, ROOM);
    return lines->fd >= 0;
}

void app_lines_close(struct app_lines *lines)
{
    feedback_gunzip_close(lines->packed);
    if (lines->fd > STDERR_FILENO)
        close(lines->fd);
}

ptrdiff_t app_lines_read(struct app_lines *lines, char *to, size_t room, struct err *why)
{
    ptrdiff_t got = lines->packed != NULL ? feedback_gunzip_read(lines->packed, to, room)
                                          : file_read(lines->fd, to, room);

    if (got < 0 && lines->packed != NULL)
        err_set(why, "%s: the gzip data is damaged or cut off", lines->path);
    else if (got < 0)
        err_set(why, "%s: %s", file_shown_name(lines->path), strerror(errno));
    return got;
}

bool app_lines_unpack(struct app_lines *lines, struct arena *arena, struct err *why)
{
    struct span begun = span_make(lines->bytes + lines->start, lines->end - lines->start);

    lines->packed = feedback_gunzip_open(arena, begun, lines->fd);
    if (lines->packed == NULL)
        err_set(why, "%s: could not be unpacked: out of memory", lines->path);
    lines->start = lines->end = 0;
    lines->is_at_end = false;
    return lines->packed != NULL;
}

/* read_more - behind what is left; false: trouble, in `why` */
static bool read_more(struct app_lines *lines, struct err *why)
{
    ptrdiff_t got = 0;

    memmove(lines->bytes, lines->bytes + lines->start, lines->end - lines->start);
    lines->end -= lines->start;
    lines->start = 0;
    if (lines->end == ROOM) {
        lines->is_too_long = true;
        lines->end = 0;
    }
    got = app_lines_read(lines, lines->bytes + lines->end, ROOM - lines->end, why);
    if (got < 0)
        return false;
    lines->is_at_end = got == 0;
    lines->end += (size_t)got;
    return true;
}

/* lines_may_read - a read would not wait */
static bool lines_may_read(const struct app_lines *lines)
{
    struct pollfd wanted = {.fd = lines->fd, .events = POLLIN};

    return poll(&wanted, 1, 0) != 0;
}

/* lines_take - a line that is there as a whole */
static bool lines_take(struct app_lines *lines, struct span *line_out)
{
    struct span rest = span_make(lines->bytes + lines->start, lines->end - lines->start);
    ptrdiff_t end = span_find(rest, '\n');

    if (end < 0 && (!lines->is_at_end || (rest.len == 0 && !lines->is_too_long)))
        return false;
    *line_out = end < 0 ? rest : span_sub(rest, 0, (size_t)end);
    lines->start += end < 0 ? rest.len : (size_t)end + 1;
    lines->number++;
    lines->was_too_long = lines->is_too_long;
    lines->is_too_long = false;
    return true;
}

enum app_lines_state app_lines_try(struct app_lines *lines, struct span *line_out,
                                   struct err *why)
{
    while (!lines_take(lines, line_out)) {
        if (lines->is_at_end)
            return LINES_OVER;
        if (!lines_may_read(lines))
            return LINES_LATER;
        if (!read_more(lines, why))
            return LINES_OVER;
    }
    return LINES_ONE;
}

bool app_lines_next(struct app_lines *lines, struct span *line_out, struct err *why)
{
    while (!lines_take(lines, line_out))
        if (lines->is_at_end || !read_more(lines, why))
            return false;
    return true;
}
