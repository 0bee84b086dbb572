/*
 * NAME
 *     app_scan_jobs - workers under a supervisor
 * DESCRIPTION
 *     The supervisor reads the list, deals lines to workers as they ask for them, and writes
 *     their reports. Every line is accounted for once: what a worker that died had not
 *     reported is evaluated again, one at a time in a worker that has nothing else; the one
 *     that kills this worker too gets a report that says so. A worker that is silent for
 *     LIMIT_WORKER_SECONDS is killed.
 * OWNERSHIP
 *     Workers have ended when it returns.
 * ERRORS
 *     False and `why`: workers cannot be started.
 */
#ifndef APP_SCAN_JOBS_H
#define APP_SCAN_JOBS_H

#include "app/app_scan.h"
#include "base/err.h"

bool app_scan_jobs(const struct scan_request *request, size_t jobs, struct err *why);

#endif
