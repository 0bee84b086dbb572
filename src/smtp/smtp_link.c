/* poll() until the deadline, around calls that do not block. */
#include "smtp/smtp_link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/ip_socket.h"
#include "base/must.h"

struct smtp_link *smtp_link_open(struct arena *arena)
{
    struct smtp_link *link = arena_new_of(arena, struct smtp_link);

    link->arena = arena;
    link->fd = -1;
    return link;
}

/* wait_for - until the descriptor is ready; false when the deadline is over */
static bool wait_for(const struct smtp_link *link, short events, int64_t deadline)
{
    struct pollfd ready = {.fd = link->fd, .events = events};
    int64_t left = 0;
    int count = 0;

    do {
        left = deadline - clock_monotonic_ms();
        count = poll(&ready, 1, left > 0 ? (int)left : 0);
    } while (count < 0 && errno == EINTR && left > 0);
    return count > 0;
}

/* link_fail - note the reason of the machine */
static enum smtp_link_status link_fail(struct smtp_link *link, int error)
{
    link->trouble = arena_strdup(link->arena, strerror(error));
    if (error == ECONNREFUSED)
        return LINK_REFUSED;
    if (error == EHOSTUNREACH || error == ENETUNREACH || error == EACCES || error == EPERM ||
        error == EADDRNOTAVAIL || error == EAFNOSUPPORT)
        return LINK_UNREACHABLE;
    if (error == ETIMEDOUT)
        return LINK_TIMEOUT;
    return error == ECONNRESET || error == EPIPE ? LINK_CLOSED : LINK_TROUBLE;
}

/* link_fail_here - refused by this machine, before anything was sent: maybe it has no route */
static enum smtp_link_status link_fail_here(struct smtp_link *link, int error)
{
    enum smtp_link_status status = link_fail(link, error);
    bool is_route = error == ENETUNREACH || error == EAFNOSUPPORT || error == EADDRNOTAVAIL;

    return status == LINK_UNREACHABLE && is_route ? LINK_NO_ROUTE : status;
}

enum smtp_link_status smtp_link_connect(struct smtp_link *link,
                                        const struct ip_address *address, unsigned port,
                                        int64_t deadline)
{
    struct sockaddr_storage where;
    socklen_t len = ip_to_socket(address, port, &where);
    int error = 0;
    socklen_t size = sizeof(error);

    must(link->fd < 0);
    link->fd = socket(where.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (link->fd < 0)
        return link_fail_here(link, errno);
    if (connect(link->fd, (struct sockaddr *)&where, len) == 0)
        return LINK_FINE;
    if (errno != EINPROGRESS)
        return link_fail_here(link, errno);
    if (!wait_for(link, POLLOUT, deadline))
        return link_fail(link, ETIMEDOUT);
    if (getsockopt(link->fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
        error = errno;
    return error == 0 ? LINK_FINE : link_fail(link, error);
}

/* tls_status - a status of TLS as one of the connection; waits where TLS has to */
static enum smtp_link_status tls_status(struct smtp_link *link, enum smtp_tls_status status,
                                        int64_t deadline)
{
    switch (status) {
    case TLS_DONE:
        return LINK_FINE;
    case TLS_WANTS_READ:
        return wait_for(link, POLLIN, deadline) ? LINK_FINE : link_fail(link, ETIMEDOUT);
    case TLS_WANTS_WRITE:
        return wait_for(link, POLLOUT, deadline) ? LINK_FINE : link_fail(link, ETIMEDOUT);
    case TLS_CLOSED:
    case TLS_FAILED:
        break;
    }
    link->trouble = smtp_tls_trouble(link->tls);
    return status == TLS_CLOSED ? LINK_CLOSED : LINK_TROUBLE;
}

const char *smtp_link_own_address(const struct smtp_link *link)
{
    struct sockaddr_storage where = {0};
    socklen_t len = sizeof(where);
    struct ip_address address = {0};

    if (getsockname(link->fd, (struct sockaddr *)&where, &len) != 0)
        return NULL;
    address = ip_from_socket(&where);
    return ip_to_text(link->arena, &address);
}

enum smtp_link_status smtp_link_start_tls(struct smtp_link *link, struct smtp_tls *tls,
                                          int64_t deadline)
{
    enum smtp_tls_status status = TLS_WANTS_READ;
    enum smtp_link_status result = LINK_FINE;

    link->tls = tls;
    do {
        status = smtp_tls_handshake(tls);
        result = tls_status(link, status, deadline);
    } while (status != TLS_DONE && result == LINK_FINE);
    return result;
}

/* write_some - as much as goes at once */
static enum smtp_link_status write_some(struct smtp_link *link, struct span *rest,
                                        int64_t deadline)
{
    size_t len = 0;
    ssize_t sent = 0;

    if (link->tls != NULL) {
        enum smtp_link_status status =
            tls_status(link, smtp_tls_write(link->tls, *rest, &len), deadline);

        *rest = span_from(*rest, len);
        return status;
    }
    sent = send(link->fd, rest->at, rest->len, MSG_NOSIGNAL);
    if (sent >= 0) {
        *rest = span_from(*rest, (size_t)sent);
        return LINK_FINE;
    }
    if (errno != EAGAIN && errno != EINTR)
        return link_fail(link, errno);
    return wait_for(link, POLLOUT, deadline) ? LINK_FINE : link_fail(link, ETIMEDOUT);
}

enum smtp_link_status smtp_link_write(struct smtp_link *link, struct span bytes,
                                      int64_t deadline)
{
    enum smtp_link_status status = LINK_FINE;

    while (bytes.len > 0 && status == LINK_FINE)
        status = write_some(link, &bytes, deadline);
    return status;
}

/* read_plain - from the socket */
static enum smtp_link_status read_plain(struct smtp_link *link, int64_t deadline)
{
    ssize_t got = 0;

    if (!wait_for(link, POLLIN, deadline))
        return link_fail(link, ETIMEDOUT);
    got = recv(link->fd, link->bytes + link->len, sizeof(link->bytes) - link->len, 0);
    if (got < 0)
        return errno == EAGAIN || errno == EINTR ? LINK_FINE : link_fail(link, errno);
    if (got == 0) {
        link->trouble = "the server closed the connection";
        return LINK_CLOSED;
    }
    link->len += (size_t)got;
    return LINK_FINE;
}

enum smtp_link_status smtp_link_read(struct smtp_link *link, int64_t deadline)
{
    size_t got = 0;
    enum smtp_link_status status = LINK_FINE;

    must(link->len < sizeof(link->bytes));
    if (link->tls == NULL)
        return read_plain(link, deadline);
    status = tls_status(link,
                        smtp_tls_read(link->tls, link->bytes + link->len,
                                      sizeof(link->bytes) - link->len, &got),
                        deadline);
    link->len += got;
    return status;
}

void smtp_link_take(struct smtp_link *link, size_t len)
{
    must(len <= link->len);
    link->len -= len;
    memmove(link->bytes, link->bytes + len, link->len);
}

void smtp_link_close(struct smtp_link *link)
{
    smtp_tls_close(link->tls);
    link->tls = NULL;
    if (link->fd >= 0)
        close(link->fd);
    link->fd = -1;
}
