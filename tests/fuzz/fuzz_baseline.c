/* A JSON report given as a baseline. */
#include <unistd.h>

#include "base/must.h"
#include "report/report.h"
#include "fuzz.h"

FUZZ(arena, bytes)
{
    char path[] = "/tmp/mailassay-fuzz-XXXXXX";
    struct report report = {0};
    struct err why = {0};
    int fd = mkstemp(path);
    bool is_read = false;

    if (fd < 0 || write(fd, bytes.at, bytes.len) != (ssize_t)bytes.len)
        abort();
    close(fd);
    is_read = report_read_baseline(arena, &report, path, &why);
    unlink(path);
    must(is_read == (why.text[0] == '\0'));
    for (size_t i = 0; i < report.known_count; i++)
        must(report.known[i] != NULL);
}
