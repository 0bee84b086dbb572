/* Names are made from numbers alone, relative to the folder that was opened. */
#include "sandbox/sandbox_spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_write.h"
#include "base/limits_serve.h"
#include "base/span.h"

#define FOLDER_MODE 0700
#define FILE_MODE   0600

static const char *const part_suffixes[] = {".eml", ".json", ".report.json"};

/* spool_file_name - "000012.eml", ".000012.eml.part" */
static void spool_file_name(char *name, uint64_t number, const char *suffix, bool is_part)
{
    snprintf(name, SANDBOX_NAME_SIZE, "%s%06llu%s%s", is_part ? "." : "",
             (unsigned long long)number, suffix, is_part ? ".part" : "");
}

/* spool_number - of a name that begins with digits; 0: it does not */
static uint64_t spool_number(struct span name)
{
    uint64_t number = 0;
    size_t len = 0;

    while (len < name.len && ascii_is_digit(name.at[len]))
        len++;
    return span_to_number(span_sub(name, 0, len), UINT64_MAX / 2, &number) ? number : 0;
}

/* spool_entry - a file of the folder: count it, or remove what is half done */
static void spool_entry(struct sandbox_spool *spool, const char *name)
{
    struct span text = span_of(name);
    bool is_part = span_starts_with(text, ".") && span_ends_with_nocase(text, ".part");
    uint64_t number = spool_number(is_part ? span_from(text, 1) : text);

    if (number == 0)
        return;
    if (is_part) {
        (void)unlinkat(spool->folder, name, 0);
        return;
    }
    if (number > spool->last)
        spool->last = number;
    spool->count += span_ends_with_nocase(text, ".eml");
}

/* read_folder - what is there already; false with errno */
static bool read_folder(struct sandbox_spool *spool)
{
    int fd = dup(spool->folder);
    DIR *entries = fd >= 0 ? fdopendir(fd) : NULL;
    const struct dirent *entry = NULL;

    if (entries == NULL) {
        if (fd >= 0)
            close(fd);
        return false;
    }
    while ((entry = readdir(entries)) != NULL)
        spool_entry(spool, entry->d_name);
    closedir(entries);
    return true;
}

bool sandbox_spool_reopen(struct sandbox_spool *spool)
{
    spool->folder = open(spool->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return spool->folder >= 0;
}

struct sandbox_spool *sandbox_spool_open(struct arena *arena, const char *path, struct err *why)
{
    struct sandbox_spool *spool = arena_new_of(arena, struct sandbox_spool);

    spool->path = arena_strdup(arena, path);
    spool->folder = -1;
    if ((mkdir(path, FOLDER_MODE) == 0 || errno == EEXIST) && sandbox_spool_reopen(spool) &&
        read_folder(spool))
        return spool;
    err_set(why, "%s: cannot hold messages: %s", path, strerror(errno));
    sandbox_spool_close(spool);
    return NULL;
}

void sandbox_spool_close(struct sandbox_spool *spool)
{
    if (spool == NULL || spool->folder < 0)
        return;
    close(spool->folder);
    spool->folder = -1;
}

void sandbox_spool_forget(const struct sandbox_spool *spool, uint64_t number)
{
    char name[SANDBOX_NAME_SIZE];

    for (size_t i = 0; i < COUNT_OF(part_suffixes); i++) {
        spool_file_name(name, number, part_suffixes[i], true);
        (void)unlinkat(spool->folder, name, 0);
    }
}

void sandbox_spool_remove(struct sandbox_spool *spool)
{
    char name[SANDBOX_NAME_SIZE];

    for (uint64_t number = 1; number <= spool->last; number++) {
        sandbox_spool_forget(spool, number);
        for (size_t i = 0; i < COUNT_OF(part_suffixes); i++) {
            spool_file_name(name, number, part_suffixes[i], false);
            (void)unlinkat(spool->folder, name, 0);
        }
    }
    (void)rmdir(spool->path);
}

const char *sandbox_spool_name(struct arena *arena, const struct sandbox_spool *spool,
                               uint64_t number, const char *suffix)
{
    char name[SANDBOX_NAME_SIZE];

    spool_file_name(name, number, suffix, false);
    return arena_printf(arena, "%s/%s", spool->path, name);
}

const char *sandbox_spool_part_name(struct arena *arena, const struct sandbox_spool *spool,
                                    uint64_t number, const char *suffix)
{
    char name[SANDBOX_NAME_SIZE];

    spool_file_name(name, number, suffix, true);
    return arena_printf(arena, "%s/%s", spool->path, name);
}

/* ---- one message ---- */

bool sandbox_spool_save_part(const struct sandbox_spool *spool, uint64_t number,
                             const char *suffix, struct span bytes)
{
    char name[SANDBOX_NAME_SIZE];
    bool is_written = false;
    int fd = -1;

    spool_file_name(name, number, suffix, true);
    fd = openat(spool->folder, name, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, FILE_MODE);
    if (fd < 0)
        return false;
    is_written = file_write_all(fd, bytes) && ftruncate(fd, (off_t)bytes.len) == 0;
    return close(fd) == 0 && is_written;
}

bool sandbox_spool_place(const struct sandbox_spool *spool, uint64_t number, const char *suffix)
{
    char part[SANDBOX_NAME_SIZE];
    char name[SANDBOX_NAME_SIZE];

    spool_file_name(part, number, suffix, true);
    spool_file_name(name, number, suffix, false);
    return renameat(spool->folder, part, spool->folder, name) == 0;
}

bool sandbox_spool_save(const struct sandbox_spool *spool, uint64_t number, const char *suffix,
                        struct span bytes)
{
    return sandbox_spool_save_part(spool, number, suffix, bytes) &&
           sandbox_spool_place(spool, number, suffix);
}

bool sandbox_file_begin(struct sandbox_spool *spool, struct sandbox_file *file)
{
    char name[SANDBOX_NAME_SIZE];

    file->spool = spool;
    file->len = 0;
    file->fd = -1;
    if (spool->count >= LIMIT_SANDBOX_MESSAGES) {
        errno = ENOSPC;
        return false;
    }
    spool_file_name(name, spool->last + 1, ".eml", true);
    file->fd = openat(spool->folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
    if (file->fd < 0)
        return false;
    file->number = ++spool->last;
    spool->count++;
    return true;
}

/* flush_file - what waits in the buffer */
static bool flush_file(struct sandbox_file *file)
{
    struct span bytes = span_make(file->buffer, file->len);

    file->len = 0;
    return file_write_all(file->fd, bytes);
}

bool sandbox_file_write(struct sandbox_file *file, struct span bytes)
{
    while (bytes.len > 0) {
        size_t room = sizeof(file->buffer) - file->len;
        size_t len = bytes.len < room ? bytes.len : room;

        memcpy(file->buffer + file->len, bytes.at, len);
        file->len += len;
        bytes = span_from(bytes, len);
        if (file->len == sizeof(file->buffer) && !flush_file(file))
            return false;
    }
    return true;
}

bool sandbox_file_finish(struct sandbox_file *file)
{
    bool is_written = flush_file(file);

    is_written = close(file->fd) == 0 && is_written;
    file->fd = -1;
    return is_written;
}

void sandbox_file_drop(struct sandbox_file *file)
{
    if (file->fd >= 0)
        close(file->fd);
    file->fd = -1;
    sandbox_spool_forget(file->spool, file->number);
}
