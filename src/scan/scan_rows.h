/*
 * NAME
 *     scan_rows - the file that the reports of a scan go to
 * DESCRIPTION
 *     Standard output, a new file (packed by zstd if that is wanted), or an earlier one that is
 *     continued: an unfinished last line of it is cut off, and its whole reports are counted,
 *     so that as many subjects of the list are skipped.
 * OWNERSHIP
 *     scan_rows_close() closes the file.
 * ERRORS
 *     False and `why`; after a failed write it says how to continue.
 * BUGS
 *     Reports of --unordered cannot be continued: their order is not that of the list.
 */
#ifndef SCAN_ROWS_H
#define SCAN_ROWS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "base/zstd_file.h"

struct scan_rows {
    const char *path; /* "-": standard output */
    bool is_packed;   /* by zstd */
    bool is_unordered;
    struct span head;   /* the line above the rows; empty: there is none */
    struct span begins; /* how every such file begins */
    int fd;
    struct zstd_file *packed;
    uint64_t reports; /* in the file, those of an earlier run included */
    uint64_t earlier; /* of that run */
};

bool scan_rows_open(struct scan_rows *rows, struct arena *arena, struct err *why);
/* with the file of an earlier run */
bool scan_rows_go_on(struct scan_rows *rows, struct err *why);
bool scan_rows_write(struct scan_rows *rows, struct span report, struct err *why);
/* nothing is held back any more: all reports are in the file */
bool scan_rows_flush(struct scan_rows *rows, struct err *why);
void scan_rows_close(struct scan_rows *rows);

#endif
