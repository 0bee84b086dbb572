/*
 * NAME
 *     feedback_maker - aggregate reports for tests
 * DESCRIPTION
 *     Writes a report of RFC 7489 or RFC 9990 from a few values, and packs
 *     bytes with gzip or into a zip archive.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     None: what zlib refuses fails the test.
 */
#ifndef TEST_FEEDBACK_MAKER_H
#define TEST_FEEDBACK_MAKER_H

#include "base/sbuf.h"

/* a record: "192.0.2.1 12 none dkim=pass spf=fail from=example.com d=example.com:s1:pass
 * s=example.com:fail reason=forwarded"; what is left out is not said */
const char *maker_record(struct arena *arena, const char *text);

struct maker_report {
    const char *reporter; /* NULL: "receiver.example" */
    const char *id;       /* NULL: "1" */
    const char *domain;   /* NULL: "example.com" */
    const char *begin;    /* NULL: 2026-11-01 */
    const char *end;
    const char *space;     /* namespace; NULL: none */
    const char *published; /* more elements of policy_published; NULL: p=none */
    const char *records;   /* as maker_record() makes them */
};

const char *maker_report(struct arena *arena, const struct maker_report *report);

struct span maker_gzip(struct arena *arena, struct span bytes);
/* an archive with one member that is deflated */
struct span maker_zip(struct arena *arena, const char *name, struct span bytes);
/* the same, which its directory names so many times */
struct span maker_zip_times(struct arena *arena, struct span bytes, unsigned times);
const char *maker_base64(struct arena *arena, struct span bytes);

#endif
