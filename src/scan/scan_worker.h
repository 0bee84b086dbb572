/*
 * NAME
 *     scan_worker - a process that evaluates subjects for a supervisor
 * DESCRIPTION
 *     Private to scan/. Takes lines from its socket as its engine wants them, and returns
 *     reports. Ends when the supervisor closes the socket. The supervisor handles signals to
 *     end.
 * OWNERSHIP
 *     The engine lives in the arena of the request, which is this process's own copy.
 * ERRORS
 *     None: a supervisor that is gone ends the worker.
 */
#ifndef SCAN_WORKER_H
#define SCAN_WORKER_H

#include "scan/scan.h"

/* until the socket is closed; never more than request->most subjects, if it says so */
void scan_worker_run(const struct scan_request *request, int fd);

#endif
