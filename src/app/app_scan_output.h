/*
 * NAME
 *     app_scan_output - where the reports of a scan go
 * DESCRIPTION
 *     What --output, --resume and --format say: a file of rows (scan/scan_rows.h), and pages
 *     and formats for CI, which show all subjects together and are written at the end.
 * OWNERSHIP
 *     app_scan_output_close() closes the file.
 * ERRORS
 *     False and `why`.
 */
#ifndef APP_SCAN_OUTPUT_H
#define APP_SCAN_OUTPUT_H

#include <jansson.h>

#include "app/app_run.h"
#include "base/err.h"
#include "base/span.h"
#include "model/issue.h"
#include "render/render_view.h"
#include "scan/scan_rows.h"

/* an output as a page or in a format for CI, which shows all subjects together */
struct app_scan_last {
    const char *path;
    enum render_format format;
};

struct app_scan_output {
    struct scan_rows rows; /* path NULL: there are none */
    enum render_format format;
    struct app_scan_last *lasts; /* what is written at the end */
    json_t *documents;           /* for a page, as far as it shows them; NULL: none */
    size_t last_count;
};

/* is what the options say possible; before anything is read */
bool app_scan_output_check(struct app *app, struct app_scan_output *output_out,
                           struct err *why);
bool app_scan_output_open(struct app *app, struct app_scan_output *output, struct err *why);
bool app_scan_output_write(struct app_scan_output *output, struct span report, struct err *why);
/* what a page shows of a report, if one is to be written */
void app_scan_output_keep(struct app_scan_output *output, struct span report);
/* the outputs that show all subjects together, and what CI gets */
bool app_scan_output_end(struct app *app, const struct app_scan_output *output,
                         const struct report_issues *issues, struct err *why);
void app_scan_output_close(struct app_scan_output *output);

#endif
