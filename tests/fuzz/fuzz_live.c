/*
 * The live source end to end: this process is the name server too, on a port of 127.0.0.1. The
 * bytes are packets: a length of 16 bits, then a packet, whose first two octets are replaced by
 * the id of the question unless they are both 255, and whose question section is replaced by
 * the one asked if the third octet of the packet has its lowest bit set (which is "recursion
 * desired"). The first packets go out as datagrams; once the source comes over TCP, the
 * rest of the bytes goes there as it is, with lengths.
 */
#include <arpa/inet.h>
#include <string.h>
#include <unistd.h>

#include "base/must.h"
#include "source/source.h"
#include "fuzz.h"

#define HEADER     12 /* octets in front of the question: RFC 1035, 4.1.1 */
#define PACKET_MAX 4096
#define LENGTH     2   /* in front of a packet */
#define TURNS      200 /* looks at the sockets for one input */
#define TRY_MS     4   /* of patience with a silent server */

struct server {
    int udp;
    int listener;
    int tcp; /* the connection; -1: none */
    unsigned port;
    struct span bytes;            /* not sent yet */
    uint8_t question[PACKET_MAX]; /* the last one that came */
    size_t question_len;
    bool is_answered;
};

/* open_socket - one of this machine on `port`, 0: any */
static int open_socket(int type, unsigned *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)*port),
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t len = sizeof(address);
    int fd = socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int yes = 1;

    must(fd >= 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (bind(fd, (struct sockaddr *)&address, len) != 0) {
        close(fd);
        return -1;
    }
    must(getsockname(fd, (struct sockaddr *)&address, &len) == 0);
    *port = ntohs(address.sin_port);
    return fd;
}

/* start - once in a process: both sockets on one port */
static struct server *start(void)
{
    static struct server server = {.udp = -1, .listener = -1, .tcp = -1};

    while (server.listener < 0) {
        if (server.udp >= 0)
            close(server.udp);
        server.port = 0;
        server.udp = open_socket(SOCK_DGRAM, &server.port);
        server.listener = open_socket(SOCK_STREAM, &server.port);
    }
    must(listen(server.listener, 16) == 0);
    return &server;
}

/* next_packet - cut one off, made to look like an answer where it asks for that */
static size_t next_packet(struct server *server, uint8_t *packet)
{
    struct span bytes = server->bytes;
    size_t len =
        bytes.len < LENGTH ? 0 : (size_t)((uint8_t)bytes.at[0] << 8 | (uint8_t)bytes.at[1]);

    server->bytes = span_from(bytes, LENGTH);
    bytes = span_sub(server->bytes, 0, len < PACKET_MAX / 2 ? len : PACKET_MAX / 2);
    server->bytes = span_from(server->bytes, bytes.len);
    if (bytes.len == 0)
        return 0;
    memcpy(packet, bytes.at, bytes.len);
    if (bytes.len >= HEADER && server->question_len > HEADER && (packet[2] & 1) != 0) {
        size_t asked = server->question_len - HEADER;

        memmove(packet + HEADER + asked, packet + HEADER, bytes.len - HEADER);
        memcpy(packet + HEADER, server->question + HEADER, asked);
        bytes.len += asked;
    }
    if (bytes.len >= 2 && (packet[0] != 255 || packet[1] != 255))
        memcpy(packet, server->question, 2);
    return bytes.len;
}

/* cut_question - leave the header and the question of what came */
static void cut_question(struct server *server, size_t len)
{
    size_t at = HEADER;

    while (at < len && server->question[at] != 0)
        at += 1U + server->question[at];
    at += 1 + 4; /* the root, type and class */
    must(at <= len);
    server->question_len = at;
}

/* serve_datagrams - every question gets up to three packets */
static void serve_datagrams(struct server *server)
{
    struct sockaddr_storage from;
    socklen_t from_len = sizeof(from);
    ssize_t got = 0;

    while ((got = recvfrom(server->udp, server->question, sizeof(server->question), 0,
                           (struct sockaddr *)&from, &from_len)) > HEADER) {
        cut_question(server, (size_t)got);
        for (int i = 0; i < 3 && server->bytes.len > 0; i++) {
            uint8_t packet[PACKET_MAX];
            size_t len = next_packet(server, packet);

            sendto(server->udp, packet, len, 0, (struct sockaddr *)&from, from_len);
        }
    }
}

/* serve_stream - the rest of the bytes once a question came, then the end */
static void serve_stream(struct server *server)
{
    uint8_t question[PACKET_MAX];
    uint8_t stream[PACKET_MAX];
    struct span bytes = span_sub(server->bytes, 0, sizeof(stream));

    if (server->tcp < 0)
        server->tcp = accept4(server->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (server->tcp < 0 || recv(server->tcp, question, sizeof(question), 0) < LENGTH + HEADER)
        return;
    if (bytes.len > 0)
        memcpy(stream, bytes.at, bytes.len);
    if (bytes.len >= LENGTH + 2 && (stream[LENGTH] != 255 || stream[LENGTH + 1] != 255))
        memcpy(stream + LENGTH, question + LENGTH, 2);
    send(server->tcp, stream, bytes.len, MSG_NOSIGNAL);
    server->bytes = span_from(server->bytes, server->bytes.len);
    close(server->tcp);
    server->tcp = -1;
}

/* finish - nothing of this input is left for the next */
static void finish(struct server *server)
{
    int fd = -1;

    if (server->tcp >= 0)
        close(server->tcp);
    server->tcp = -1;
    while ((fd = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC)) >= 0)
        close(fd);
    while (recv(server->udp, server->question, sizeof(server->question), 0) >= 0)
        continue;
}

/* answered - what the source says is sound */
static void answered(void *ctx, void *token, const struct dns_answer *answer)
{
    struct server *server = ctx;
    size_t count = 0;

    must(token == server && !server->is_answered);
    server->is_answered = true;
    must(answer->status != DNS_PENDING && answer->source != NULL);
    must((answer->status == DNS_OK) <= (answer->records != NULL));
    for (const struct dns_rr *rr = answer->records; rr != NULL; rr = rr->next)
        count++;
    must(count == answer->record_count);
}

FUZZ(arena, bytes)
{
    const struct source_options options = {.timeout_ms = TRY_MS};
    struct server *server = start();
    struct err why = {0};
    struct source *source = source_open(
        arena, arena_printf(arena, "live:127.0.0.1@%u", server->port), &options, &why);
    const struct dns_question question = {dns_name_from_text(arena, "q.example"),
                                          bytes.len % 2 == 0 ? DNS_TXT : DNS_A};

    must(source != NULL);
    server->bytes = bytes;
    server->is_answered = false;
    must(source->ops->submit(source, &question, server));
    for (int turn = 0; turn < TURNS && !server->is_answered; turn++) {
        source->ops->poll(source, turn == 0 ? 0 : 1, answered, server);
        serve_datagrams(server);
        serve_stream(server);
    }
    must(server->is_answered);
    source_close(source);
    finish(server);
}
