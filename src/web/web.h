/*
 * NAME
 *     web - the local web page
 * DESCRIPTION
 *     An HTTP server for the people of one team. Each check is a process of this
 *     program with the same command line that a person would type (web_fork_server.h); the
 *     server has it started, waits, and returns the report it wrote: as a page, or as JSON
 *     by Accept.
 *
 *     One thread, one loop: libmicrohttpd and the processes are waited for together. A
 *     secret in the address keeps other users of the machine out, the Host field must be
 *     one of the names that the server listens on (DNS rebinding), and other sites are
 *     never allowed to read an answer. Data of a subject is only written to the folder of
 *     its job.
 * OWNERSHIP
 *     web_run() returns when it is asked to end by SIGINT or SIGTERM; then folders of jobs
 *     are removed, unless they are kept.
 * ERRORS
 *     Returns false and fills `why` if the server cannot start.
 * STANDARDS
 *     RFC 9110; RFC 9112; RFC 7578
 */
#ifndef WEB_H
#define WEB_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct web_options {
    const char *listen;       /* "127.0.0.1:8025", "[::1]:8025"; port 0: any */
    const char *keep;         /* folder of reports that outlive the server; NULL */
    const char *user;         /* whom root becomes; NULL: "nobody" */
    unsigned jobs;            /* processes at once */
    const char *engines;      /* an option about them, for what asks them; NULL */
    const char *const *words; /* options for each process: --dns and the like */
    size_t word_count;
};

bool web_run(const struct web_options *options, struct err *why);

#endif
