/*
 * NAME
 *     smtp_dialogue - the order of an SMTP session, as data
 * DESCRIPTION
 *     The rows of smtp_dialogue.def: what each state sends, which replies it
 *     accepts, what comes next and how long to wait. The shown session, the live client
 *     and help read the same rows; what comes next differs for the first two,
 *     because only the shown one sends a message. The client is given only the rows it may
 *     use: SMTP_PROBE_STATES of them, and none sends a message.
 * OWNERSHIP
 *     Rows are static; text that is filled in lives in the arena.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 5321, 3, 4.1 and 4.5.3.2; RFC 3207; RFC 4954; RFC 8314
 */
#ifndef SMTP_DIALOGUE_H
#define SMTP_DIALOGUE_H

#include "base/arena.h"

enum smtp_state {
#define DIALOGUE_PROBE(id, ...) SMTP_STATE_##id,
#include "model/smtp_dialogue.def"
    SMTP_PROBE_STATES,
    SMTP_STATE_CLOSED = SMTP_PROBE_STATES, /* the end: no row */
#define DIALOGUE_SESSION(id, ...) SMTP_STATE_##id,
#include "model/smtp_dialogue.def"
    SMTP_STATES
};

enum smtp_tls_mode { SMTP_TLS_AUTO, SMTP_TLS_STARTTLS, SMTP_TLS_IMPLICIT, SMTP_TLS_NONE };

struct smtp_dialogue {
    const char *step;        /* "ehlo" */
    const char *sends;       /* "EHLO {name}"; "": nothing */
    const char *accepts;     /* "250 251"; "": no reply is read */
    enum smtp_state next;    /* of the live client, after a reply that is accepted */
    enum smtp_state refused; /* after any other reply */
    unsigned timeout_seconds;
    const char *standard;
    const char *happens; /* one clause */
};

/* any state but CLOSED */
const struct smtp_dialogue *smtp_dialogue_get(enum smtp_state state);

/* where the expected session goes from there: as the client, but on to a message */
enum smtp_state smtp_dialogue_session_next(enum smtp_state state);

/* a row of the client's table; stops the program for any other */
const struct smtp_dialogue *smtp_dialogue_probe(enum smtp_state state);

/* the code is one that the row accepts */
bool smtp_dialogue_accepts(const struct smtp_dialogue *row, unsigned code);

/* what is filled in; NULL stands for "" */
struct smtp_dialogue_words {
    const char *name;
    const char *mechanism;
    const char *sender;
    const char *recipient;
};
const char *smtp_dialogue_line(struct arena *arena, const struct smtp_dialogue *row,
                               const struct smtp_dialogue_words *words);

struct smtp_port {
    unsigned number;
    const char *name;
    enum smtp_tls_mode tls;
    bool has_login; /* submission: programs of users log in */
    const char *purpose;
    const char *mismatch; /* how the wrong TLS mode looks from the client's side */
};
size_t smtp_port_count(void);
const struct smtp_port *smtp_port_get(size_t index);
const struct smtp_port *smtp_port_find(unsigned number); /* NULL: none */

#endif
