/*
 * NAME
 *     app_scan_output - where the reports of a scan go
 * DESCRIPTION
 *     Standard output, a new file (-o, with zstd if its name ends in ".zst"), or an earlier
 *     one that is continued (--resume): an unfinished last line of it is cut off, and its
 *     whole reports are counted, so that as many subjects of the list are skipped.
 * OWNERSHIP
 *     app_scan_output_close() closes the file.
 * ERRORS
 *     False and `why`; after a failed write it says how to continue.
 * BUGS
 *     The reports of --unordered cannot be continued: their order is not that of the list.
 */
#ifndef APP_SCAN_OUTPUT_H
#define APP_SCAN_OUTPUT_H

#include <jansson.h>

#include "app/app_run.h"
#include "base/err.h"
#include "base/span.h"
#include "base/zstd_file.h"
#include "model/issue.h"
#include "render/render_view.h"

/* an output as a page or in a format for CI, which shows all subjects together */
struct app_scan_last {
    const char *path;
    enum render_format format;
};

struct app_scan_output {
    const char *path; /* of the rows; "-": standard output, NULL: there are none */
    int fd;
    bool is_packed; /* by zstd */
    bool is_unordered;
    struct zstd_file *packed;
    enum render_format format;
    uint64_t reports;            /* in the file, those of an earlier run included */
    uint64_t earlier;            /* of that run */
    struct app_scan_last *lasts; /* what is written at the end */
    json_t *documents;           /* for a page, as far as it shows them; NULL: none */
    size_t last_count;
};

/* is what the options say possible; before anything is read */
bool app_scan_output_check(struct app *app, struct app_scan_output *output_out,
                           struct err *why);
bool app_scan_output_open(struct app *app, struct app_scan_output *output, struct err *why);
bool app_scan_output_write(struct app_scan_output *output, struct span report, struct err *why);
/* nothing is held back any more: all reports are in the file */
bool app_scan_output_flush(struct app_scan_output *output, struct err *why);
/* what a page shows of a report, if one is to be written */
void app_scan_output_keep(struct app_scan_output *output, struct span report);
/* the outputs that show all subjects together, and what CI gets */
bool app_scan_output_end(struct app *app, const struct app_scan_output *output,
                         const struct report_issues *issues, struct err *why);
void app_scan_output_close(struct app_scan_output *output);

#endif
