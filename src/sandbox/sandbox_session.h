/*
 * NAME
 *     sandbox_session - one client, from its first octet to its last
 * DESCRIPTION
 *     The receiving side of SMTP as a machine over octets: no socket, no clock, no file.
 *     sandbox_session_feed() takes what came, puts replies into `out`, and says what it
 *     wants next: more octets, a TLS handshake, a verdict on a message, or the end. Hooks
 *     store a message and get its verdict.
 *
 *     Every command is a row of sandbox_verb.def, everything a receiver objects to a row of
 *     sandbox_note.def. Nothing grows with what a client sends: lines, errors, recipients,
 *     replies that it does not take and the transcript are bounded.
 * OWNERSHIP
 *     sandbox_session_open() makes two arenas, one for the session and one for the message
 *     at hand; sandbox_session_close() gives them back. Rules and hooks outlive sessions.
 * ERRORS
 *     None: everything that a client does is answered.
 * STANDARDS
 *     RFC 5321; RFC 1870 (SIZE); RFC 2034 and RFC 3463 (enhanced codes); RFC 2920
 *     (PIPELINING); RFC 3030 (CHUNKING, BINARYMIME); RFC 3207 (STARTTLS); RFC 3461 (DSN);
 *     RFC 4954 (AUTH); RFC 6152 (8BITMIME); RFC 6531 (SMTPUTF8); RFC 9422 (LIMITS). XCLIENT
 *     as Postfix documents it
 * BUGS
 *     VRFY and EXPN know nobody. ENVID and ORCPT are kept and not acted upon.
 */
#ifndef SANDBOX_SESSION_H
#define SANDBOX_SESSION_H

#include "base/ip.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "model/finding.h"
#include "smtp/smtp_auth_server.h"
#include "sandbox/sandbox_data.h"
#include "sandbox/sandbox_script.h"

enum sandbox_note_id {
#define NOTE(id, severity, standard, text) SANDBOX_NOTE_##id,
#include "sandbox/sandbox_note.def"
    SANDBOX_NOTES
};

struct sandbox_note_row {
    const char *id;
    enum severity severity;
    const char *standard;
    const char *text; /* ends "the client ..." */
};

const struct sandbox_note_row *sandbox_note_row(enum sandbox_note_id id);

/* how often, and where first; count 0: it did not happen */
struct sandbox_note {
    uint64_t count;
    const char *where; /* "in line 12 of the message", "EHLO mail.example.com"; NULL */
};

/* whom a recipient stands for */
struct sandbox_receiver {
    const char *name;           /* of the policy */
    const char *const *domains; /* of its recipients, in addition to NAME.test */
    size_t domain_count;
};

/* what holds for every session of a server */
struct sandbox_rules {
    const char *host; /* its name */
    uint64_t size_limit;
    bool offers_tls;
    bool demands_tls;
    bool demands_auth;
    bool has_chaos; /* trouble by chance, which is repeated with the same seed */
    uint64_t seed;
    struct sandbox_script *script;       /* trouble in an order; NULL: none */
    const struct smtp_auth_users *users; /* NULL: whoever */
    const struct sandbox_receiver *receivers;
    size_t receiver_count;
};

/* who is at the other end, as far as the connection says */
struct sandbox_peer {
    struct ip_address address; /* of the connection */
    const char *listener;      /* by which it came: "127.0.0.1:1025"; NULL */
    struct ip_address client;  /* to be judged; IP_NONE: not known */
    const char *client_origin; /* "--client-ip"; NULL */
    const char *challenge;     /* of CRAM-MD5, a new one for each connection */
    bool may_xclient;
    int receiver; /* of the port: index into the receivers; -1: none */
};

struct sandbox_line {
    bool is_client;
    const char *text; /* escaped; secrets are left out */
};

struct sandbox_lines {
    struct sandbox_line *list;
    size_t count;
    size_t left_off;
};

struct sandbox_recipient {
    const char *path;
    const char *notify; /* NULL: not given */
    const char *orcpt;
    int receiver; /* -1: none */
};

/* the message at hand; all of it is forgotten when the next begins */
struct sandbox_message {
    const char *from; /* NULL: no MAIL yet; "" is the null path */
    struct sandbox_recipient *recipients;
    size_t recipient_count;
    const char *body; /* as BODY= said; NULL */
    const char *ret;
    const char *envid;
    uint64_t declared_size; /* 0: not said */
    bool is_international;  /* SMTPUTF8 */
    bool is_chunked;        /* by BDAT */
    struct sandbox_lines lines;
    struct sandbox_note notes[SANDBOX_NOTES];
    uint64_t size;
};

struct sandbox_session;

/* what the message goes to */
struct sandbox_hooks {
    void *ctx;
    /* a place for the octets; false: none, and the client may try again */
    bool (*begin)(void *ctx, struct sandbox_session *session);
    bool (*write)(void *ctx, struct span bytes); /* false: the place is full */
    void (*drop)(void *ctx);                     /* the message is not to be kept */
    /* tries of this pair so far, and how long ago the first was; NULL: none is remembered */
    uint64_t (*tried)(void *ctx, const char *from, const char *to, int64_t *ago_ms_out);
    /* what became of a try; code 0: no reply. NULL: nobody wants to know */
    void (*made)(void *ctx, const char *from, const char *to, unsigned code);
};

enum sandbox_want {
    SANDBOX_WANTS_MORE,    /* octets */
    SANDBOX_WANTS_TLS,     /* the handshake, once `out` is sent */
    SANDBOX_WANTS_VERDICT, /* sandbox_session_answer() */
    SANDBOX_WANTS_SILENCE, /* nothing: the client waits in vain, a fault on purpose */
    SANDBOX_WANTS_CUT,     /* close at once, likewise */
    SANDBOX_WANTS_END      /* close, once `out` is sent */
};

struct sandbox_session_facts {
    const char *helo;       /* NULL: not said yet */
    bool is_extended;       /* by EHLO */
    const char *tls;        /* "TLSv1.3 TLS_AES_256_GCM_SHA384"; NULL: in clear */
    const char *user;       /* that logged in; NULL */
    struct ip_address peer; /* of the connection */
    const char *listener;   /* by which it came; NULL */
    struct ip_address client;
    const char *client_origin;
    const char *client_name;      /* by XCLIENT; NULL */
    const char *xclient_helo;     /* that counts instead of ours; NULL */
    int receiver;                 /* of the port; -1: none */
    struct sandbox_lines opening; /* before the first message */
    struct sandbox_note notes[SANDBOX_NOTES];
};

struct sandbox_session *sandbox_session_open(const struct sandbox_rules *rules,
                                             const struct sandbox_peer *peer,
                                             const struct sandbox_hooks *hooks);
void sandbox_session_close(struct sandbox_session *session); /* accepts NULL */

/* the greeting; `has_early` if octets came before it. With `is_full` it is 421. Returns what
 * comes next, as sandbox_session_feed() does */
enum sandbox_want sandbox_session_greet(struct sandbox_session *session, bool has_early,
                                        bool is_full);

/* returns how many octets were taken; `*want_out` says what comes next. Octets that are not
 * taken are to be fed again, behind what is wanted; behind TLS there are none */
size_t sandbox_session_feed(struct sandbox_session *session, struct span bytes,
                            enum sandbox_want *want_out);

/* the handshake succeeded; `tls` is kept */
void sandbox_session_secured(struct sandbox_session *session, const char *tls);

/* what is said about the message: a reply of one or more lines with "\n" between them, without
 * code; enhanced may be NULL */
void sandbox_session_answer(struct sandbox_session *session, unsigned code,
                            const char *enhanced, const char *text);

/* "421 4.4.2 ..." before the server closes */
void sandbox_session_dismiss(struct sandbox_session *session, const char *text);

/* the client closed, or the connection broke */
void sandbox_session_left(struct sandbox_session *session);

void sandbox_session_note(struct sandbox_session *session, enum sandbox_note_id id,
                          const char *where);

/* replies to be sent: the first octets of what is there, and forget them */
struct span sandbox_session_out(const struct sandbox_session *session);
void sandbox_session_sent(struct sandbox_session *session, size_t len);

const struct sandbox_session_facts *
sandbox_session_facts(const struct sandbox_session *session);
const struct sandbox_message *sandbox_session_message(const struct sandbox_session *session);

/* whom the recipients of the message stand for; NULL: nobody in particular */
const char *sandbox_session_receiver(const struct sandbox_session *session);

/* a message is under way, between MAIL and the reply to its end */
bool sandbox_session_is_busy(const struct sandbox_session *session);

/* how long to wait before the replies are sent; asked once */
unsigned sandbox_session_delay(struct sandbox_session *session);

/* commands and octets of messages that were taken: it grows with what a client gets done */
uint64_t sandbox_session_progress(const struct sandbox_session *session);

/* the message belongs to somebody else now: it is not dropped with the session */
void sandbox_session_keep(struct sandbox_session *session);

#endif
