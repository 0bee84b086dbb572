/*
 * NAME
 *     app_scan_worker - a process that evaluates subjects for a supervisor
 * DESCRIPTION
 *     Takes lines from its socket as its engine wants them, and returns reports. Ends when
 *     the supervisor closes the socket. The supervisor handles signals to end.
 * OWNERSHIP
 *     The engine lives in the arena of the app, which is this process's own copy.
 * ERRORS
 *     None: a supervisor that is gone ends the worker.
 */
#ifndef APP_SCAN_WORKER_H
#define APP_SCAN_WORKER_H

#include "app/app_scan.h"

/* until the socket is closed; never more than request->most subjects, if it says so */
void app_scan_work(const struct scan_request *request, int fd);

#endif
