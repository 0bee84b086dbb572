/*
 * The folder is opened first and all names are relative to it, so that nobody can replace it
 * between two steps. Signals are blocked while the temporary file exists, and are looked for
 * after each piece.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_write.h"

#define PIECE       ((size_t)1 << 20) /* octets between two looks at signals */
#define MODE_NEW    0666              /* what the umask leaves of it */
#define MODE_BITS   07777
#define NAME_FORMAT ".mailassay-%016" PRIx64
#define NAME_SIZE   (sizeof(".mailassay-") + 16)

static const int ending_signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGALRM};

/* a file on its way to its place */
struct saving {
    int folder;
    char folder_path[4096];
    const char *name; /* in the folder */
    char temporary[NAME_SIZE];
    bool is_old; /* `old` is what it takes the place of */
    struct stat old;
    sigset_t ending; /* signals that would end the program */
};

bool file_write_all(int fd, struct span bytes)
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

/* is_interrupted - a signal waits that ends the program */
static bool is_interrupted(const struct saving *saving)
{
    sigset_t waiting;

    sigemptyset(&waiting);
    sigpending(&waiting);
    for (size_t i = 0; i < COUNT_OF(ending_signals); i++)
        if (sigismember(&waiting, ending_signals[i]) == 1 &&
            sigismember(&saving->ending, ending_signals[i]) == 1)
            return true;
    return false;
}

/* write_pieces - until a signal waits; false with errno */
static bool write_pieces(const struct saving *saving, int fd, struct span bytes)
{
    while (bytes.len > 0) {
        if (is_interrupted(saving)) {
            errno = EINTR;
            return false;
        }
        if (!file_write_all(fd, span_sub(bytes, 0, PIECE)))
            return false;
        bytes = span_from(bytes, PIECE);
    }
    return true;
}

static bool is_passing; /* files need not outlive the machine */

void file_save_passing(void)
{
    is_passing = true;
}

/* sync_whole - to the disk, where the file system can */
static bool sync_whole(int fd)
{
    return is_passing || fsync(fd) == 0 || errno == EINVAL || errno == EROFS ||
           errno == ENOTSUP;
}

/* keep_mode - owner and mode of the old file, where the owner can be kept; never set-user-ID */
static bool keep_mode(const struct saving *saving, int fd)
{
    if (!saving->is_old)
        return true;
    if (fchown(fd, saving->old.st_uid, saving->old.st_gid) != 0 && errno != EPERM)
        return false;
    return fchmod(fd, saving->old.st_mode & MODE_BITS & ~(mode_t)(S_ISUID | S_ISGID)) == 0;
}

/* write_temporary - whole and on the disk; false with errno */
static bool write_temporary(const struct saving *saving, struct span bytes)
{
    int fd = openat(saving->folder, saving->temporary,
                    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                    saving->is_old ? S_IRUSR | S_IWUSR : MODE_NEW);
    bool is_written = false;

    if (fd < 0)
        return false;
    is_written = write_pieces(saving, fd, bytes) && keep_mode(saving, fd) && sync_whole(fd);
    return close(fd) == 0 && is_written;
}

/* replace_old - by the temporary file, which is removed if that fails; false with errno */
static bool replace_old(const struct saving *saving, struct span bytes)
{
    bool is_replaced =
        write_temporary(saving, bytes) &&
        renameat(saving->folder, saving->temporary, saving->folder, saving->name) == 0;
    int trouble = errno;

    if (is_replaced)
        return sync_whole(saving->folder);
    if (trouble != EEXIST) /* then it is somebody else's */
        (void)unlinkat(saving->folder, saving->temporary, 0);
    errno = trouble;
    return false;
}

/* open_folder - that of the path, and the name in it; false with errno */
static bool open_folder(struct saving *saving, const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t len = slash == NULL ? 0 : (size_t)(slash - path) + 1;
    uint64_t number = 0;

    if (len >= sizeof(saving->folder_path)) {
        errno = ENAMETOOLONG;
        return false;
    }
    memcpy(saving->folder_path, path, len);
    saving->folder_path[len] = '\0';
    saving->name = path + len;
    if (getrandom(&number, sizeof(number), 0) != sizeof(number))
        return false;
    (void)snprintf(saving->temporary, sizeof(saving->temporary), NAME_FORMAT, number);
    saving->folder =
        open(len > 0 ? saving->folder_path : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return saving->folder >= 0;
}

/* save_regular - with signals blocked meanwhile; false with errno */
static bool save_regular(struct saving *saving, const char *path, struct span bytes)
{
    void (*too_large)(int) = SIG_DFL;
    sigset_t before;
    bool is_saved = false;
    int trouble = 0;

    if (saving->is_old && faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) != 0)
        return false; /* read-only */
    if (!open_folder(saving, path))
        return false;
    sigemptyset(&saving->ending);
    for (size_t i = 0; i < COUNT_OF(ending_signals); i++)
        sigaddset(&saving->ending, ending_signals[i]);
    sigprocmask(SIG_BLOCK, &saving->ending, &before);
    for (size_t i = 0; i < COUNT_OF(ending_signals); i++)
        if (sigismember(&before, ending_signals[i]) == 1)
            sigdelset(&saving->ending, ending_signals[i]); /* the caller has them wait */
    too_large = signal(SIGXFSZ, SIG_IGN); /* it is an error of write(2) as well */
    is_saved = replace_old(saving, bytes);
    trouble = errno;
    close(saving->folder);
    signal(SIGXFSZ, too_large);
    sigprocmask(SIG_SETMASK, &before, NULL);
    errno = trouble;
    return is_saved;
}

/* save_special - standard output, a device or a pipe; false with errno */
static bool save_special(const char *path, struct span bytes)
{
    int fd = strcmp(path, "-") == 0 ? dup(STDOUT_FILENO)
                                    : open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
    bool is_saved = fd >= 0 && file_write_all(fd, bytes);
    int trouble = errno;

    if (fd >= 0)
        close(fd);
    errno = trouble;
    return is_saved;
}

/* is_special - nothing that could be replaced; `old_out` is what is there */
static bool is_special(const char *path, struct stat *old_out, bool *is_there_out)
{
    *is_there_out = false;
    if (strcmp(path, "-") == 0)
        return true;
    *is_there_out = stat(path, old_out) == 0;
    return *is_there_out && !S_ISREG(old_out->st_mode);
}

bool file_save(const char *path, struct span bytes, struct err *why)
{
    struct saving saving = {.folder = -1};
    char *real = NULL;
    bool is_saved = false;

    if (is_special(path, &saving.old, &saving.is_old)) {
        is_saved = save_special(path, bytes);
    } else {
        struct stat link = {0};

        /* a link stays; one that leads nowhere is not followed, whoever made it */
        if (lstat(path, &link) == 0 && S_ISLNK(link.st_mode))
            is_saved =
                (real = realpath(path, NULL)) != NULL && save_regular(&saving, real, bytes);
        else
            is_saved = save_regular(&saving, path, bytes);
    }
    if (!is_saved)
        err_set(why, "%s: cannot be written: %s", path, strerror(errno));
    free(real);
    return is_saved;
}

bool file_create(const char *path, struct span bytes, struct err *why)
{
    int fd =
        open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
    bool is_made = false;
    int trouble = 0;

    if (fd < 0) {
        err_set(why, "%s: %s", path,
                errno == EEXIST ? "is there already, and is never overwritten"
                                : strerror(errno));
        return false;
    }
    is_made = file_write_all(fd, bytes) && sync_whole(fd);
    trouble = errno;
    is_made = close(fd) == 0 && is_made;
    if (!is_made) {
        unlink(path);
        err_set(why, "%s: cannot be written: %s", path, strerror(trouble));
    }
    return is_made;
}
