/*
 * NAME
 *     mail_trace - where a message came from, by its own trace fields
 * DESCRIPTION
 *     Filled in by mail/mail_trace.h, one field by mail/mail_received.h. None of it is
 *     trusted.
 * OWNERSHIP
 *     In the arena; spans look into the message.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 5321, 4.4; RFC 8601, 2; RFC 7208, 9.1; RFC 8617, 4.1.1
 */
#ifndef MODEL_MAIL_TRACE_H
#define MODEL_MAIL_TRACE_H

#include "base/ip.h"
#include "base/span.h"
#include "model/mail_message.h"

/* one trace field; parts that are not there are empty */
struct mail_received {
    struct span helo;
    struct ip_address client;
    struct span by;
    struct span protocol;
    struct span envelope_from; /* with <>; empty if absent */
    struct span recipient;     /* of "for", with <> if they are there */
    /* the client's name by the server's own query, "unknown" where that found none; empty
     * where the field does not show it */
    struct span reverse;
    bool is_authenticated; /* a comment says that the client logged in */
    bool is_local;         /* passed in by a program on the same host */
};

struct mail_hop {
    const struct mail_header *header;
    struct mail_received received; /* as it is */
    const char *from;              /* HELO name of the client as reported; NULL; escaped */
    struct ip_address client;      /* IP_NONE if the field shows none */
    const char *by;                /* the server's name; NULL; escaped */
    const char *protocol;          /* "ESMTPS"; NULL; escaped */
};

enum mail_client_kind {
    MAIL_CLIENT_NONE,     /* no field shows it */
    MAIL_CLIENT_NAMED,    /* a field of the receiver, or of a filter in front of it, names it */
    MAIL_CLIENT_TRANSFER, /* the first transfer between organisations */
    MAIL_CLIENT_INSIDE,   /* none is: the topmost hop between two hosts of one domain */
    MAIL_CLIENT_RESULT,   /* no Received field shows it, a Received-SPF field does */
    MAIL_CLIENT_SUBMISSION /* the sender's own copy: there is no client */
};

/* the hop whose client SPF is about */
struct mail_client {
    enum mail_client_kind kind;
    const struct mail_hop *hop; /* NULL: none */
    size_t index;               /* of hop, from 0 */
    /* MAIL_CLIENT_NAMED, MAIL_CLIENT_RESULT: the field that names the client; NULL */
    const struct mail_header *named_by;
    /* "a forwarder (...)", "a mailing list (...)": why the client is nobody's own host; NULL */
    const char *relay;
    const char *reason; /* why, or why there is none: one clause */
    bool is_guessed;
};

struct mail_envelope {
    struct mail_client hop;
    struct ip_address client;
    const char *helo;             /* NULL: not known; raw text of one word */
    const char *mail_from;        /* NULL: not known; "" null path */
    const char *client_origin;    /* "Received field 2 (line 7)"; NULL */
    const char *mail_from_origin; /* "Return-Path (line 1)"; NULL */
    const char *rcpt;             /* NULL: not known */
    const char *rcpt_origin;      /* "\"for\" in Received field 2 (line 7)"; NULL */
    const char *note;             /* one sentence: which hop was taken and why, or why none */
};

struct mail_auth_result {     /* one method result of one Authentication-Results field */
    const char *server;       /* authserv-id, escaped; "" where the writer left it out */
    const char *method;       /* "spf", "dkim", "dmarc", lower case, escaped */
    const char *result;       /* lower case, escaped */
    const char *properties;   /* "smtp.mailfrom=a@b header.d=c", escaped, one line */
    struct ip_address client; /* that the field names beside "spf" or "iprev"; IP_NONE: none */
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
    struct span instance; /* of i=, which must be first; empty if it is not */
    const char *server;   /* authserv-id, escaped; "" where it is left out */
    struct mail_auth_result *results;
};

/* "named", "transfer", as in JSON */
const char *mail_client_kind_to_text(enum mail_client_kind kind);

#endif
