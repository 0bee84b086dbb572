/*
 * NAME
 *     source_live_hub - what asks the servers, for all subjects of a process
 * DESCRIPTION
 *     Private to source/. A "live:" source is a client of a hub; source_open_again() makes
 *     more clients of the same one. The hub has the sockets, the servers with their pace,
 *     the queries on their way and the cache. Equal queries of several clients travel
 *     once, and an answer is made for each client in its own arena; a failure is only the
 *     answer of who asked first, and the others ask for themselves.
 *
 *     live_hub_wait() moves packets; nothing is passed to a client before the client polls.
 *
 *     Datagrams share LIVE_SOCKETS sockets a server. Each is connected, has a port of the
 *     kernel's choice, and is replaced after LIVE_SOCKET_USES queries. A query goes out on
 *     one of them by chance, with an id by chance (RFC 5452, 9.2). A TCP connection carries one
 *     query.
 * OWNERSHIP
 *     The hub and its queries live in the arena of the source that was opened first, which
 *     closes it; answers live where the client says.
 * ERRORS
 *     None: failures are answers.
 * STANDARDS
 *     RFC 1035, 4.2; RFC 5452; RFC 7766
 */
#ifndef SOURCE_LIVE_HUB_H
#define SOURCE_LIVE_HUB_H

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/span.h"
#include "source/source_cache.h"
#include "source/source_live.h"
#include "source/source_live_pace.h"

#define LIVE_SOCKETS     8
#define LIVE_SOCKET_USES 4096
#define LIVE_ID_LISTS    1024 /* a power of two */
#define LIVE_SAME_LISTS  1024
#define LIVE_RANDOM      256 /* octets of chance that are fetched at a time */

struct live_client;
struct live_query;

/* a client that waits for a query, or whose answer waits for it */
struct live_waiter {
    struct live_client *client;
    void *token;
    struct dns_question question; /* in the memory of the client */
    bool wants_proofs;
    struct live_query *query; /* NULL: `answer` is there */
    struct dns_answer answer;
    struct live_waiter *next;           /* of the query, ready, or unused */
    struct live_waiter *before, *after; /* of the client, while a query has it */
};

/* what epoll refers to: begins a socket and a query */
struct live_event {
    struct live_query *query; /* its TCP connection; NULL: a socket for datagrams */
};

struct live_socket {
    struct live_event event;
    unsigned server;
    bool is_open;
    int fd;
    unsigned uses;
    unsigned in_flight;
};

struct live_query {
    struct live_event event;
    struct dns_live_exchange exchange;
    struct live_waiter *waiters; /* the first has the answer made in its memory */
    struct live_waiter **waiters_end;
    bool is_shared;             /* others may join */
    bool is_under_way;          /* one of `in_flight` of the hub, not of those that wait */
    struct live_socket *socket; /* NULL: TCP, or not sent */
    unsigned tries_left;
    unsigned sends; /* of this try */
    size_t next_server;
    bool is_excluded[LIVE_SERVERS_MAX]; /* has failed for this query, finally */
    int64_t sent_us;
    int64_t look_ms;     /* when to send again, or to end the try */
    int64_t try_ends_ms; /* then the next server has its turn */
    size_t at;           /* in `in_flight` of the hub */
    bool has_failure;    /* `answer` holds the failures so far */
    struct dns_answer answer;
    struct dns_answer refused; /* what a resolver said that is now asked unchecked */
    bool has_refused;
    struct live_query *next;  /* waiting, or unused */
    struct live_query *same;  /* in the list of queries that may be joined */
    struct live_query *of_id; /* in the list of ids */
};

struct live_hub {
    struct arena *arena;
    struct dns_live_servers servers;
    struct live_pace pace[LIVE_SERVERS_MAX];
    struct live_socket sockets[LIVE_SERVERS_MAX][LIVE_SOCKETS];
    unsigned timeout_ms;
    unsigned tries;
    size_t preferred; /* the server to begin with: the last one known to answer */
    int epoll;        /* -1: not needed so far */
    struct source_cache *cache;
    struct live_query *in_flight[LIMIT_WINDOW];
    size_t in_flight_count;
    struct live_query *waiting;
    struct live_query **waiting_end;
    size_t waiting_count;
    struct live_query *unused;
    struct live_waiter *unused_waiters;
    struct live_query *by_id[LIVE_ID_LISTS];
    struct live_query *by_name[LIVE_SAME_LISTS];
    int64_t look_ms; /* no query wants to be looked at before */
    uint64_t rate;   /* queries a second; 0: as fast as the servers take them */
    int64_t next_us; /* with a rate: when the next may be sent */
    uint8_t chance[LIVE_RANDOM];
    size_t chance_left;
    uint8_t *buf; /* LIVE_BATCH datagrams */
    struct source_counts counts;
};

struct live_client {
    struct source source;
    struct live_hub *hub;
    bool is_owner;             /* of the hub */
    int open;                  /* queries without an answer returned */
    int sent;                  /* of these with a query on its way */
    struct live_waiter *asked; /* those a query has */
    struct live_waiter *ready;
    struct live_waiter **ready_end;
    int64_t idle_since_ms; /* open ones, none of them on its way; 0: not so */
};

/* ---- source_live_hub.c: clients, queries that travel, answers ---- */

struct live_hub *live_hub_open(const struct source_request *request, struct err *why);
void live_hub_close(struct live_hub *hub);
void live_hub_submit(struct live_client *client, const struct dns_question *question,
                     void *token);
void live_hub_forget(struct live_client *client);

/* send what may be sent, and wait until something came or was given up, at most so long */
void live_hub_wait(struct live_hub *hub, int timeout_ms);
int live_hub_timeout(struct live_hub *hub, int timeout_ms); /* when it wants to be called */
bool live_hub_has_room(const struct live_hub *hub); /* one more query could go out at once */

/* the query has come to its end: `packet` is what its answer was read from, empty without */
void live_hub_settle(struct live_hub *hub, struct live_query *query, struct span packet);

/* ---- source_live_try.c: what becomes of a query ---- */

/* choose a server and send; the query may be settled at once */
void live_try_next(struct live_hub *hub, struct live_query *query);
void live_try_packet(struct live_hub *hub, struct live_query *query, struct span packet);
void live_try_broken(struct live_hub *hub, struct live_query *query, int error);
void live_try_time(struct live_hub *hub, struct live_query *query, int64_t now_ms);

/* ---- source_live_wire.c: sockets ---- */

/* give the exchange an id, and a socket unless it goes over TCP; false with errno */
bool live_wire_place(struct live_hub *hub, struct live_query *query);

/* put it on its way to the server that it names; false with errno */
bool live_wire_send(struct live_hub *hub, struct live_query *query);
void live_wire_send_again(struct live_hub *hub, struct live_query *query);
void live_wire_hang_up(struct live_hub *hub, struct live_query *query);
void live_wire_wait(struct live_hub *hub, int timeout_ms);
void live_wire_close(struct live_hub *hub);

#endif
