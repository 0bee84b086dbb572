/*
 * NAME
 *     bounce - what came back instead of a delivery
 * DESCRIPTION
 *     Filled in by bounce/bounce.h. Texts are untrusted octets: escape them before they
 *     are shown.
 * OWNERSHIP
 *     In the arena; spans look into the bytes that were read.
 * ERRORS
 *     None.
 */
#ifndef MODEL_BOUNCE_H
#define MODEL_BOUNCE_H

#include "base/span.h"
#include "model/reply_class.h"

enum bounce_kind {
    BOUNCE_NOTHING,
    BOUNCE_REPORT,    /* a delivery report */
    BOUNCE_REPLY,     /* a reply of a server, or several */
    BOUNCE_LOG,       /* lines of a mail log */
    BOUNCE_EVENT,     /* a webhook event of a sending service */
    BOUNCE_FEEDBACK,  /* a failure or abuse report */
    BOUNCE_AGGREGATE, /* a DMARC aggregate report */
    BOUNCE_TLS,       /* an SMTP TLS report */
    BOUNCE_MAILBOX,   /* several of them */
    BOUNCE_MESSAGE    /* an ordinary message */
};

const char *bounce_kind_to_text(enum bounce_kind kind); /* "bounce", as in JSON */

struct bounce_recipient {
    const char *address; /* as written; "": not named */
    const char
        *original;      /* the address before it was forwarded; NULL: the same, or not known */
    const char *action; /* "failed", "delayed" (RFC 3464, 2.3.3); NULL */
    const char *host;   /* who answered; NULL */
    const char *reporter; /* who says so; NULL */
    bool has_time;
    int64_t time;      /* when it was said */
    struct span text;  /* what was said, on one line */
    struct span words; /* the same without codes and what is around a reply */
    const struct reply_class *class;
};

/* what the bounce says of the message */
struct bounce_original {
    struct span bytes; /* header and maybe body; empty: it carries none */
    bool is_header_only;
    const char *mail_from; /* of the envelope, without <>; NULL */
    const char *from;      /* domain of From where no header is carried; NULL */
    const char *client;    /* address of the client that the receiver saw; NULL */
    const char *helo;      /* NULL */
    const char *dkim_domain;
    const char *selector;
};

struct bounce {
    enum bounce_kind kind;
    const char *form; /* "a delivery report (RFC 3464)"; what was recognised */
    struct bounce_recipient *recipients;
    size_t count;
    struct bounce_original original;
    const char **faults; /* sentences, safe to show */
    size_t fault_count;
    /* whom the report was sent to: the envelope sender of the original (RFC 3464, 2); NULL */
    const char *returned_to;
    const char *feedback; /* "abuse", "auth-failure": Feedback-Type; NULL */
    const char *failure;  /* "dmarc", "spf": Auth-Failure (RFC 6591, 3.1); NULL */
};

#endif
