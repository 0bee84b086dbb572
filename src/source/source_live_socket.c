/*
 * Over TCP each exchange has a connection of its own; datagrams share sockets, which are in
 * source_live_wire.c.
 */
#include <errno.h>
#include <unistd.h>

#include "source/source_live.h"

#define LENGTH_HIGH 8 /* bits */

bool dns_live_connect(struct dns_live_exchange *exchange)
{
    const struct dns_live_server *server = exchange->server;

    exchange->sent = 0;
    exchange->got = 0;
    exchange->fd =
        socket(server->address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (exchange->fd < 0)
        return false;
    return connect(exchange->fd, (const struct sockaddr *)&server->address,
                   server->address_len) == 0 ||
           errno == EINPROGRESS;
}

bool dns_live_is_sending(const struct dns_live_exchange *exchange)
{
    return exchange->is_tcp && exchange->sent < exchange->packet_len;
}

/* is_again - not an error: nothing can be moved at the moment */
static bool is_again(void)
{
    return errno == EAGAIN || errno == EINTR;
}

/* send_stream - what is left of the question */
static enum dns_live_progress send_stream(struct dns_live_exchange *exchange)
{
    ssize_t len = send(exchange->fd, exchange->packet + exchange->sent,
                       exchange->packet_len - exchange->sent, MSG_NOSIGNAL);

    if (len < 0)
        return is_again() ? LIVE_WAITS : LIVE_IS_BROKEN;
    exchange->sent += (size_t)len;
    return LIVE_WAITS;
}

/* wanted_octets - how far the answer reaches: its length first, then all of it */
static size_t wanted_octets(const struct dns_live_exchange *exchange)
{
    if (exchange->got < LIVE_LENGTH_SIZE)
        return LIVE_LENGTH_SIZE;
    return LIVE_LENGTH_SIZE +
           ((size_t)exchange->bytes[0] << LENGTH_HIGH | (size_t)exchange->bytes[1]);
}

/* receive_stream - more of the answer */
static enum dns_live_progress receive_stream(struct dns_live_exchange *exchange,
                                             struct arena *arena, struct span *packet_out)
{
    if (exchange->bytes == NULL)
        exchange->bytes = arena_alloc(arena, LIVE_LENGTH_SIZE + LIVE_PACKET_MAX);
    for (;;) {
        size_t wanted = wanted_octets(exchange);
        ssize_t len = 0;

        if (exchange->got >= LIVE_LENGTH_SIZE && exchange->got == wanted) {
            *packet_out = span_make((const char *)exchange->bytes + LIVE_LENGTH_SIZE,
                                    wanted - LIVE_LENGTH_SIZE);
            return LIVE_HAS_PACKET;
        }
        len = recv(exchange->fd, exchange->bytes + exchange->got, wanted - exchange->got, 0);
        if (len < 0)
            return is_again() ? LIVE_WAITS : LIVE_IS_BROKEN;
        if (len == 0) {
            errno = 0;
            return LIVE_IS_BROKEN;
        }
        exchange->got += (size_t)len;
    }
}

enum dns_live_progress dns_live_advance(struct dns_live_exchange *exchange, struct arena *arena,
                                        struct span *packet_out)
{
    if (exchange->sent < exchange->packet_len)
        return send_stream(exchange);
    return receive_stream(exchange, arena, packet_out);
}

void dns_live_hang_up(struct dns_live_exchange *exchange)
{
    if (exchange->fd >= 0)
        close(exchange->fd);
    exchange->fd = -1;
}
