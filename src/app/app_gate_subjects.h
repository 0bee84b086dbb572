/*
 * NAME
 *     app_gate_subjects - the domains that a change may touch
 * DESCRIPTION
 *     Every name of either world that has MX, SPF, DMARC, keys, MTA-STS,
 *     TLS-RPT or BIMI is a domain to check, with the selectors that are below
 *     it and the names at which it accepts the reports of others. Zones
 *     around the worlds give candidates: they count only if their queries
 *     lead into the world itself.
 * OWNERSHIP
 *     In the arena of the app.
 * ERRORS
 *     None.
 * BUGS
 *     TLSA records of a host that is not a mail host of a domain in the files are
 *     not checked.
 */
#ifndef APP_GATE_SUBJECTS_H
#define APP_GATE_SUBJECTS_H

#include "app/app_options.h"
#include "app/app_run.h"
#include "app/app_world.h"
#include "base/arena.h"
#include "base/dns_name.h"
#include "base/dns_name_table.h"

struct app_gate_subject {
    const struct dns_name *domain;
    struct app_list selectors;
    const struct dns_name **accepts_reports;
    size_t accepts_report_count;
    bool is_candidate;   /* only if what is asked for it leads into a world */
    bool has_mail_hosts; /* a wildcard with MX records */
    bool is_doubled;     /* it holds the zone's name twice: a final dot is missing */
    bool is_quiet;       /* the apex of a zone, or a broken alias: left out if it has nothing to
                        * do with mail */
};

struct app_gate_subjects {
    struct arena *arena;
    struct app_gate_subject **list; /* in the order of their names */
    size_t count;
    struct dns_name_table names;
};

struct app_gate_subjects *app_gate_subjects_find(struct app *app,
                                                 const struct app_world worlds[2]);

/* the subject of a domain, made if there is none */
struct app_gate_subject *app_gate_subjects_get(struct app_gate_subjects *subjects,
                                               const struct dns_name *domain);

#endif
