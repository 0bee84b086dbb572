/*
 * NAME
 *     smtp_client - ask a live server how it would treat a sender
 * DESCRIPTION
 *     Walks the client's rows of the dialogue up to the state to stop after, then sends
 *     QUIT. It cannot send a message: DATA has no row. Each line and reply is kept, with
 *     the time it took, and mistakes are rows of smtp_diagnosis.def.
 *
 *     Each reply has a deadline: the timeout of its row, or the caller's if that is
 *     shorter. LIMIT_PROBE_SECONDS bounds the whole session.
 * OWNERSHIP
 *     The session lives in the arena. All connections are closed on return.
 * ERRORS
 *     smtp_client_run() returns NULL and fills `why` if it cannot begin (the file of
 *     roots cannot be read). What the server does wrong is in the session.
 * STANDARDS
 *     RFC 5321; RFC 3207; RFC 4954; RFC 7672; RFC 8314
 */
#ifndef SMTP_CLIENT_H
#define SMTP_CLIENT_H

#include "base/arena.h"
#include "base/err.h"
#include "model/smtp_facts.h"
#include "model/smtp_probe.h"
#include "smtp/smtp_auth.h"

struct smtp_session *smtp_client_run(struct arena *arena, const struct smtp_probe *probe,
                                     struct err *why);

/* called before each connection */
struct smtp_client_pause {
    void (*wait)(void *ctx);
    void *ctx;
};

/* where TLS was reached, try each TLS version on a connection of its own, and note in the
 * session which ones the server speaks */
bool smtp_client_ask_versions(struct arena *arena, struct smtp_session *session,
                              const struct smtp_client_pause *pause, struct err *why);

/* this machine has no route to the address, and reached the host by an address of the other
 * family: that is a remark about the machine */
bool smtp_client_is_redundant(const struct smtp_session *session,
                              const struct smtp_session *const *all, size_t count);
/* diagnose it as such */
void smtp_client_set_redundant(struct smtp_session *session);

/* a session that could not begin: the host has no address, or it is not known */
struct smtp_session *smtp_client_not_begun(struct arena *arena, const struct smtp_probe *probe,
                                           enum smtp_diagnosis diagnosis, const char *detail);

/* what it proved; looks into the session */
struct smtp_facts smtp_facts_of(const struct smtp_session *session);

#endif
