/*
 * NAME
 *     smtp_walk - a session in progress
 * DESCRIPTION
 *     Private to smtp/: smtp_client.c walks the states, smtp_talk.c exchanges
 *     lines, smtp_diagnose.c names mistakes.
 * OWNERSHIP
 *     In the arena of the session; the link is closed by the client.
 * ERRORS
 *     smtp_talk_*() return false when the session cannot go on; the reason has
 *     been diagnosed.
 */
#ifndef SMTP_WALK_H
#define SMTP_WALK_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "model/smtp_dialogue.h"
#include "model/smtp_probe.h"
#include "smtp/smtp_auth.h"
#include "smtp/smtp_client.h"
#include "smtp/smtp_link.h"

struct smtp_walk {
    struct arena *arena;
    const struct smtp_probe *probe;
    struct smtp_session *session;
    struct smtp_link *link;
    struct smtp_auth *auth; /* NULL: before the login */
    int64_t ends;           /* of the whole session */
    struct smtp_exchange **tail;
    struct smtp_diagnosed **diagnosed_tail;
    bool is_over; /* the connection cannot be used any more */
    struct err *why;
};

/* ---- smtp_diagnose.c ---- */

void smtp_diagnose(struct smtp_walk *walk, enum smtp_diagnosis diagnosis, enum smtp_state state,
                   const char *detail);
/* why the connection could not be made, or broke */
void smtp_diagnose_connect(struct smtp_walk *walk, enum smtp_link_status status);
/* the protocol other than SMTP that the octets are of; NULL: unknown */
const char *smtp_diagnose_foreign(struct span bytes);
/* faults of a reply */
void smtp_diagnose_reply(struct smtp_walk *walk, const struct smtp_exchange *exchange);
/* a reply that the row does not accept */
void smtp_diagnose_refusal(struct smtp_walk *walk, const struct smtp_exchange *exchange);
void smtp_diagnose_certificate(struct smtp_walk *walk, const struct smtp_tls_facts *facts);

/* ---- smtp_talk.c ---- */

/* a new exchange at the end of the session */
struct smtp_exchange *smtp_talk_note(struct smtp_walk *walk, enum smtp_state state,
                                     const char *event);
int64_t smtp_talk_deadline(const struct smtp_walk *walk, enum smtp_state state);
/* send a line (NULL: none) and read the reply; `shown` is noted in place of the line */
struct smtp_exchange *smtp_talk(struct smtp_walk *walk, enum smtp_state state, const char *line,
                                const char *shown);
/* the handshake; false: it failed */
bool smtp_talk_tls(struct smtp_walk *walk, enum smtp_state state);

#endif
