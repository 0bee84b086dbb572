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
