/*
 * NAME
 *     app_scan_summary - what a scan has found so far, and how long it will take
 * DESCRIPTION
 *     Counts by result, by forgery and by finding; printed on standard error at the end, and
 *     as one line that is written over while the scan runs, on a terminal only.
 * OWNERSHIP
 *     The struct is the caller's.
 * ERRORS
 *     None.
 */
#ifndef APP_SCAN_SUMMARY_H
#define APP_SCAN_SUMMARY_H

#include "base/line_reader.h"
#include "app/app_run.h"
#include "model/finding_id.h"
#include "scan/scan.h"

#define SCAN_FORGERIES 4 /* of enum report_forgery */

struct app_scan_summary {
    size_t reports;
    size_t kinds[SCAN_KINDS];
    size_t forgery[SCAN_FORGERIES];
    size_t fired[FINDING_IDS];
    bool is_shown; /* a progress line */
    bool is_watched;
    int64_t since_ms;
    int64_t shown_ms;
    int64_t list_bytes; /* of the list; 0: not known */
};

void app_scan_summary_open(struct app_scan_summary *summary, const struct app *app,
                           const struct line_reader *lines);
void app_scan_summary_count(struct app_scan_summary *summary, const struct scan_done *done,
                            const struct line_reader *lines);

/* the progress line is taken away; the counts are printed unless that was not wanted */
void app_scan_summary_close(struct app_scan_summary *summary, const struct app *app);

#endif
