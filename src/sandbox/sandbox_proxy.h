/*
 * NAME
 *     sandbox_proxy - the PROXY header in front of a connection
 * DESCRIPTION
 *     Private to sandbox/. A proxy gives the address of its client before the first octet of
 *     SMTP: version 1 in a line of text, version 2 in binary.
 * OWNERSHIP
 *     Nothing is kept.
 * ERRORS
 *     Total: PROXY_BROKEN for anything else.
 * STANDARDS
 *     The PROXY protocol, versions 1 and 2, as HAProxy documents it
 */
#ifndef SANDBOX_PROXY_H
#define SANDBOX_PROXY_H

#include "base/ip.h"
#include "base/span.h"

enum sandbox_proxy_state { PROXY_INCOMPLETE, PROXY_COMPLETE, PROXY_BROKEN };

struct sandbox_proxy {
    enum sandbox_proxy_state state;
    size_t used;              /* octets of the header */
    struct ip_address client; /* IP_NONE: the header names none (UNKNOWN, LOCAL) */
    unsigned version;
};

struct sandbox_proxy sandbox_proxy_parse(struct span bytes);

#endif
