/*
 * Listeners and the loop. Connections are in a table of pointers without gaps. The kernel keeps
 * what each is watched for, so that idle ones cost nothing while others are served; deadlines
 * are looked at now and then.
 */
#include "sandbox/sandbox_server.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/ip_socket.h"
#include "base/limits_serve.h"
#include "sandbox/sandbox_connection.h"

#define BACKLOG  128
#define REFUSALS 20 /* above the limit: they hear 421 */
#define TABLE    (LIMIT_SANDBOX_CONNECTIONS + REFUSALS)
#define TICK_MS  200 /* to wait at most */
#define LATE_MS  20  /* how exact deadlines are while others are served */
#define EVENTS   64  /* taken at a time */

#define POLLED (LIMIT_SANDBOX_JUDGES + LIMIT_SANDBOX_LISTENERS + 2)

struct sandbox_server {
    struct sandbox_plan *plan;
    bool is_retired;
    int sockets;    /* epoll: of the connections */
    int64_t ticked; /* when deadlines were looked at last */
    size_t count;
    struct sandbox_connection *list[TABLE];
    struct pollfd polled[POLLED];
};

/* ---- listening ---- */

/* learn_port - which one is free */
static void learn_port(struct sandbox_listener *listener)
{
    /* the port stands in the same place for both families */
    struct sockaddr_in where = {0};
    socklen_t len = sizeof(where);

    if (getsockname(listener->fd, (struct sockaddr *)&where, &len) == 0)
        listener->port = ntohs(where.sin_port);
}

/* listen_on - false with `why` */
static bool listen_on(struct arena *arena, struct sandbox_listener *listener, struct err *why)
{
    struct sockaddr_storage where;
    socklen_t len = ip_to_socket(&listener->address, (unsigned)listener->port, &where);
    const int on = 1;

    listener->fd = socket(where.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener->fd >= 0 &&
        setsockopt(listener->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
        bind(listener->fd, (struct sockaddr *)&where, len) == 0 &&
        listen(listener->fd, BACKLOG) == 0) {
        learn_port(listener);
        listener->name =
            arena_printf(arena, listener->address.family == IP_V6 ? "[%s]:%u" : "%s:%u",
                         ip_to_text(arena, &listener->address), listener->port);
        return true;
    }
    err_set_kind(why, ERR_USAGE, "--listen %s:%u: %s", ip_to_text(arena, &listener->address),
                 listener->port, strerror(errno));
    return false;
}

/* close_listeners - nobody is accepted any more */
static void close_listeners(struct sandbox_server *server)
{
    for (size_t i = 0; i < server->plan->listener_count; i++) {
        struct sandbox_listener *listener = &server->plan->listeners[i];

        if (listener->fd >= 0)
            close(listener->fd);
        listener->fd = -1;
    }
}

struct sandbox_server *sandbox_server_open(struct arena *arena, struct sandbox_plan *plan,
                                           struct err *why)
{
    struct sandbox_server *server = arena_new_of(arena, struct sandbox_server);

    server->plan = plan;
    server->sockets = epoll_create1(EPOLL_CLOEXEC);
    for (size_t i = 0; i < plan->listener_count; i++)
        plan->listeners[i].fd = -1;
    if (server->sockets < 0) {
        err_set_kind(why, ERR_INTERNAL, "sockets cannot be watched: %s", strerror(errno));
        return NULL;
    }
    for (size_t i = 0; i < plan->listener_count; i++)
        if (!listen_on(arena, &plan->listeners[i], why)) {
            sandbox_server_close(server);
            return NULL;
        }
    return server;
}

/* ---- clients ---- */

/* server_watch - what the connection is watched for now */
static void server_watch(const struct sandbox_server *server,
                         struct sandbox_connection *connection, int how)
{
    short events = sandbox_connection_events(connection);
    struct epoll_event wanted = {.events = (uint32_t)events, .data = {.ptr = connection}};

    if (how == EPOLL_CTL_MOD && events == connection->watched)
        return;
    connection->watched = events;
    if (epoll_ctl(server->sockets, how, connection->fd, &wanted) != 0)
        connection->state = CONNECTION_OVER; /* nobody would hear of it: its deadline ends it */
}

/* server_settle - after something happened: watch for what comes next, or drop a connection
 * that is over, the last one in its place */
static void server_settle(struct sandbox_server *server, struct sandbox_connection *connection)
{
    if (connection->state != CONNECTION_OVER)
        server_watch(server, connection, EPOLL_CTL_MOD);
    if (connection->state != CONNECTION_OVER)
        return;
    /* not by close() alone: a process that is being forked may hold the socket as well */
    (void)epoll_ctl(server->sockets, EPOLL_CTL_DEL, connection->fd, NULL);
    server->list[connection->place] = server->list[--server->count];
    server->list[connection->place]->place = connection->place;
    sandbox_connection_close(connection);
}

/* accept_one - greet it */
static void accept_one(struct sandbox_server *server, const struct sandbox_listener *listener,
                       int fd)
{
    const int on = 1;
    bool is_refused = server->count >= server->plan->max_connections;
    struct sandbox_connection *connection = NULL;

    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    connection = sandbox_connection_open(server->plan, listener, fd, is_refused);
    connection->place = server->count;
    server->list[server->count++] = connection;
    server_watch(server, connection, EPOLL_CTL_ADD);
    sandbox_connection_move(connection, POLLOUT);
    server_settle(server, connection);
}

/* accept_all - those that wait, as far as there is room */
static void accept_all(struct sandbox_server *server, const struct sandbox_listener *listener)
{
    int fd = -1;

    while (server->count < TABLE &&
           (fd = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0)
        accept_one(server, listener, fd);
}

/* move_all - connections whose sockets are ready */
static void move_all(struct sandbox_server *server)
{
    struct epoll_event ready[EVENTS];
    int count = epoll_wait(server->sockets, ready, EVENTS, 0);

    for (int i = 0; i < count; i++) {
        sandbox_connection_move(ready[i].data.ptr, (short)ready[i].events);
        server_settle(server, ready[i].data.ptr);
    }
}

/* tick_all - deadlines, not with each turn */
static void tick_all(struct sandbox_server *server)
{
    int64_t now = clock_monotonic_ms();

    if (now - server->ticked < LATE_MS)
        return;
    server->ticked = now;
    for (size_t i = server->count; i > 0; i--) {
        sandbox_connection_tick(server->list[i - 1], now);
        server_settle(server, server->list[i - 1]);
    }
}

/* longest_waiting - for a judge; NULL: nobody */
static struct sandbox_connection *longest_waiting(const struct sandbox_server *server)
{
    struct sandbox_connection *found = NULL;

    for (size_t i = 0; i < server->count; i++) {
        struct sandbox_connection *connection = server->list[i];

        if (connection->state == CONNECTION_WAITS && !connection->is_asked &&
            (found == NULL || connection->waits_since < found->waits_since))
            found = connection;
    }
    return found;
}

/* ask_judges - as many as are free */
static void ask_judges(struct sandbox_server *server)
{
    struct sandbox_connection *connection = NULL;

    while (sandbox_judges_have_time(server->plan->judges) &&
           (connection = longest_waiting(server)) != NULL &&
           sandbox_judges_ask(server->plan->judges, connection->file.number))
        connection->is_asked = true;
}

/* read_judges - answers to those who wait; clients that are gone get none */
static void read_judges(struct sandbox_server *server)
{
    struct sandbox_answer answer;

    while (sandbox_judges_next(server->plan->judges, &answer)) {
        if (answer.code != 0 && server->plan->judged != NULL)
            server->plan->judged(server->plan->ctx, &answer);
        if (answer.code == 0)
            server->plan->spool->count--;
        for (size_t i = server->count; i > 0; i--)
            if (server->list[i - 1]->is_asked &&
                server->list[i - 1]->file.number == answer.number) {
                sandbox_connection_answer(server->list[i - 1], &answer);
                server_settle(server, server->list[i - 1]);
                break; /* numbers are given once */
            }
    }
}

/* ---- the loop ---- */

/* fill_polled - judges, listeners, what wakes the loop, and all connections as one */
static size_t fill_polled(struct sandbox_server *server)
{
    const struct sandbox_plan *plan = server->plan;
    size_t count = LIMIT_SANDBOX_JUDGES;

    sandbox_judges_poll(plan->judges, server->polled);
    for (size_t i = 0; i < plan->listener_count; i++)
        server->polled[count++] = (struct pollfd){
            .fd = server->count < TABLE ? plan->listeners[i].fd : -1, .events = POLLIN};
    server->polled[count++] = (struct pollfd){.fd = plan->woken_by, .events = POLLIN};
    server->polled[count++] = (struct pollfd){.fd = server->sockets, .events = POLLIN};
    return count;
}

void sandbox_server_turn(struct sandbox_server *server, int timeout_ms)
{
    const struct sandbox_plan *plan = server->plan;
    size_t count = fill_polled(server);
    int wait = timeout_ms < TICK_MS ? timeout_ms : TICK_MS;

    if (poll(server->polled, count, wait) < 0)
        return;
    sandbox_judges_polled(plan->judges, server->polled);
    read_judges(server);
    if (server->polled[count - 1].revents != 0)
        move_all(server);
    for (size_t i = 0; i < plan->listener_count; i++)
        if ((server->polled[LIMIT_SANDBOX_JUDGES + i].revents & POLLIN) != 0)
            accept_all(server, &plan->listeners[i]);
    tick_all(server);
    ask_judges(server);
}

size_t sandbox_server_connections(const struct sandbox_server *server)
{
    return server->count;
}

void sandbox_server_retire(struct sandbox_server *server)
{
    if (!server->is_retired)
        close_listeners(server);
    server->is_retired = true;
    for (size_t i = server->count; i > 0; i--) {
        sandbox_connection_retire(server->list[i - 1]);
        server_settle(server, server->list[i - 1]);
    }
}

void sandbox_server_close(struct sandbox_server *server)
{
    if (server == NULL)
        return;
    close_listeners(server);
    for (size_t i = 0; i < server->count; i++)
        sandbox_connection_close(server->list[i]);
    server->count = 0;
    if (server->sockets >= 0)
        close(server->sockets);
    server->sockets = -1;
}
