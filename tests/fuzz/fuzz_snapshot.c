/* A snapshot file, opened as a source. */
#include <unistd.h>

#include "dns/dns_source.h"
#include "fuzz.h"

FUZZ(arena, bytes)
{
    char path[] = "/tmp/mailassay-fuzz-XXXXXX";
    struct dns_source_options options = {0};
    struct err why = {0};
    int fd = mkstemp(path);

    if (fd < 0 || write(fd, bytes.at, bytes.len) != (ssize_t)bytes.len)
        abort();
    close(fd);
    dns_source_close(
        dns_source_open(arena, arena_printf(arena, "snapshot:%s", path), &options, &why));
    unlink(path);
}
