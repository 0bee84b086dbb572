/* A snapshot file, opened as a source. */
#include <unistd.h>

#include "source/source.h"
#include "fuzz.h"

FUZZ(arena, bytes)
{
    char path[] = "/tmp/mailassay-fuzz-XXXXXX";
    struct source_options options = {0};
    struct err why = {0};
    int fd = mkstemp(path);

    if (fd < 0 || write(fd, bytes.at, bytes.len) != (ssize_t)bytes.len)
        abort();
    close(fd);
    source_close(source_open(arena, arena_printf(arena, "snapshot:%s", path), &options, &why));
    unlink(path);
}
