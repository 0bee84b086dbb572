/*
 * NAME
 *     sandbox_connection - a session with its socket
 * DESCRIPTION
 *     Private to sandbox/: moves octets between a socket, TLS and the session, and keeps the
 *     deadlines. The server polls, a connection says what for.
 * OWNERSHIP
 *     sandbox_connection_open() takes the descriptor over; sandbox_connection_close() gives
 *     everything back.
 * ERRORS
 *     None: a connection that fails is over.
 */
#ifndef SANDBOX_CONNECTION_H
#define SANDBOX_CONNECTION_H

#include "base/arena.h"
#include "base/ip.h"
#include "sandbox/sandbox_server.h"
#include "base/limits_serve.h"
#include "sandbox/sandbox_judges.h"
#include "sandbox/sandbox_session.h"
#include "sandbox/sandbox_spool.h"
#include "smtp/smtp_tls.h"

enum connection_state {
    CONNECTION_PROXY, /* a PROXY header is awaited */
    CONNECTION_TLS,   /* a handshake */
    CONNECTION_OPEN,
    CONNECTION_WAITS,  /* for a verdict */
    CONNECTION_SILENT, /* the client waits in vain, on purpose */
    CONNECTION_ENDING, /* what is left is sent, then it is closed */
    CONNECTION_DRAINS, /* our side is closed: octets are read and dropped */
    CONNECTION_OVER
};

struct sandbox_connection {
    struct arena *arena;
    const struct sandbox_plan *plan;
    const struct sandbox_listener *listener;
    enum connection_state state;
    bool is_refused; /* one too many: 421 */
    bool is_asked;   /* a judge has its message */
    int fd;
    size_t place;  /* in the table of the server */
    short watched; /* what its socket is polled for */
    struct smtp_tls *tls;
    bool tls_wants_write;
    struct sandbox_session *session; /* NULL before the greeting */
    struct sandbox_hooks hooks;
    struct sandbox_file file;
    struct ip_address proxied;
    unsigned proxy_version;   /* 0: none */
    int64_t held_until;       /* replies wait on purpose; 0: they do not */
    int64_t deadline;         /* of the state, or of the command */
    int64_t message_deadline; /* 0: no message */
    bool wants_tls;           /* once the reply is sent */
    uint64_t progress;        /* of the session, when the deadline was set */
    uint64_t waits_since;     /* order among those that wait for a judge */
    size_t drained;
    size_t len; /* octets that were read and not yet taken */
    char in[LIMIT_SANDBOX_INPUT_BYTES];
};

struct sandbox_connection *sandbox_connection_open(const struct sandbox_plan *plan,
                                                   const struct sandbox_listener *listener,
                                                   int fd, bool is_refused);
void sandbox_connection_close(struct sandbox_connection *connection);

/* what to poll for */
short sandbox_connection_events(const struct sandbox_connection *connection);
/* octets came, or can be sent */
void sandbox_connection_move(struct sandbox_connection *connection, short events);
/* is a deadline over */
void sandbox_connection_tick(struct sandbox_connection *connection, int64_t now);
/* what to say about its message; NULL: nobody could judge it */
void sandbox_connection_answer(struct sandbox_connection *connection,
                               const struct sandbox_answer *answer);
/* the server ends */
void sandbox_connection_retire(struct sandbox_connection *connection);

/* ---- sandbox_connection_peer.c ---- */

/* the folder */
struct sandbox_hooks sandbox_connection_hooks(struct sandbox_connection *connection);
/* the file is complete, and its session with it; false: it cannot be kept */
bool sandbox_connection_store(struct sandbox_connection *connection);
/* who is to be judged, as far as is known */
struct sandbox_peer sandbox_connection_peer(const struct sandbox_connection *connection);

#endif
