/*
 * NAME
 *     smtp_probe - a live session: what was wanted, said and found
 * DESCRIPTION
 *     Filled in by smtp/smtp_client.h.
 * OWNERSHIP
 *     In the arena of the session.
 * ERRORS
 *     None.
 */
#ifndef MODEL_SMTP_PROBE_H
#define MODEL_SMTP_PROBE_H

#include "base/ip.h"
#include "base/span.h"
#include "model/certificate.h"
#include "model/finding.h"
#include "model/reply.h"
#include "model/reply_class.h"
#include "model/smtp_dialogue.h"

struct session_step;
struct smtp_login;

/* the protocols that a client of today can still ask for, the oldest first */
enum smtp_tls_version {
    SMTP_TLS_ANY,
    SMTP_TLS_1_0, /* out of date, as 1.1: RFC 8996 */
    SMTP_TLS_1_1,
    SMTP_TLS_1_2,
    SMTP_TLS_1_3,
    SMTP_TLS_VERSIONS
};

const char *smtp_tls_version_to_text(enum smtp_tls_version version); /* "TLSv1.2" */

struct smtp_tlsa { /* one TLSA record, from an answer that is authenticated */
    unsigned usage;
    unsigned selector;
    unsigned matching;
    struct span bytes;
};

enum smtp_dane {
    DANE_NONE,
    DANE_MATCHES,
    DANE_DIFFERS,
    DANE_UNUSABLE,
    DANE_NOT_ASKED,     /* TLSA could not be queried */
    DANE_WITHOUT_DNSSEC /* TLSA without DNSSEC counts as none: RFC 7672, 2.2 */
};

enum smtp_trust {
    TRUST_FINE,
    TRUST_SELF_SIGNED,
    TRUST_EXPIRED,
    TRUST_NOT_YET,
    TRUST_UNKNOWN_ISSUER,
    TRUST_WEAK, /* a key or hash below the security level that clients demand */
    TRUST_OTHER
};

struct smtp_tls_facts {
    const char *version; /* "TLSv1.3" */
    const char *cipher;
    bool is_old;                          /* before TLS 1.2: RFC 8996 */
    const struct smtp_certificate *chain; /* as sent, the server's own first */
    size_t chain_count;
    enum smtp_trust trust;
    const char *trust_text;
    bool is_for_name;
    enum smtp_dane dane;
};

struct smtp_ehlo {
    const struct reply *reply;
    const char *list;       /* "PIPELINING, SIZE 1000, STARTTLS"; safe to show; "" */
    const char *mechanisms; /* "PLAIN LOGIN", upper case as sent; NULL: no AUTH line */
    bool has_starttls;
    bool has_size;
    uint64_t size; /* 0: no fixed limit (RFC 1870, 4) */
};

enum smtp_old_answer { OLD_UNKNOWN, OLD_REFUSED, OLD_TAKEN };

enum smtp_diagnosis {
#define DIAGNOSIS(id, severity, is_undetermined, text, hint) DIAGNOSIS_##id,
#include "model/smtp_diagnosis.def"
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
    unsigned wait_ms;
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
    const struct session_step *steps; /* the exchanges as they are shown; NULL: not made */
};

#endif
