/*
 * NAME
 *     mail_trace - where a message came from, by its own trace fields
 * DESCRIPTION
 *     Reads Received fields (client address, HELO, times as the large MTAs
 *     write them), Return-Path and existing Authentication-Results and
 *     Received-SPF, and what ARC keeps of them. All of it is what somebody
 *     wrote: it is shown, and used as the envelope when the user gave none,
 *     never trusted as a verdict.
 *
 *     The envelope's client is that of the topmost Received field with a
 *     public client address: the fields above it are relays inside the
 *     receiver. If the topmost Received-SPF names the client of a lower field,
 *     and the fields above that one lead from a host to another of the same
 *     domain, the lower one is taken: some providers relay inside over
 *     public addresses. Where no field shows a client, Received-SPF is asked.
 *     The sender comes from Return-Path, else from what the chosen field or
 *     Received-SPF says. `note` tells all of it.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     Total: fields that cannot be read have NULL parts.
 * STANDARDS
 *     RFC 5321, 4.4; RFC 8601, 2; RFC 7208, 9.1; RFC 8617, 4.1.1
 */
#ifndef MAIL_TRACE_H
#define MAIL_TRACE_H

#include "base/ip.h"
#include "mail/mail_message.h"

struct mail_hop {
    const struct mail_header *header;
    const char *from;         /* HELO name of the client as told; NULL; escaped */
    struct ip_address client; /* IP_NONE if the field shows none */
    const char *by;           /* the server's name; NULL; escaped */
    const char *protocol;     /* "ESMTPS"; NULL; escaped */
};

struct mail_envelope {
    struct ip_address client;
    const char *helo;             /* NULL: not known; raw text of one word */
    const char *mail_from;        /* NULL: not known; "" null path */
    const char *client_origin;    /* "Received field 2 (line 7)"; NULL */
    const char *mail_from_origin; /* "Return-Path (line 1)"; NULL */
    const char *note;             /* one sentence: which hop was taken and why, or why none */
};

struct mail_auth_result {   /* one method result of one Authentication-Results field */
    const char *server;     /* authserv-id, escaped; "" where the writer left it out */
    const char *method;     /* "spf", "dkim", "dmarc", lower case, escaped */
    const char *result;     /* lower case, escaped */
    const char *properties; /* "smtp.mailfrom=a@b header.d=c", escaped, one line */
    int line;
    struct mail_auth_result *next;
};

struct mail_trace {
    struct mail_hop *hops; /* top (newest) to bottom */
    size_t hop_count;
    struct mail_envelope envelope;
    struct mail_auth_result *auth_results;
};

/* an ARC-Authentication-Results field (RFC 8617, 4.1.1) */
struct mail_arc_results {
    struct span instance; /* of i=, which stands first; empty if it does not */
    const char *server;   /* authserv-id, escaped; "" where it is left out */
    struct mail_auth_result *results;
};

struct mail_arc_results mail_arc_results_parse(struct arena *arena,
                                               const struct mail_header *header);

struct mail_trace *mail_trace_parse(struct arena *arena, const struct mail_message *message);

#endif
