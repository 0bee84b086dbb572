/* Listeners and the loop. Connections are in a table of pointers without gaps. */
#include "sandbox/sandbox_server.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/ip_socket.h"
#include "base/limits_serve.h"
#include "sandbox/sandbox_connection.h"

#define BACKLOG  128
#define REFUSALS 20 /* above the limit: they hear 421 */
#define TABLE    (LIMIT_SANDBOX_CONNECTIONS + REFUSALS)
#define TICK_MS  200 /* how exact deadlines are */
#define POLLED   (LIMIT_SANDBOX_JUDGES + LIMIT_SANDBOX_LISTENERS + TABLE + 1)

struct sandbox_server {
    struct sandbox_plan *plan;
    bool is_retired;
    size_t count;
    struct sandbox_connection *list[TABLE];
    struct pollfd polled[POLLED];
};

/* ---- listening ---- */

/* learn_port - which one is free */
static void learn_port(struct sandbox_listener *listener)
{
    struct sockaddr_storage where = {0};
    socklen_t len = sizeof(where);

    if (getsockname(listener->fd, (struct sockaddr *)&where, &len) == 0)
        listener->port =
            ntohs(where.ss_family == AF_INET ? ((struct sockaddr_in *)&where)->sin_port
                                             : ((struct sockaddr_in6 *)&where)->sin6_port);
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
    for (size_t i = 0; i < plan->listener_count; i++)
        plan->listeners[i].fd = -1;
    for (size_t i = 0; i < plan->listener_count; i++)
        if (!listen_on(arena, &plan->listeners[i], why)) {
            close_listeners(server);
            return NULL;
        }
    return server;
}

/* ---- clients ---- */

/* accept_all - those that wait, as far as there is room */
static void accept_all(struct sandbox_server *server, struct sandbox_listener *listener)
{
    const int on = 1;
    int fd = -1;

    while (server->count < TABLE &&
           (fd = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        bool is_refused = server->count >= server->plan->max_connections;

        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        server->list[server->count++] =
            sandbox_connection_open(server->plan, listener, fd, is_refused);
        sandbox_connection_move(server->list[server->count - 1], POLLOUT); /* the greeting */
    }
}

/* drop_over - connections that are over, the last one in the place of each */
static void drop_over(struct sandbox_server *server)
{
    for (size_t i = server->count; i > 0; i--)
        if (server->list[i - 1]->state == CONNECTION_OVER) {
            sandbox_connection_close(server->list[i - 1]);
            server->list[i - 1] = server->list[--server->count];
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

    while ((connection = longest_waiting(server)) != NULL &&
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
        for (size_t i = 0; i < server->count; i++)
            if (server->list[i]->is_asked && server->list[i]->file.number == answer.number)
                sandbox_connection_answer(server->list[i], &answer);
    }
}

/* ---- the loop ---- */

/* fill_polled - judges, listeners, connections */
static size_t fill_polled(struct sandbox_server *server)
{
    const struct sandbox_plan *plan = server->plan;
    size_t count = LIMIT_SANDBOX_JUDGES;

    sandbox_judges_poll(plan->judges, server->polled);
    for (size_t i = 0; i < plan->listener_count; i++)
        server->polled[count++] = (struct pollfd){
            .fd = server->count < TABLE ? plan->listeners[i].fd : -1, .events = POLLIN};
    for (size_t i = 0; i < server->count; i++)
        server->polled[count++] = (struct pollfd){
            .fd = server->list[i]->fd, .events = sandbox_connection_events(server->list[i])};
    server->polled[count++] = (struct pollfd){.fd = plan->woken_by, .events = POLLIN};
    return count;
}

void sandbox_server_turn(struct sandbox_server *server, int timeout_ms)
{
    const struct sandbox_plan *plan = server->plan;
    size_t count = fill_polled(server);
    size_t first = LIMIT_SANDBOX_JUDGES + plan->listener_count;
    size_t clients = server->count;
    int wait = timeout_ms < TICK_MS ? timeout_ms : TICK_MS;
    int64_t now = 0;

    if (poll(server->polled, count, wait) < 0)
        return;
    read_judges(server);
    for (size_t i = 0; i < clients; i++)
        if (server->polled[first + i].revents != 0)
            sandbox_connection_move(server->list[i], server->polled[first + i].revents);
    for (size_t i = 0; i < plan->listener_count; i++)
        if ((server->polled[LIMIT_SANDBOX_JUDGES + i].revents & POLLIN) != 0)
            accept_all(server, &server->plan->listeners[i]);
    now = clock_monotonic_ms();
    for (size_t i = 0; i < server->count; i++)
        sandbox_connection_tick(server->list[i], now);
    ask_judges(server);
    drop_over(server);
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
    for (size_t i = 0; i < server->count; i++)
        sandbox_connection_retire(server->list[i]);
    drop_over(server);
}

void sandbox_server_close(struct sandbox_server *server)
{
    if (server == NULL)
        return;
    close_listeners(server);
    for (size_t i = 0; i < server->count; i++)
        sandbox_connection_close(server->list[i]);
    server->count = 0;
}
