/*
 * NAME
 *     app_probe - which hosts a live probe connects to
 * DESCRIPTION
 *     --live HOST[:PORT] is one host, --live mx[:PORT] all mail hosts of the domain,
 *     the preferred ones first. Each address of a host is a target of its own:
 *     senders use all of them, and a fault is often at one. TLSA records count only
 *     from answers that are authenticated.
 *
 *     With mx DNS names the hosts, and the owner of the domain's records might name
 *     hosts behind our own firewall. So addresses that no host of
 *     the Internet may have are reported and not connected to, unless all answers come
 *     from zone files. Sources on this machine alone (files, snapshots, a name
 *     server on loopback) may also lead to loopback. A host that the user names is
 *     connected to where it is.
 * OWNERSHIP
 *     In the arena of the run.
 * ERRORS
 *     app_probe_target() returns false and fills `why`. A host whose address is not
 *     known, and a domain without mail hosts, are targets that say why.
 * STANDARDS
 *     RFC 5321, 5.1; RFC 7505, 3; RFC 7672, 2.2
 */
#ifndef APP_PROBE_H
#define APP_PROBE_H

#include "app/app_run.h"
#include "app/pipeline.h"
#include "base/dns_name.h"
#include "base/err.h"
#include "base/ip.h"
#include "model/smtp_probe.h"
#include "render/render_probe.h"

/* what --live names */
struct probe_place {
    bool is_mx; /* the mail hosts of the domain */
    bool is_address;
    struct ip_address address;
    const struct dns_name *name; /* of a host */
    unsigned port;
};

struct probe_target {
    struct smtp_probe probe;
    bool is_known;                 /* there is an address to connect to */
    enum smtp_diagnosis diagnosis; /* else why not */
    const char *detail;
};

struct probe_targets {
    const char *domain; /* NULL: one host was named */
    struct probe_target *all;
    size_t count;    /* at most LIMIT_PROBE_TARGETS */
    size_t left_out; /* that would have been more */
};

bool app_probe_target(struct app *app, struct probe_place *place_out, struct err *why);

void app_probe_targets(struct pipeline *pipeline, const struct probe_place *place,
                       const struct smtp_probe *common, struct probe_targets *targets_out);

/* be gentle to the next host */
void app_probe_pause(const struct app *app);

#endif
