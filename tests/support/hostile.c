/* The sockets of the hostile server, and its process. */
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hostile_private.h"
#include "unit.h"

/* take_datagram - one question over UDP */
static void take_datagram(struct session *s, int udp)
{
    ssize_t len = 0;

    s->udp = udp;
    s->peer_len = sizeof(s->peer);
    len =
        recvfrom(udp, s->query, sizeof(s->query), 0, (struct sockaddr *)&s->peer, &s->peer_len);
    if (len < 0)
        return;
    s->query_len = (size_t)len;
    s->is_tcp = false;
    hostile_answer(s);
}

/* take_stream - one connection with one question */
static void take_stream(struct session *s)
{
    uint8_t len[2];

    s->stream = accept(s->tcp, NULL, NULL);
    if (s->stream < 0)
        return;
    if (recv(s->stream, len, 2, MSG_WAITALL) == 2) {
        s->query_len = (size_t)len[0] << 8 | len[1];
        s->is_tcp = true;
        if (recv(s->stream, s->query, s->query_len, MSG_WAITALL) == (ssize_t)s->query_len)
            hostile_answer(s);
    }
    close(s->stream);
}

/* serve - until the test ends this process */
static void serve(struct session *s)
{
    for (;;) {
        struct pollfd fds[] = {{.fd = s->udp4, .events = POLLIN},
                               {.fd = s->udp6, .events = POLLIN},
                               {.fd = s->tcp, .events = POLLIN}};

        if (poll(fds, COUNT_OF(fds), -1) < 0)
            continue;
        if (fds[0].revents != 0)
            take_datagram(s, s->udp4);
        if (fds[1].revents != 0)
            take_datagram(s, s->udp6);
        if (fds[2].revents != 0)
            take_stream(s);
    }
}

/* bind_both - a UDP and a TCP socket on the same port, whichever is free for both */
static unsigned bind_both(struct session *s)
{
    for (int i = 0; i < 50; i++) {
        struct sockaddr_in address = {.sin_family = AF_INET,
                                      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        socklen_t len = sizeof(address);
        int size = 1 << 20;

        s->udp4 = socket(AF_INET, SOCK_DGRAM, 0);
        s->tcp = socket(AF_INET, SOCK_STREAM, 0);
        setsockopt(s->udp4, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
        if (bind(s->udp4, (struct sockaddr *)&address, len) == 0 &&
            getsockname(s->udp4, (struct sockaddr *)&address, &len) == 0 &&
            bind(s->tcp, (struct sockaddr *)&address, len) == 0 && listen(s->tcp, 64) == 0)
            return ntohs(address.sin_port);
        close(s->udp4);
        close(s->tcp);
    }
    fail_msg("no port of 127.0.0.1 is free for UDP and TCP");
    return 0;
}

/* bind_ipv6 - the same port of ::1, for UDP; -1 if there is no ::1 or the port is taken */
static int bind_ipv6(unsigned port)
{
    struct sockaddr_in6 address = {.sin6_family = AF_INET6,
                                   .sin6_addr = IN6ADDR_LOOPBACK_INIT,
                                   .sin6_port = htons((uint16_t)port)};
    int fd = socket(AF_INET6, SOCK_DGRAM, 0);

    if (fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

struct hostile hostile_start(struct arena *arena)
{
    struct session *session = arena_new_of(arena, struct session);
    struct hostile server = {.port = bind_both(session)};
    pid_t parent = getpid();

    session->udp6 = bind_ipv6(server.port);
    fflush(NULL);
    server.pid = fork();
    assert_true(server.pid >= 0);
    if (server.pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() == parent)
            serve(session);
        _exit(0);
    }
    close(session->udp4);
    close(session->tcp);
    server.spec = arena_printf(arena, "live:127.0.0.1@%u", server.port);
    if (session->udp6 >= 0) {
        close(session->udp6);
        server.ipv6_spec = arena_printf(arena, "live:::1@%u", server.port);
    }
    return server;
}

void hostile_stop(struct hostile *server)
{
    if (server->pid <= 0)
        return;
    kill(server->pid, SIGKILL);
    waitpid(server->pid, NULL, 0);
    server->pid = 0;
}
