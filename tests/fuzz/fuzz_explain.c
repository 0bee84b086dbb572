/* The input of explain as a file: a mailbox, a log, a report or a reply. What is counted is also
 * kept, as entries or as rows of the table. */
#include <sys/mman.h>
#include <unistd.h>

#include "base/file_write.h"
#include "base/limits_bounce.h"
#include "base/must.h"
#include "explain/explain_input.h"
#include "fuzz.h"

FUZZ(arena, bytes)
{
    int fd = memfd_create("input", MFD_CLOEXEC);
    const char *paths[] = {arena_printf(arena, "/proc/self/fd/%d", fd)};
    struct explain_input explain = {.arena = arena};
    struct err why = {0};
    size_t listed = 0;

    must(fd >= 0 && file_write_all(fd, bytes));
    if (explain_input_read(&explain, paths, 1, &why)) {
        must(explain.out.row_count <= LIMIT_EXPLAIN_ROWS);
        for (size_t i = 0; i < explain.out.row_count; i++)
            listed += explain.rows[i].count;
        must(listed == explain.out.total);
        for (size_t i = 0; i < explain.entry_count; i++)
            must(explain.entries[i].said->class->cause != NULL);
    } else {
        must(why.text[0] != '\0');
    }
    close(fd);
}
