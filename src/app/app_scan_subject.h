/*
 * NAME
 *     app_scan_subject - what scan makes of one subject
 * DESCRIPTION
 *     The work of scan.h: read the line, gather, ask what is wanted (DNS, then HTTPS), gather
 *     again, report. A subject has an arena, a ledger and sources of its own, so that its
 *     report is that of check, byte for byte.
 * OWNERSHIP
 *     struct app_scan and what it names live as long as the scan.
 * ERRORS
 *     None: what goes wrong is the report.
 */
#ifndef APP_SCAN_SUBJECT_H
#define APP_SCAN_SUBJECT_H

#include "base/line_reader.h"
#include "app/app_policies.h"
#include "app/app_run.h"
#include "model/finding_id.h"
#include "scan/scan.h"

#define SCAN_NO_FORGERY (-1)
#define SCAN_FIRED_BITS 64

/* what the summary counts; the tally of scan.h */
struct app_scan_tally {
    int forgery; /* enum report_forgery; SCAN_NO_FORGERY: no report */
    /* a bit for each enum finding_id that fires or is undetermined */
    uint64_t fired[FINDING_IDS / SCAN_FIRED_BITS + 1];
};

/* what all subjects have in common */
struct app_scan {
    const struct app *app; /* with the sources held */
    const struct app_policies *policies;
    const struct line_reader *lines; /* what names the messages */
};

struct scan_work app_scan_work(struct app_scan *common);

#endif
