/*
 * NAME
 *     engine_verdict - what a library says
 * DESCRIPTION
 *     Filled in by engine/engine.h.
 * OWNERSHIP
 *     In the arena of who fills them in.
 */
#ifndef ENGINE_VERDICT_H
#define ENGINE_VERDICT_H

#include <stdbool.h>

/* in the detail of libspf2's fail: what follows is the explanation by the domain */
#define ENGINE_SPF_EXPLAINED "; explanation: "

enum engine_library { ENGINE_LIBSPF2, ENGINE_LIBOPENDKIM, ENGINE_LIBOPENDMARC };

struct engine_verdict {
    enum engine_library library;
    const char *library_text; /* "libspf2 1.2.10" */
    const char *about;        /* "spf.mailfrom", "spf.helo", "dkim.0", "dmarc" */
    const char *result;       /* RFC 8601 word; NULL when is_lost or is_skipped */
    bool is_lost;             /* the child died, hung or grew */
    bool is_skipped;          /* not asked: see detail */
    bool is_unavailable; /* skipped although it could have been asked: a bound, or the system */
    const char *detail;  /* one clause, safe to show; never NULL */
};

#endif
