/*
 * NAME
 *     bounce - what came back instead of a delivery
 * DESCRIPTION
 *     bounce_read() looks at bytes and finds out what they are: a delivery report in the form
 *     of RFC 3464 or in the text of a mail server, a failure or abuse report, lines of a mail
 *     log, the event of a sending service, or the reply of an SMTP server. Each recipient
 *     becomes an entry with the text about it, classified by reply/reply_class.h.
 *
 *     What the message that came back carries of the original is returned as bytes: its
 *     header, and its body where all of it is there.
 * OWNERSHIP
 *     In the arena. Spans may look into the bytes that were given, which must outlive the
 *     result. Texts are untrusted octets: escape them before they are shown.
 * ERRORS
 *     None: any bytes give a result. What is odd about them is in `faults`; bytes that are
 *     none of these kinds have the kind BOUNCE_NOTHING, an ordinary message BOUNCE_MESSAGE.
 * STANDARDS
 *     RFC 3464, RFC 6522, RFC 6533 (delivery reports); RFC 5965, RFC 6591 (feedback reports);
 *     RFC 2045 to 2047 (MIME)
 * BUGS
 *     Nothing beyond LIMIT_BOUNCE_BYTES is read.
 */
#ifndef BOUNCE_H
#define BOUNCE_H

#include "reply/reply_class.h"

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
    const char *feedback; /* "abuse", "auth-failure": Feedback-Type; NULL */
    const char *failure;  /* "dmarc", "spf": Auth-Failure (RFC 6591, 3.1); NULL */
};

/* the bytes of a file, or what somebody pasted */
struct bounce *bounce_read(struct arena *arena, struct span bytes);

/* the first message of several that follow each other without a line between them, as somebody
 * joined them: it ends behind the last boundary of its multipart. `*bytes` becomes the rest */
struct span bounce_cut_report(struct arena *arena, struct span *bytes);

/* what the bytes look like, by their beginning: cheap */
enum bounce_kind bounce_kind_of(struct arena *arena, struct span head);

#endif
