/* Plain descriptors: what is read is bounded, what is written is complete. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/sbuf.h"

#define CHUNK 65536

int file_open(const char *path, struct err *why)
{
    struct stat about = {0};
    int fd = -1;

    if (strcmp(path, "-") == 0)
        return dup(STDIN_FILENO);
    if ((fd = open(path, O_RDONLY | O_CLOEXEC)) < 0 || fstat(fd, &about) != 0) {
        err_set(why, "%s: %s", path, strerror(errno));
    } else if (S_ISDIR(about.st_mode)) {
        err_set(why, "%s: is a directory, not a file", path);
    } else {
        return fd;
    }
    if (fd >= 0)
        close(fd);
    return -1;
}

ptrdiff_t file_read(int fd, char *bytes, size_t size)
{
    ssize_t got = 0;

    do
        got = read(fd, bytes, size);
    while (got < 0 && errno == EINTR);
    return got;
}

/* is_larger - a file that says so; what is no file has to be read to tell */
static bool is_larger(int fd, size_t max)
{
    struct stat about;

    return fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && (uintmax_t)about.st_size > max;
}

bool file_load(struct arena *arena, const char *path, size_t max, struct span *bytes_out,
               struct err *why)
{
    struct sbuf buf = sbuf_start(arena);
    char *chunk = arena_alloc(arena, CHUNK);
    int fd = file_open(path, why);
    ptrdiff_t got = 0;
    bool is_large = false;

    if (fd < 0)
        return false;
    is_large = is_larger(fd, max);
    while (!is_large && buf.len <= max && (got = file_read(fd, chunk, CHUNK)) > 0)
        sbuf_add_span(&buf, span_make(chunk, (size_t)got));
    if (got < 0)
        err_set(why, "%s: %s", path, strerror(errno));
    close(fd);
    if (got < 0)
        return false;
    if (is_large || buf.len > max) {
        err_set(why, "%s: larger than %zu bytes, the most this program reads", path, max);
        return false;
    }
    sbuf_text(&buf);
    *bytes_out = sbuf_span(&buf);
    return true;
}

/* file_write_all - every octet or false with errno */
static bool file_write_all(int fd, struct span bytes)
{
    while (bytes.len > 0) {
        ssize_t put = write(fd, bytes.at, bytes.len);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        bytes = span_from(bytes, (size_t)put);
    }
    return true;
}

/* save_beside - write a regular file under a temporary name, then rename it */
static bool save_beside(const char *path, struct span bytes)
{
    char beside[4096];
    int fd = -1;
    bool is_saved = false;

    if (snprintf(beside, sizeof(beside), "%s.%ld.new", path, (long)getpid()) >=
        (int)sizeof(beside)) {
        errno = ENAMETOOLONG;
        return false;
    }
    if ((fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) < 0)
        return false;
    is_saved = file_write_all(fd, bytes);
    if (close(fd) != 0)
        is_saved = false;
    if (is_saved && rename(beside, path) == 0)
        return true;
    unlink(beside);
    return false;
}

bool file_save(const char *path, struct span bytes, struct err *why)
{
    struct stat about = {0};
    bool is_special =
        strcmp(path, "-") == 0 || (stat(path, &about) == 0 && !S_ISREG(about.st_mode));
    bool is_saved = false;
    int fd = -1;

    if (!is_special) {
        is_saved = save_beside(path, bytes);
    } else {
        fd = strcmp(path, "-") == 0 ? dup(STDOUT_FILENO) : open(path, O_WRONLY | O_CLOEXEC);
        is_saved = fd >= 0 && file_write_all(fd, bytes);
        if (fd >= 0)
            close(fd);
    }
    if (!is_saved)
        err_set(why, "%s: cannot be written: %s", path, strerror(errno));
    return is_saved;
}
