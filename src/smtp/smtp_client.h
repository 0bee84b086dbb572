/*
 * NAME
 *     smtp_client - ask a live server how it would treat a sender
 * DESCRIPTION
 *     Walks the client's rows of the dialogue up to the state at which it has to stop
 *     after, then says QUIT. There is no DATA row: it cannot send a message. Every
 *     line and reply is kept, with the time it took, and what is wrong is named
 *     by rows of smtp_diagnosis.def.
 *
 *     Each reply has a deadline: the least of the caller's patience and the
 *     timeout of the row. LIMIT_PROBE_SECONDS bounds the whole session.
 * OWNERSHIP
 *     The session lives in the arena. All connections are closed on return.
 * ERRORS
 *     smtp_client_run() returns NULL and fills `why` if it cannot begin (a file of
 *     roots that cannot be read). What the server does wrong is in the session.
 * STANDARDS
 *     RFC 5321; RFC 3207; RFC 4954; RFC 7672; RFC 8314
 */
#ifndef SMTP_CLIENT_H
#define SMTP_CLIENT_H

#include "base/err.h"
#include "base/ip.h"
#include "model/finding.h"
#include "model/smtp_facts.h"
#include "smtp/smtp_auth.h"
#include "smtp/smtp_dialogue.h"
#include "smtp/smtp_old.h"
#include "smtp/smtp_tls.h"

enum smtp_diagnosis {
#define DIAGNOSIS(id, severity, is_undetermined, text, hint) DIAGNOSIS_##id,
#include "smtp/smtp_diagnosis.def"
#undef DIAGNOSIS
    DIAGNOSES
};

struct smtp_diagnosis_row {
    const char *id; /* "NOTHING_LISTENS" */
    enum severity severity;
    bool is_undetermined;
    const char *text;
    const char *hint;
};
const struct smtp_diagnosis_row *smtp_diagnosis_get(enum smtp_diagnosis diagnosis);
/* its id as programs get it: "nothing_listens" */
const char *smtp_diagnosis_id(struct arena *arena, const struct smtp_diagnosis_row *row);

struct smtp_probe {
    const char *host;   /* name, or the address as text */
    const char *domain; /* whose MX record led to the host; NULL: none did */
    bool has_preference;
    unsigned preference; /* of that record */
    const char
        *alias_of; /* the host of that record is an alias of this name; NULL: it is not */
    struct ip_address address;
    unsigned port;
    enum smtp_tls_mode tls;
    const char *ehlo;
    enum smtp_state stop_after;
    const char *sender;             /* "" is the null path */
    const char *recipient;          /* NULL: no RCPT */
    const struct smtp_login *login; /* NULL: no AUTH */
    const char *ca_file;            /* NULL: the system's */
    const struct smtp_tlsa *tlsa;
    size_t tlsa_count;
    bool is_tlsa_unknown;       /* it could not be queried */
    bool is_tlsa_insecure;      /* there are records, without DNSSEC */
    enum smtp_tls_version only; /* ask for this protocol alone; SMTP_TLS_ANY: the best */
    bool offers_old;            /* instead of a handshake: the session ends with the answer */
    unsigned patience_ms;
    int64_t now;
};

/* one line of the client and what came back; either may be missing */
struct smtp_exchange {
    enum smtp_state state;
    const char *sent; /* secrets replaced; NULL: nothing */
    bool has_reply;
    struct reply reply;
    const struct reply_class *meaning; /* of the reply; NULL: none */
    unsigned elapsed_ms;               /* until the reply was complete */
    bool is_encrypted;
    const char *event; /* "connected", "TLSv1.3 ..."; NULL */
    struct smtp_exchange *next;
};

struct smtp_diagnosed {
    const struct smtp_diagnosis_row *row;
    enum smtp_state state;
    const char *detail;                /* safe to show; "" */
    const char *hint;                  /* of the row, or what the reply asks for */
    const struct reply_class *meaning; /* of the reply that it rests on; NULL */
    struct smtp_diagnosed *next;
};

struct smtp_session {
    const struct smtp_probe *probe;
    bool is_connected;
    bool is_without_route; /* this machine has none to the address: nothing was sent */
    bool is_implicit;      /* TLS from the first octet */
    const char *client;    /* our own address on this connection; NULL: not known */
    struct smtp_exchange *exchanges;
    const struct smtp_ehlo *before;   /* capabilities in clear; NULL */
    const struct smtp_ehlo *after;    /* under TLS; NULL */
    const struct smtp_tls_facts *tls; /* NULL: no handshake succeeded */
    enum smtp_old_answer old;         /* to the offer */
    bool has_versions;                /* each protocol was asked for by itself */
    bool speaks[SMTP_TLS_VERSIONS];
    struct smtp_diagnosed *diagnosed;
};

struct smtp_session *smtp_client_run(struct arena *arena, const struct smtp_probe *probe,
                                     struct err *why);

/* called before each connection */
struct smtp_client_pause {
    void (*wait)(void *ctx);
    void *ctx;
};

/* ask for each protocol by itself, a connection each, where TLS was reached; what it speaks
 * goes into the session. False: `why` */
bool smtp_client_ask_versions(struct arena *arena, struct smtp_session *session,
                              const struct smtp_client_pause *pause, struct err *why);

/* another address of the same host, of the other family, was reached: that this machine has no
 * route to this one is then a remark about the machine. False: it has, or nothing else was */
bool smtp_client_is_beside(const struct smtp_session *session,
                           const struct smtp_session *const *all, size_t count);
/* diagnose those as what they are */
void smtp_client_set_beside(struct smtp_session *session);

/* a session that could not begin: the host has no address, or it is not known */
struct smtp_session *smtp_client_not_begun(struct arena *arena, const struct smtp_probe *probe,
                                           enum smtp_diagnosis diagnosis, const char *detail);

/* what it proved, without the dialogue that it comes from; looks into the session */
struct smtp_facts smtp_facts_of(const struct smtp_session *session);

#endif
