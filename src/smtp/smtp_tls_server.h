/*
 * NAME
 *     smtp_tls_server - TLS on the server's side, with a certificate made at start
 * DESCRIPTION
 *     smtp_tls_server_open() makes a certificate authority and a certificate for the names,
 *     both new each time and never stored; clients can verify it by smtp_tls_server_ca(). A
 *     connection is a struct smtp_tls, for the functions of smtp_tls.h. TLS 1.2 and newer; no
 *     renegotiation.
 * OWNERSHIP
 *     smtp_tls_server_open() gives a handle to be closed, after the connections; a connection
 *     is closed by smtp_tls_close().
 * ERRORS
 *     Return NULL and fill `why`: OpenSSL has no memory, or no random numbers.
 * STANDARDS
 *     RFC 5280, 4; RFC 3207
 */
#ifndef SMTP_TLS_SERVER_H
#define SMTP_TLS_SERVER_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "smtp/smtp_tls.h"

struct smtp_tls_server;

struct smtp_tls_server *smtp_tls_server_open(struct arena *arena, const char *const *names,
                                             size_t count, struct err *why);
void smtp_tls_server_close(struct smtp_tls_server *server); /* accepts NULL */

/* the certificate of the authority, PEM; in the arena */
struct span smtp_tls_server_ca(const struct smtp_tls_server *server);

/* a connection on a descriptor that does not block; NULL: no memory */
struct smtp_tls *smtp_tls_server_accept(const struct smtp_tls_server *server,
                                        struct arena *arena, int fd);

/* "TLSv1.3 TLS_AES_256_GCM_SHA384", after the handshake; in the arena of the connection */
const char *smtp_tls_server_text(const struct smtp_tls *tls);

/* send close_notify; accepts NULL */
void smtp_tls_server_finish(struct smtp_tls *tls);

#endif
