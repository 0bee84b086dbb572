/*
 * NAME
 *     sandbox_server - sessions over sockets
 * DESCRIPTION
 *     One process, one loop for all: listeners, clients, judges. sandbox_server_turn() waits
 *     at most the given time and does what there is to do. A message is written to the
 *     folder while it comes, judged by a process of sandbox_judges.h, and answered.
 *
 *     A client that is slow, silent or endless is dismissed with 421 and named. Nothing is
 *     ever sent to anybody but the client of the connection.
 * OWNERSHIP
 *     sandbox_server_open() gives a handle; what its plan names must outlive it.
 *     sandbox_server_close() closes all sockets, not the judges and the folder.
 * ERRORS
 *     sandbox_server_open() returns NULL and fills `why`: an address that cannot be
 *     listened on.
 */
#ifndef SANDBOX_SERVER_H
#define SANDBOX_SERVER_H

#include "base/arena.h"
#include "base/err.h"
#include "base/ip.h"
#include "sandbox/sandbox_judges.h"
#include "sandbox/sandbox_session.h"
#include "sandbox/sandbox_spool.h"
#include "sandbox/sandbox_tries.h"
#include "smtp/smtp_tls_server.h"

struct sandbox_listener {
    struct ip_address address;
    unsigned port; /* 0: one that is free; the real one afterwards */
    bool is_tls;   /* implicit TLS */
    int receiver;  /* index; -1: none */
    int fd;
    const char *name; /* "127.0.0.1:1025", once it listens */
};

/* who comes by this address of ours, or from it, is judged as that client */
struct sandbox_mapped {
    struct ip_address local;
    struct ip_address client;
};

struct sandbox_plan {
    struct sandbox_rules rules;
    struct sandbox_listener *listeners;
    size_t listener_count;
    const struct sandbox_mapped *mapped;
    size_t mapped_count;
    struct ip_address client; /* --client-ip; IP_NONE */
    bool has_proxy;           /* connections begin with a PROXY header */
    unsigned wait_ms;         /* for a command */
    size_t max_connections;
    struct smtp_tls_server *tls; /* NULL: none */
    struct sandbox_spool *spool;
    struct sandbox_tries *tries; /* NULL: none are remembered */
    struct sandbox_judges *judges;
    int woken_by; /* a descriptor that wakes the loop, too; -1: none */
    void *ctx;
    void (*judged)(void *ctx, const struct sandbox_answer *answer); /* may be NULL */
    /* a session ended: what of it belongs to no message; may be NULL */
    void (*ended)(void *ctx, const struct sandbox_session *session);
};

struct sandbox_server;

struct sandbox_server *sandbox_server_open(struct arena *arena, struct sandbox_plan *plan,
                                           struct err *why);
void sandbox_server_turn(struct sandbox_server *server, int timeout_ms);
size_t sandbox_server_connections(const struct sandbox_server *server);
/* no more are accepted; open ones get 421 unless they are sending a message */
void sandbox_server_retire(struct sandbox_server *server);
void sandbox_server_close(struct sandbox_server *server); /* accepts NULL */

#endif
