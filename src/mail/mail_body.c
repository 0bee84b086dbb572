/*
 * Small inputs are read whole and once. Large ones stay in their file and are
 * read by position, so that nobody minds who else moves the descriptor.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mail/mail_body.h"
#include "base/file.h"
#include "base/file_write.h"
#include "base/limits.h"
#include "mail/mail_message.h"
#include "model/mail_message.h"

#define CHUNK      65536
#define MEMORY_MAX (4 * CHUNK) /* up to here a message is kept in memory */

/* read_at - like pread(2), going on after signals and short reads */
static ptrdiff_t read_at(int fd, char *bytes, size_t size, uint64_t at)
{
    size_t len = 0;

    while (len < size) {
        ssize_t got = pread(fd, bytes + len, size - len, (off_t)(at + len));

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        len += (size_t)got;
    }
    return (ptrdiff_t)len;
}

/* temporary_open - a file that has no name, or soon none */
static int temporary_open(struct arena *arena)
{
    const char *directory = getenv("TMPDIR");
    char *name = NULL;
    int fd = -1;

    if (directory == NULL || directory[0] == '\0')
        directory = "/tmp";
    if ((fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)) >= 0)
        return fd;
    name = arena_printf(arena, "%s/mailassay-XXXXXX", directory);
    if ((fd = mkostemp(name, O_CLOEXEC)) >= 0)
        unlink(name);
    return fd;
}

/* copy_rest - what was read and all that is still to come, into the temporary file */
static bool copy_rest(struct mail_body *body, int from, int to)
{
    ptrdiff_t got = 0;

    body->in = arena_alloc(body->arena, CHUNK);
    if (!file_write_all(to, body->memory))
        return false;
    body->size = body->memory.len;
    while ((got = file_read(from, body->in, CHUNK)) > 0) {
        body->size += (uint64_t)got;
        if (body->size > LIMIT_STDIN_BYTES) {
            errno = EFBIG;
            return false;
        }
        if (!file_write_all(to, span_make(body->in, (size_t)got)))
            return false;
    }
    return got == 0;
}

/* body_spool - make a large pipe readable twice */
static bool body_spool(struct mail_body *body, const char *path, struct err *why)
{
    int fd = temporary_open(body->arena);

    if (fd >= 0 && copy_rest(body, body->fd, fd)) {
        close(body->fd);
        body->fd = fd;
        body->memory = (struct span){NULL, 0};
        return true;
    }
    if (errno == EFBIG)
        err_set(why, "%s: larger than %d bytes, the most that is read from a pipe",
                file_shown_name(path), LIMIT_STDIN_BYTES);
    else
        err_set(why, "%s: cannot be copied to a temporary file: %s", file_shown_name(path),
                strerror(errno));
    if (fd >= 0)
        close(fd);
    return false;
}

/* read_small - the input up to MEMORY_MAX + 1 octets; false with errno */
static bool read_small(struct mail_body *body, size_t expected)
{
    size_t room = expected + 1; /* one more shows the end without growing */
    char *bytes = arena_alloc(body->arena, room);
    ptrdiff_t got = 0;
    size_t len = 0;

    while (len <= MEMORY_MAX && (got = file_read(body->fd, bytes + len, room - len)) > 0) {
        len += (size_t)got;
        if (len == room) {
            char *larger = arena_alloc(body->arena, room * 2);

            memcpy(larger, bytes, len);
            bytes = larger;
            room *= 2;
        }
    }
    body->memory = span_make(bytes, len);
    return got >= 0;
}

/* read_input - decide between memory, the file itself and a copy of a pipe */
static bool read_input(struct mail_body *body, const char *path, struct err *why)
{
    struct stat about = {0};
    off_t position = lseek(body->fd, 0, SEEK_CUR);
    bool is_regular = fstat(body->fd, &about) == 0 && S_ISREG(about.st_mode) && position >= 0;
    uint64_t size =
        is_regular && about.st_size > position ? (uint64_t)(about.st_size - position) : 0;

    body->base = is_regular ? (uint64_t)position : 0;
    body->size = size;
    if (size > MEMORY_MAX)
        return true;
    if (!read_small(body, is_regular ? (size_t)size : CHUNK)) {
        err_set(why, "%s: %s", file_shown_name(path), strerror(errno));
        return false;
    }
    body->came = body->memory;
    if (body->memory.len > MEMORY_MAX)
        return body_spool(body, path, why);
    close(body->fd);
    body->fd = -1;
    body->size = body->memory.len;
    return true;
}

struct mail_body *mail_body_open(struct arena *arena, int fd, const char *path, struct err *why)
{
    struct mail_body *body = arena_new_of(arena, struct mail_body);

    body->arena = arena;
    body->fd = fd;
    if (read_input(body, path, why))
        return body;
    mail_body_close(body);
    return NULL;
}

struct mail_body *mail_body_in_memory(struct arena *arena, struct span bytes)
{
    struct mail_body *body = arena_new_of(arena, struct mail_body);

    body->arena = arena;
    body->fd = -1;
    body->memory = bytes;
    body->size = bytes.len;
    return body;
}

void mail_body_close(struct mail_body *body)
{
    if (body == NULL || body->fd < 0)
        return;
    close(body->fd);
    body->fd = -1;
}

struct span mail_body_head(struct mail_body *body, size_t want)
{
    char *bytes = NULL;
    ptrdiff_t got = 0;

    if (body->fd < 0)
        return body->memory;
    bytes = arena_alloc(body->arena, want);
    if ((got = read_at(body->fd, bytes, want, body->base)) < 0) {
        body->trouble = arena_strdup(body->arena, strerror(errno));
        return (struct span){NULL, 0};
    }
    return span_make(bytes, (size_t)got);
}

size_t mail_body_add_cr(char *dst, struct span src, bool *after_cr)
{
    size_t len = 0;
    size_t from = 0;

    if (src.len == 0)
        return 0;
    while (from < src.len) {
        const char *lf = memchr(src.at + from, '\n', src.len - from);
        size_t run = (lf == NULL ? src.len : (size_t)(lf - src.at)) - from;

        memcpy(dst + len, src.at + from, run);
        len += run;
        if (run > 0)
            *after_cr = dst[len - 1] == '\r';
        from += run;
        if (lf == NULL)
            break;
        if (!*after_cr)
            dst[len++] = '\r';
        dst[len++] = '\n';
        *after_cr = false;
        from++;
    }
    return len;
}

void mail_body_narrow(struct mail_body *body, uint64_t start, uint64_t end)
{
    if (body->fd < 0)
        body->memory = span_sub(body->memory, (size_t)start, (size_t)(end - start));
    body->base += start;
    body->size = end - start;
}

void mail_body_replace(struct mail_body *body, struct span bytes)
{
    mail_body_close(body);
    body->memory = bytes;
    body->base = 0;
    body->size = bytes.len;
}

struct span mail_body_piece(struct mail_body *body, uint64_t at)
{
    size_t want = CHUNK;
    ptrdiff_t got = 0;

    if (at >= body->size)
        return (struct span){NULL, 0};
    if (body->fd < 0)
        return span_from(body->memory, (size_t)at);
    if (body->in == NULL)
        body->in = arena_alloc(body->arena, CHUNK);
    if (body->size - at < want) /* what is appended meanwhile is not the message */
        want = (size_t)(body->size - at);
    if ((got = read_at(body->fd, body->in, want, body->base + at)) < 0)
        body->trouble = arena_strdup(body->arena, strerror(errno));
    else if (got == 0)
        body->trouble = "the file became shorter while it was read";
    return span_make(body->in, got < 0 ? 0 : (size_t)got);
}

/* is_changed - are octets returned other than as stored */
static bool is_changed(const struct mail_body *body)
{
    return body->is_unix || body->is_stuffed || body->is_quoted;
}

/* past_marks - what follows the marks at the start of a line; NULL: it has none */
static struct span past_marks(struct span line)
{
    size_t marks = 0;

    while (marks < line.len && line.at[marks] == '>')
        marks++;
    return marks > 0 ? span_from(line, marks) : (struct span){NULL, 0};
}

bool mail_body_is_quoted(struct span line)
{
    return span_starts_with(past_marks(line), "From ");
}

/* whole_marks - without the last line where only the next piece says whether it is quoted */
static struct span whole_marks(struct span piece)
{
    const char *lf = memrchr(piece.at, '\n', piece.len);
    struct span line = lf == NULL ? piece : span_from(piece, (size_t)(lf + 1 - piece.at));
    struct span rest = past_marks(line);

    return lf != NULL && rest.at != NULL && rest.len < strlen("From ")
               ? span_sub(piece, 0, piece.len - line.len)
               : piece;
}

/* next_raw - the next octets as they are stored; empty at the end or on trouble */
static struct span next_raw(struct mail_body *body)
{
    struct span piece = mail_body_piece(body, body->at);

    if (is_changed(body))
        piece = span_sub(piece, 0, CHUNK);
    if (body->is_quoted && piece.len > 0 && body->at + piece.len < body->size)
        piece = whole_marks(piece);
    return piece;
}

/* is_added - did a protocol or a mailbox put the first octet of the line there */
static bool is_added(const struct mail_body *body, struct span line)
{
    return (body->is_stuffed && line.at[0] == '.') ||
           (body->is_quoted && mail_body_is_quoted(line));
}

/* without_added - what was put in front of lines left out; in place */
static struct span without_added(struct mail_body *body, struct span chunk, char *bytes)
{
    size_t len = 0;

    for (size_t i = 0; i < chunk.len; i++) {
        if (!(body->at_line_start && is_added(body, span_from(chunk, i))))
            bytes[len++] = chunk.at[i];
        body->at_line_start = chunk.at[i] == '\n';
    }
    return span_make(bytes, len);
}

void mail_body_rewind(struct mail_message *message)
{
    message->body->at_line_start = true;
    message->body->at = message->body->start;
    message->body->after_cr = false;
    message->body->trouble = NULL;
}

bool mail_body_next(struct mail_message *message, struct span *chunk_out)
{
    struct mail_body *body = message->body;
    struct span raw = next_raw(body);

    if (raw.len == 0)
        return false;
    body->at += raw.len;
    if (body->at >= body->size)
        message->lacks_line_end = raw.at[raw.len - 1] != '\n';
    if (!is_changed(body)) {
        *chunk_out = raw;
        return true;
    }
    if (body->out == NULL)
        body->out = arena_alloc(body->arena, 2 * (body->size < CHUNK ? body->size : CHUNK));
    if (body->is_unix)
        raw = span_make(body->out, mail_body_add_cr(body->out, raw, &body->after_cr));
    *chunk_out =
        body->is_stuffed || body->is_quoted ? without_added(body, raw, body->out) : raw;
    return true;
}

const char *mail_body_failed(const struct mail_message *message)
{
    return message->body->trouble;
}

uint64_t mail_message_wire_size(struct mail_message *message)
{
    uint64_t size = 2; /* the empty line */
    struct span chunk = {NULL, 0};

    for (size_t i = 0; i < message->header_count; i++)
        size += message->headers[i].raw.len;
    mail_body_rewind(message);
    while (mail_body_next(message, &chunk))
        size += chunk.len;
    return message->lacks_line_end ? size + 2 : size;
}
