/* Calls that the manual of libzstd lists as stable; declared here, so that a build needs no
 * headers of it. */
#include "base/zstd_file.h"

#include <errno.h>

#include "base/file_write.h"
#include "base/library.h"
#include "base/sbuf.h"

#define LIBRARY "libzstd.so.1"
#define LEVEL   3 /* the default of zstd(1) */

struct zstd_functions {
    void *(*create)(void);
    size_t (*release)(void *context);
    size_t (*bound)(size_t len);
    size_t (*compress)(void *context, void *to, size_t size, const void *from, size_t len,
                       int level);
    unsigned (*is_error)(size_t result);
};

static const struct library_place places[] = {
    {"ZSTD_createCCtx", offsetof(struct zstd_functions, create)},
    {"ZSTD_freeCCtx", offsetof(struct zstd_functions, release)},
    {"ZSTD_compressBound", offsetof(struct zstd_functions, bound)},
    {"ZSTD_compressCCtx", offsetof(struct zstd_functions, compress)},
    {"ZSTD_isError", offsetof(struct zstd_functions, is_error)},
};

struct zstd_file {
    struct zstd_functions call;
    void *context;
    int fd;
    struct arena *arena; /* of what is collected, and of its frame */
    struct sbuf collected;
};

struct zstd_file *zstd_file_open(struct arena *arena, int fd, struct err *why)
{
    struct zstd_file *file = arena_new_of(arena, struct zstd_file);

    file->fd = fd;
    if (library_load(LIBRARY, places, COUNT_OF(places), &file->call))
        file->context = file->call.create();
    if (file->context == NULL) {
        err_set_kind(why, ERR_INTERNAL, "libzstd cannot be loaded: install libzstd1");
        return NULL;
    }
    file->arena = arena_open();
    file->collected = sbuf_start(file->arena);
    return file;
}

bool zstd_file_flush(struct zstd_file *file)
{
    struct span from = sbuf_span(&file->collected);
    size_t size = file->call.bound(from.len);
    size_t len = 0;
    char *frame = NULL;
    bool is_written = true;

    if (from.len == 0)
        return true;
    frame = arena_alloc(file->arena, size);
    len = file->call.compress(file->context, frame, size, from.at, from.len, LEVEL);
    if (file->call.is_error(len) != 0) {
        errno = ENOMEM; /* nothing else can be wrong with a frame of this size */
        is_written = false;
    } else {
        is_written = file_write_all(file->fd, span_make(frame, len));
    }
    arena_reset(file->arena);
    file->collected = sbuf_start(file->arena);
    return is_written;
}

bool zstd_file_write(struct zstd_file *file, struct span bytes)
{
    sbuf_add_span(&file->collected, bytes);
    return file->collected.len < ZSTD_PIECE || zstd_file_flush(file);
}

void zstd_file_close(struct zstd_file *file)
{
    if (file == NULL)
        return;
    file->call.release(file->context);
    arena_close(file->arena);
}
