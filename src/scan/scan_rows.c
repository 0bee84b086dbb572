/* A report is one write, so that what a full disk leaves of it is the end of the file. */
#include "scan/scan_rows.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/file_write.h"

#define MODE_NEW 0666  /* what the umask leaves of it */
#define PIECE    65536 /* octets of an earlier file that are read at a time */

/* rows_trouble - the file and the reason */
static bool rows_trouble(const struct scan_rows *rows, struct err *why)
{
    bool is_stdout = strcmp(rows->path, "-") == 0;

    err_set(why, "%s: %s", is_stdout ? "standard output" : rows->path, strerror(errno));
    return false;
}

/* rows_are_ours - the file begins as it has to, or with a part of that */
static bool rows_are_ours(const struct scan_rows *rows, struct span bytes)
{
    return span_equal(span_sub(bytes, 0, rows->begins.len),
                      span_sub(rows->begins, 0, bytes.len));
}

/* rows_read_earlier - count whole lines; where the last of them ends */
static bool rows_read_earlier(struct scan_rows *rows, off_t *end_out, struct err *why)
{
    char bytes[PIECE];
    off_t at = 0;
    ptrdiff_t got = 0;

    *end_out = 0;
    while ((got = file_read(rows->fd, bytes, sizeof(bytes))) > 0) {
        struct span rest = span_make(bytes, (size_t)got);
        ptrdiff_t end = 0;

        if (at == 0 && !rows_are_ours(rows, rest)) {
            err_set(why,
                    "%s: does not begin as %s does: --resume needs the file of an earlier scan",
                    rows->path, rows->head.len == 0 ? "a list of reports" : "such a list");
            return false;
        }
        at += got;
        while ((end = span_find(rest, '\n')) >= 0) {
            rest = span_from(rest, (size_t)end + 1);
            rows->reports++;
            *end_out = at - (off_t)rest.len;
        }
    }
    return got == 0 || rows_trouble(rows, why);
}

/* rows_go_on - with the file of an earlier run */
static bool rows_go_on(struct scan_rows *rows, struct err *why)
{
    off_t end = 0;

    rows->fd = open(rows->path, O_RDWR | O_CLOEXEC);
    if (rows->fd < 0)
        return rows_trouble(rows, why);
    if (!rows_read_earlier(rows, &end, why))
        return false;
    if (rows->reports > 0 && rows->head.len > 0)
        rows->reports--; /* the line above the rows */
    rows->earlier = rows->reports;
    if (ftruncate(rows->fd, end) != 0 || lseek(rows->fd, end, SEEK_SET) < 0)
        return rows_trouble(rows, why);
    return true;
}

/* rows_put - as it is, or packed */
static bool rows_put(struct scan_rows *rows, struct span bytes)
{
    return rows->packed != NULL ? zstd_file_write(rows->packed, bytes)
                                : file_write_all(rows->fd, bytes);
}

/* rows_head - the line above the rows */
static bool rows_head(struct scan_rows *rows, struct err *why)
{
    return rows_put(rows, rows->head) || rows_trouble(rows, why);
}

bool scan_rows_open(struct scan_rows *rows, struct arena *arena, struct err *why)
{
    if (strcmp(rows->path, "-") == 0) {
        rows->fd = STDOUT_FILENO;
        return rows_head(rows, why);
    }
    if (file_is_taken(rows->path, why))
        return false;
    rows->fd = open(rows->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, MODE_NEW);
    if (rows->fd < 0)
        return rows_trouble(rows, why);
    if (rows->is_packed) {
        rows->packed = zstd_file_open(arena, rows->fd, why);
        if (rows->packed == NULL)
            return false;
    }
    return rows_head(rows, why);
}

bool scan_rows_go_on(struct scan_rows *rows, struct err *why)
{
    return !file_is_taken(rows->path, why) && rows_go_on(rows, why) &&
           (lseek(rows->fd, 0, SEEK_CUR) > 0 || rows_head(rows, why));
}

/* rows_broke_off - the file, the reason, how much there is, and how to continue */
static bool rows_broke_off(const struct scan_rows *rows, struct err *why)
{
    bool is_stdout = rows->fd == STDOUT_FILENO;
    const char *name = is_stdout ? "standard output" : rows->path;

    if (rows->is_packed || rows->is_unordered)
        err_set(why, "%s: %s after %llu reports; %s cannot be continued: start again", name,
                strerror(errno), (unsigned long long)rows->reports,
                rows->is_packed ? "a packed file" : "a run with --unordered");
    else
        err_set(why, "%s: %s after %llu reports; to continue later: --resume %s", name,
                strerror(errno), (unsigned long long)rows->reports,
                is_stdout ? "FILE, with the file that contains them" : rows->path);
    return false;
}

bool scan_rows_write(struct scan_rows *rows, struct span report, struct err *why)
{
    if (rows_put(rows, report)) {
        rows->reports++;
        return true;
    }
    return rows->fd == STDOUT_FILENO && errno == EPIPE ? rows_trouble(rows, why)
                                                       : rows_broke_off(rows, why);
}

bool scan_rows_flush(struct scan_rows *rows, struct err *why)
{
    return rows->packed == NULL || zstd_file_flush(rows->packed) || rows_broke_off(rows, why);
}

void scan_rows_close(struct scan_rows *rows)
{
    zstd_file_close(rows->packed);
    if (rows->fd > STDERR_FILENO)
        close(rows->fd);
    rows->fd = -1;
}
