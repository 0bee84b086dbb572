/* Plain descriptors; what is read is bounded. Files that were read are known by inode. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/sbuf.h"

#define CHUNK 65536

/* a file that this run has read or written */
struct taken {
    dev_t device;
    ino_t inode;
    off_t size;
    struct timespec written;
    struct taken *next;
    char path[]; /* "": standard input */
};

static struct taken *all_taken;

/* take_inode - remember a regular file; where there is no memory only the warning is lost */
static void take_inode(const char *path, const struct stat *about)
{
    size_t size = strlen(path) + 1;
    struct taken *taken = S_ISREG(about->st_mode) ? malloc(sizeof(*taken) + size) : NULL;

    if (taken == NULL)
        return;
    *taken =
        (struct taken){about->st_dev, about->st_ino, about->st_size, about->st_mtim, all_taken};
    memcpy(taken->path, path, size);
    all_taken = taken;
}

/* is_as_taken - the file at the path is the one that was read, unchanged */
static bool is_as_taken(const struct taken *taken)
{
    struct stat about = {0};

    return stat(taken->path, &about) == 0 && about.st_dev == taken->device &&
           about.st_ino == taken->inode && about.st_size == taken->size &&
           about.st_mtim.tv_sec == taken->written.tv_sec &&
           about.st_mtim.tv_nsec == taken->written.tv_nsec;
}

bool file_are_as_taken(void)
{
    const struct taken *taken = all_taken;

    while (taken != NULL && (taken->path[0] == '\0' || is_as_taken(taken)))
        taken = taken->next;
    return taken == NULL;
}

void file_take(const char *path)
{
    struct stat about = {0};

    if (strcmp(path, "-") != 0 && stat(path, &about) == 0)
        take_inode(path, &about);
}

bool file_is_taken(const char *path, struct err *why)
{
    struct stat about = {0};
    const struct taken *taken = all_taken;

    if (strcmp(path, "-") == 0 || stat(path, &about) != 0)
        return false;
    while (taken != NULL && (taken->device != about.st_dev || taken->inode != about.st_ino))
        taken = taken->next;
    if (taken != NULL)
        err_set_kind(why, ERR_USAGE,
                     "%s: this run uses the file already; name another one for the output",
                     path);
    return taken != NULL;
}

int file_open(const char *path, struct err *why)
{
    struct stat about = {0};
    int fd = -1;

    if (strcmp(path, "-") == 0) {
        if (fstat(STDIN_FILENO, &about) == 0)
            take_inode("", &about);
        if ((fd = dup(STDIN_FILENO)) < 0)
            err_set(why, "standard input: %s", strerror(errno));
        return fd;
    }
    if ((fd = open(path, O_RDONLY | O_CLOEXEC)) < 0 || fstat(fd, &about) != 0) {
        err_set(why, "%s: %s", path, strerror(errno));
    } else if (S_ISDIR(about.st_mode)) {
        err_set(why, "%s: is a directory, not a file", path);
    } else {
        take_inode(path, &about);
        return fd;
    }
    if (fd >= 0)
        close(fd);
    return -1;
}

/* refuse_open - say why; -1 */
static int refuse_open(int fd, const char *path, const char *reason, struct err *why)
{
    err_set(why, "%s: %s", path, reason);
    if (fd >= 0)
        close(fd);
    return -1;
}

int file_open_named(const char *path, int list_fd, size_t max, struct err *why)
{
    static const char not_regular[] = "not a regular file";
    struct stat about = {0};
    struct stat list = {0};
    int fd = -1;

    /* opening a device can have effects */
    if (stat(path, &about) != 0)
        return refuse_open(-1, path, strerror(errno), why);
    if (!S_ISREG(about.st_mode))
        return refuse_open(-1, path, not_regular, why);
    fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &about) != 0)
        return refuse_open(fd, path, strerror(errno), why);
    if (!S_ISREG(about.st_mode))
        return refuse_open(fd, path, not_regular, why);
    if (fstat(list_fd, &list) == 0 && list.st_dev == about.st_dev &&
        list.st_ino == about.st_ino)
        return refuse_open(fd, path, "is the file that names it", why);
    if ((uintmax_t)about.st_size > max) {
        err_set(why, "%s: larger than %zu bytes, the most that is read of it", path, max);
        close(fd);
        return -1;
    }
    return fd;
}

const char *file_shown_name(const char *path)
{
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

const char *file_last_part(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

const char *file_folder_of(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');

    if (slash == NULL)
        return ".";
    return slash == path ? "/"
                         : arena_strdup_span(arena, span_make(path, (size_t)(slash - path)));
}

const char *file_in_folder(struct arena *arena, const char *folder, const char *name)
{
    size_t len = strlen(folder);

    if (strcmp(folder, ".") == 0 && strcmp(name, "-") != 0)
        return arena_strdup(arena, name);
    return arena_printf(arena, "%s%s%s", folder, len > 0 && folder[len - 1] == '/' ? "" : "/",
                        name);
}

const char *file_below(const char *path, const char *folder)
{
    size_t len = strcmp(folder, "/") == 0 ? 0 : strlen(folder);

    return strncmp(path, folder, len) == 0 && path[len] == '/' ? path + len + 1 : NULL;
}

const char *file_real_path(struct arena *arena, const char *path)
{
    char *real = realpath(path, NULL);
    const char *copy = real != NULL ? arena_strdup(arena, real) : NULL;

    free(real);
    return copy;
}

ptrdiff_t file_read(int fd, char *bytes, size_t size)
{
    ssize_t got = 0;

    do
        got = read(fd, bytes, size);
    while (got < 0 && errno == EINTR);
    return got;
}

/* is_larger - a regular file; other kinds have to be read to find out */
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
        err_set(why, "%s: %s", file_shown_name(path), strerror(errno));
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

bool file_load_text(struct arena *arena, const char *path, size_t max, struct span *bytes_out,
                    struct err *why)
{
    if (!file_load(arena, path, max, bytes_out, why))
        return false;
    if (!span_starts_with(*bytes_out, "\xff\xfe") && !span_starts_with(*bytes_out, "\xfe\xff"))
        return true;
    err_set(why, "%s: UTF-16 text; save it as UTF-8", path);
    return false;
}

/* is_visible_entry - neither hidden nor the folder itself */
static int is_visible_entry(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

bool file_names(struct arena *arena, const char *folder, struct file_name_list *list_out,
                struct err *why)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_visible_entry, alphasort);

    *list_out = (struct file_name_list){NULL, 0};
    if (count < 0) {
        err_set(why, "%s: %s", folder, strerror(errno));
        return false;
    }
    for (int i = 0; i < count; i++) {
        arena_append(arena, list_out->names, list_out->count,
                     arena_strdup(arena, entries[i]->d_name));
        free(entries[i]);
    }
    free(entries);
    return true;
}
