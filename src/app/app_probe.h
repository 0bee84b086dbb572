/*
 * NAME
 *     app_probe - which hosts a live probe asks
 * DESCRIPTION
 *     --live HOST[:PORT] is one host, --live mx all mail hosts of the domain. A
 *     host is asked at each of its addresses' first: one connection a host. TLSA
 *     records count only from answers that are authenticated.
 * OWNERSHIP
 *     In the arena of the run.
 * ERRORS
 *     Returns false and fills `why` (a target that makes no sense, a domain
 *     without mail hosts). A host whose address is not known is a target that says
 *     why.
 * STANDARDS
 *     RFC 5321, 5.1; RFC 7505, 3; RFC 7672, 2.2
 */
#ifndef APP_PROBE_H
#define APP_PROBE_H

#include "app/pipeline.h"
#include "report/render_probe.h"

struct probe_target {
    struct smtp_probe probe;
    bool is_known;                 /* there is an address */
    enum smtp_diagnosis diagnosis; /* else why there is none */
    const char *detail;
};

struct probe_targets {
    const char *domain;            /* NULL: one host was named */
    struct probe_target *all;
    size_t count;
};

bool app_probe_targets(struct pipeline *pipeline, const struct smtp_probe *common,
                       struct probe_targets *targets_out, struct err *why);

#endif
