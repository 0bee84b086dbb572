/*
 * NAME
 *     sandbox_after - what receivers send afterwards
 * DESCRIPTION
 *     Made from the records and reports of a run: a delivery report for each message that was
 *     refused or deferred, a DMARC aggregate report for each author domain, a TLS report for
 *     each recipient domain. They are files, or requests to a webhook that the user names: no
 *     mail is sent.
 * OWNERSHIP
 *     JSON is the caller's.
 * ERRORS
 *     False and `why`: a file cannot be written, or a request was not accepted.
 * STANDARDS
 *     RFC 3464, RFC 9990, RFC 8460
 */
#ifndef SANDBOX_AFTER_H
#define SANDBOX_AFTER_H

#include <jansson.h>

#include "base/arena.h"
#include "base/err.h"
#include "sandbox/sandbox_spool.h"

struct sandbox_judged {
    const json_t *record;
    const json_t *report; /* NULL: none could be made */
};

struct sandbox_after {
    struct arena *arena;
    const struct sandbox_spool *spool;
    const char *place; /* a folder, which is made, or "http://..." */
    int64_t now;
    const struct sandbox_judged *messages;
    size_t count;
};

bool sandbox_after_send(const struct sandbox_after *after, struct err *why);

#endif
