/*
 * One epoll instance over all sockets. It is level-triggered, so that what was left in a socket
 * is reported again.
 */
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/must.h"
#include "source/source_live_hub.h"

#define LIVE_BATCH  8  /* datagrams of one call */
#define LIVE_EVENTS 64 /* of one look */
#define ID_OCTETS   2
#define OCTET_BITS  8

/* live_wire_chance - 16 bits */
static unsigned live_wire_chance(struct live_hub *hub)
{
    uint16_t chance = 0;

    if (hub->chance_left < sizeof(chance)) {
        must(getrandom(hub->chance, sizeof(hub->chance), 0) == sizeof(hub->chance));
        hub->chance_left = sizeof(hub->chance);
    }
    hub->chance_left -= sizeof(chance);
    memcpy(&chance, hub->chance + hub->chance_left, sizeof(chance));
    return chance;
}

/* wire_watch - have epoll watch a socket */
static bool wire_watch(struct live_hub *hub, int fd, struct live_event *event, bool is_new)
{
    struct epoll_event wanted = {.events = EPOLLIN, .data = {.ptr = event}};

    if (event->query != NULL && dns_live_is_sending(&event->query->exchange))
        wanted.events = EPOLLOUT;
    if (hub->epoll < 0)
        hub->epoll = epoll_create1(EPOLL_CLOEXEC);
    return hub->epoll >= 0 &&
           epoll_ctl(hub->epoll, is_new ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &wanted) == 0;
}

/* ---- datagrams ---- */

/* wire_id_list - where queries with this id on this socket are */
static struct live_query **wire_id_list(struct live_hub *hub, const struct live_socket *socket,
                                        uint16_t id)
{
    size_t at = id ^ ((uintptr_t)socket / sizeof(*socket) * 0x9e5U);

    return &hub->by_id[at & (LIVE_ID_LISTS - 1)];
}

/* wire_find - the query with this id on this socket; NULL */
static struct live_query *wire_find(struct live_hub *hub, const struct live_socket *socket,
                                    uint16_t id)
{
    struct live_query *query = *wire_id_list(hub, socket, id);

    while (query != NULL && (query->socket != socket || query->exchange.id != id))
        query = query->of_id;
    return query;
}

/* wire_open - a socket with a port of the kernel's choice; false with errno */
static bool wire_open(struct live_hub *hub, struct live_socket *at, unsigned server)
{
    const struct dns_live_server *to = &hub->servers.list[server];

    if (at->is_open && (at->uses < LIVE_SOCKET_USES || at->in_flight > 0))
        return true;
    if (at->is_open)
        close(at->fd);
    *at = (struct live_socket){.server = server};
    at->fd = socket(to->address.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (at->fd < 0)
        return false;
    if (connect(at->fd, (const struct sockaddr *)&to->address, to->address_len) == 0 &&
        wire_watch(hub, at->fd, &at->event, true)) {
        at->is_open = true;
        return true;
    }
    close(at->fd);
    return false;
}

bool live_wire_place(struct live_hub *hub, struct live_query *query)
{
    unsigned server = (unsigned)(query->exchange.server - hub->servers.list);
    struct live_socket *socket = NULL;
    struct live_query **list = NULL;
    uint16_t id = (uint16_t)live_wire_chance(hub);

    query->exchange.id = id;
    if (query->exchange.is_tcp)
        return true;
    socket = &hub->sockets[server][live_wire_chance(hub) % LIVE_SOCKETS];
    if (!wire_open(hub, socket, server))
        return false;
    while (wire_find(hub, socket, id) != NULL)
        id = (uint16_t)live_wire_chance(hub);
    query->exchange.id = id;
    query->socket = socket;
    socket->in_flight++;
    socket->uses++;
    list = wire_id_list(hub, socket, id);
    query->of_id = *list;
    *list = query;
    return true;
}

/* wire_datagram - send it; false with errno if that cannot be. EAGAIN is a lost datagram like
 * any other. */
static bool wire_datagram(const struct live_query *query)
{
    const uint8_t *datagram = query->exchange.packet + LIVE_LENGTH_SIZE;
    size_t len = query->exchange.packet_len - LIVE_LENGTH_SIZE;

    return send(query->socket->fd, datagram, len, 0) >= 0 || errno == EAGAIN ||
           errno == ENOBUFS;
}

/* wire_fail - the kernel says that nobody is there: so it is for all queries of the socket */
static void wire_fail(struct live_hub *hub, const struct live_socket *socket, int error)
{
    for (size_t i = 0; i < hub->in_flight_count;) {
        struct live_query *query = hub->in_flight[i];

        if (query->socket == socket)
            live_try_broken(hub, query, error);
        if (i < hub->in_flight_count && hub->in_flight[i] == query)
            i++;
    }
}

bool live_wire_send(struct live_hub *hub, struct live_query *query)
{
    hub->counts.sent++;
    if (query->exchange.is_tcp)
        return dns_live_connect(&query->exchange) &&
               wire_watch(hub, query->exchange.fd, &query->event, true);
    return wire_datagram(query) ||
           wire_datagram(query); /* what the first says is about others */
}

void live_wire_send_again(struct live_hub *hub, struct live_query *query)
{
    hub->counts.sent++;
    if (query->socket != NULL)
        wire_datagram(query);
}

/* wire_unlist - nothing that comes is for the query */
static void wire_unlist(struct live_hub *hub, struct live_query *query)
{
    struct live_query **at = wire_id_list(hub, query->socket, query->exchange.id);

    while (*at != query)
        at = &(*at)->of_id;
    *at = query->of_id;
    query->socket->in_flight--;
    query->socket = NULL;
}

void live_wire_hang_up(struct live_hub *hub, struct live_query *query)
{
    if (query->socket != NULL)
        wire_unlist(hub, query);
    dns_live_hang_up(&query->exchange);
}

/* wire_datagrams - what one socket has */
static void wire_datagrams(struct live_hub *hub, struct live_socket *socket)
{
    struct mmsghdr messages[LIVE_BATCH];
    struct iovec places[LIVE_BATCH];
    int count = 0;

    for (size_t i = 0; i < LIVE_BATCH; i++) {
        places[i] = (struct iovec){hub->buf + i * LIVE_PACKET_MAX, LIVE_PACKET_MAX};
        messages[i] = (struct mmsghdr){.msg_hdr = {.msg_iov = &places[i], .msg_iovlen = 1}};
    }
    count = recvmmsg(socket->fd, messages, LIVE_BATCH, 0, NULL);
    if (count < 0 && errno != EAGAIN && errno != EINTR)
        wire_fail(hub, socket, errno);
    for (int i = 0; i < count; i++) {
        const uint8_t *octets = places[i].iov_base;
        struct live_query *query = NULL;

        if (messages[i].msg_len >= ID_OCTETS)
            query = wire_find(hub, socket, (uint16_t)(octets[0] << OCTET_BITS | octets[1]));
        if (query != NULL)
            live_try_packet(hub, query, span_make((const char *)octets, messages[i].msg_len));
    }
}

/* ---- connections ---- */

/* wire_stream - the next step of a connection */
static void wire_stream(struct live_hub *hub, struct live_query *query)
{
    bool was_sending = dns_live_is_sending(&query->exchange);
    struct span packet;

    if (query->exchange.fd < 0)
        return; /* reported before it was ended */
    switch (dns_live_advance(&query->exchange, hub->arena, &packet)) {
    case LIVE_WAITS:
        if (was_sending && !dns_live_is_sending(&query->exchange))
            wire_watch(hub, query->exchange.fd, &query->event, false);
        break;
    case LIVE_IS_BROKEN:
        live_try_broken(hub, query, errno);
        break;
    case LIVE_HAS_PACKET:
        live_try_packet(hub, query, packet);
        break;
    }
}

void live_wire_wait(struct live_hub *hub, int timeout_ms)
{
    struct epoll_event events[LIVE_EVENTS];
    int count = 0;

    if (hub->epoll < 0)
        hub->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (hub->buf == NULL)
        hub->buf = arena_alloc(hub->arena, (size_t)LIVE_BATCH * LIVE_PACKET_MAX);
    count = epoll_wait(hub->epoll, events, LIVE_EVENTS, timeout_ms);
    for (int i = 0; i < count; i++) {
        struct live_event *event = events[i].data.ptr;

        if (event->query != NULL)
            wire_stream(hub, event->query);
        else
            wire_datagrams(hub, (struct live_socket *)event);
    }
}

void live_wire_close(struct live_hub *hub)
{
    for (size_t i = 0; i < LIVE_SERVERS_MAX; i++)
        for (size_t j = 0; j < LIVE_SOCKETS; j++)
            if (hub->sockets[i][j].is_open)
                close(hub->sockets[i][j].fd);
    if (hub->epoll >= 0)
        close(hub->epoll);
    hub->epoll = -1;
}
