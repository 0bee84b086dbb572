/*
 * A reply is built in a buffer: header and question are copied from what was asked, then
 * records are added. Each behaviour is one function of the table at the end.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hostile.h"
#include "unit.h"

#define PACKET_MAX 65535
#define HEADER     12
#define DROPPED    64

enum { FLAG_AA = 0x0400, FLAG_TC = 0x0200, FLAG_RD = 0x0100, FLAG_RA = 0x80, FLAG_AD = 0x20 };
enum { T_ADDRESS = 1, T_NS_ = 2, T_ALIAS = 5, T_SOA_ = 6, T_EXCHANGE = 15, T_OPT_ = 41 };
enum { RC_FORMERR = 1, RC_SERVFAIL = 2, RC_NXDOMAIN = 3, RC_NOTIMP = 4, RC_REFUSED = 5 };
enum { SECTION_ANSWER = 6, SECTION_AUTHORITY = 8, SECTION_ADDITIONAL = 10 };

/* a name in wire form; C strings, the final NUL is the root label */
static const char owner_asked[] = "\xc0\x0c"; /* the name in the question */
static const char name_ok[] = "\2ok\7example";
static const char name_other[] = "\5other\7example";
static const char name_example[] = "\7example";

struct session {
    int udp; /* the socket that the question came to */
    int udp4;
    int udp6; /* -1: this machine has no ::1 */
    int tcp;
    struct sockaddr_storage peer;
    socklen_t peer_len;
    bool is_tcp;
    int stream; /* the TCP connection */
    uint8_t query[PACKET_MAX];
    size_t query_len;
    size_t question_len; /* of the question section */
    uint8_t reply[PACKET_MAX];
    size_t reply_len;
    char dropped[DROPPED][256]; /* names of which one query was dropped */
    size_t dropped_count;
    struct held {
        struct sockaddr_storage peer;
        uint8_t reply[512];
        size_t len;
    } held[HOSTILE_BURST];
    size_t held_count;
};

static void put8(struct session *s, unsigned value)
{
    if (s->reply_len < sizeof(s->reply))
        s->reply[s->reply_len++] = (uint8_t)value;
}

static void put16(struct session *s, unsigned value)
{
    put8(s, value >> 8);
    put8(s, value);
}

static void put32(struct session *s, unsigned value)
{
    put16(s, value >> 16);
    put16(s, value);
}

static void put_bytes(struct session *s, const void *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        put8(s, ((const uint8_t *)bytes)[i]);
}

/* put_name - wire form; a pointer has two octets and no end */
static void put_name(struct session *s, const char *name)
{
    if ((uint8_t)name[0] >= 0xc0)
        put_bytes(s, name, 2);
    else
        put_bytes(s, name, strlen(name) + 1);
}

/* name_len - how many octets put_name() writes */
static unsigned name_len(const char *name)
{
    return (uint8_t)name[0] >= 0xc0 ? 2 : (unsigned)strlen(name) + 1;
}

/* count - one more record in the section */
static void count(struct session *s, int section)
{
    unsigned now = (unsigned)s->reply[section] << 8 | s->reply[section + 1];

    s->reply[section] = (uint8_t)((now + 1) >> 8);
    s->reply[section + 1] = (uint8_t)(now + 1);
}

/* begin - a header and the question */
static void begin(struct session *s, unsigned flags, unsigned rcode)
{
    s->reply_len = 0;
    put_bytes(s, s->query, 2);
    put16(s, 0x8000 | FLAG_RD | flags | rcode);
    put16(s, 1);
    put16(s, 0);
    put32(s, 0);
    put_bytes(s, s->query + HEADER, s->question_len);
}

/* head - owner, type, class, TTL and length of a record */
static void head(struct session *s, const char *owner, unsigned type, unsigned len)
{
    put_name(s, owner);
    put16(s, type);
    put16(s, 1);
    put32(s, 300);
    put16(s, len);
}

static void add_address(struct session *s, const char *owner, unsigned address)
{
    head(s, owner, T_ADDRESS, 4);
    put32(s, address);
    count(s, SECTION_ANSWER);
}

static void add_named(struct session *s, int section, unsigned type, const char *target)
{
    head(s, section == SECTION_ANSWER ? owner_asked : name_example, type, name_len(target));
    put_name(s, target);
    count(s, section);
}

static void add_mx(struct session *s, unsigned preference, const char *target)
{
    head(s, owner_asked, T_EXCHANGE, 2 + name_len(target));
    put16(s, preference);
    put_name(s, target);
    count(s, SECTION_ANSWER);
}

/* add_soa - of "example", with its own TTL and the last field */
static void add_soa(struct session *s, unsigned ttl, unsigned minimum)
{
    put_name(s, name_example);
    put16(s, T_SOA_);
    put16(s, 1);
    put32(s, ttl);
    put16(s, 2 * name_len(name_example) + 20);
    put_name(s, name_example);
    put_name(s, name_example);
    for (int i = 0; i < 4; i++)
        put32(s, 1000);
    put32(s, minimum);
    count(s, SECTION_AUTHORITY);
}

/* add_opt - an OPT record with an extended error (RFC 8914, 2) or a high part of the rcode */
static void add_opt(struct session *s, unsigned rcode_high, int error)
{
    put8(s, 0);
    put16(s, T_OPT_);
    put16(s, 1232);
    put32(s, rcode_high << 24);
    put16(s, error < 0 ? 0 : 6);
    if (error >= 0) {
        put16(s, 15);
        put16(s, 2);
        put16(s, (unsigned)error);
    }
    count(s, SECTION_ADDITIONAL);
}

/* send_reply - over what the question came */
static void send_reply(struct session *s)
{
    uint8_t len[2] = {(uint8_t)(s->reply_len >> 8), (uint8_t)s->reply_len};

    if (!s->is_tcp) {
        sendto(s->udp, s->reply, s->reply_len, 0, (struct sockaddr *)&s->peer, s->peer_len);
        return;
    }
    /* in two parts and a half: whoever reads must put them together */
    if (send(s->stream, len, 1, MSG_NOSIGNAL) < 0 ||
        send(s->stream, len + 1, 1, MSG_NOSIGNAL) < 0 ||
        send(s->stream, s->reply, s->reply_len / 2, MSG_NOSIGNAL) < 0 ||
        send(s->stream, s->reply + s->reply_len / 2, s->reply_len - s->reply_len / 2,
             MSG_NOSIGNAL) < 0)
        return;
}

/* has_opt - the question came with EDNS */
static bool has_opt(const struct session *s)
{
    return s->query[SECTION_ADDITIONAL + 1] != 0;
}

static void do_ok(struct session *s)
{
    begin(s, FLAG_RA, 0);
    add_address(s, owner_asked, 0xc0000201);
    send_reply(s);
}

static void do_dropall(struct session *s)
{
    (void)s;
}

/* do_drop1 - silent for the first question about a name */
static void do_drop1(struct session *s)
{
    char name[256] = {0};

    memcpy(name, s->query + HEADER, s->question_len < 255 ? s->question_len : 255);
    for (size_t i = 0; i < s->dropped_count; i++) {
        if (memcmp(s->dropped[i], name, sizeof(name)) == 0) {
            do_ok(s);
            return;
        }
    }
    if (s->dropped_count < DROPPED)
        memcpy(s->dropped[s->dropped_count++], name, sizeof(name));
}

static void do_trunc(struct session *s)
{
    begin(s, FLAG_RA | (s->is_tcp ? 0 : FLAG_TC), 0);
    for (unsigned i = 1; s->is_tcp && i <= 2000; i++)
        add_address(s, owner_asked, 0x0a000000 + i);
    send_reply(s);
}

/* do_trunccut - the packet ends inside a record, as some servers truncate */
static void do_trunccut(struct session *s)
{
    begin(s, FLAG_RA | (s->is_tcp ? 0 : FLAG_TC), 0);
    add_address(s, owner_asked, 0xc0000201);
    if (!s->is_tcp)
        s->reply_len -= 3;
    send_reply(s);
}

static void do_trunctcp(struct session *s)
{
    begin(s, FLAG_RA | FLAG_TC, 0);
    send_reply(s);
}

/* do_closetcp - wants TCP and then hangs up */
static void do_closetcp(struct session *s)
{
    if (!s->is_tcp)
        do_trunctcp(s);
}

/* do_halftcp - announces more than it sends */
static void do_halftcp(struct session *s)
{
    static const uint8_t part[] = {1, 0, 7};

    if (!s->is_tcp)
        do_trunctcp(s);
    else if (send(s->stream, part, sizeof(part), MSG_NOSIGNAL) < 0)
        return;
}

/* forge - an answer that is wrong in one octet, with an address nobody may see */
static void forge(struct session *s, size_t at, uint8_t change)
{
    begin(s, FLAG_RA, 0);
    add_address(s, owner_asked, 0xcb007142);
    s->reply[at] ^= change;
    send_reply(s);
}

static void do_wrongid(struct session *s)
{
    forge(s, 1, 1);
    do_ok(s);
}

static void do_wrongidonly(struct session *s)
{
    forge(s, 0, 1);
}

static void do_wrongname(struct session *s)
{
    forge(s, HEADER + 1, 1);
    do_ok(s);
}

static void do_wrongtype(struct session *s)
{
    forge(s, HEADER + s->question_len - 3, 2);
    do_ok(s);
}

static void do_wrongclass(struct session *s)
{
    forge(s, HEADER + s->question_len - 1, 2);
    do_ok(s);
}

static void do_query(struct session *s)
{
    forge(s, 2, 0x80); /* no response, a question */
    do_ok(s);
}

static void do_noquestion(struct session *s)
{
    begin(s, FLAG_RA, 0);
    s->reply[5] = 0;
    s->reply_len = HEADER;
    send_reply(s);
    do_ok(s);
}

/* do_otherport - the right answer but from another port, before the right one */
static void do_otherport(struct session *s)
{
    int own = s->udp;

    s->udp = socket(AF_INET, SOCK_DGRAM, 0);
    forge(s, 3, 0);
    close(s->udp);
    s->udp = own;
    do_ok(s);
}

static void do_garbage(struct session *s)
{
    begin(s, FLAG_RA, 0);
    s->reply_len = HEADER;
    for (int i = 0; i < 40; i++)
        put8(s, 0xff);
    send_reply(s);
}

static void do_short(struct session *s)
{
    s->reply_len = 3;
    send_reply(s);
    do_ok(s);
}

/* do_pointer - a name that points at itself */
static void do_pointer(struct session *s)
{
    char here[2] = {0};

    begin(s, FLAG_RA, 0);
    here[0] = (char)0xc0;
    here[1] = (char)s->reply_len;
    put_bytes(s, here, 2);
    put16(s, T_ADDRESS);
    put16(s, 1);
    put32(s, 300);
    put16(s, 4);
    put32(s, 0xc0000201);
    count(s, SECTION_ANSWER);
    send_reply(s);
}

/* do_shortrdata - an address of three octets */
static void do_shortrdata(struct session *s)
{
    begin(s, FLAG_RA, 0);
    head(s, owner_asked, T_ADDRESS, 3);
    put_bytes(s, "abc", 3);
    count(s, SECTION_ANSWER);
    send_reply(s);
}

/* only - a reply that consists of its code */
static void only(struct session *s, unsigned flags, unsigned rcode)
{
    begin(s, flags, rcode);
    send_reply(s);
}

static void do_servfail(struct session *s)
{
    only(s, FLAG_RA, RC_SERVFAIL);
}

static void do_refused(struct session *s)
{
    only(s, 0, RC_REFUSED);
}

static void do_notimp(struct session *s)
{
    only(s, 0, RC_NOTIMP);
}

static void do_formerr(struct session *s)
{
    begin(s, 0, RC_FORMERR);
    s->reply[5] = 0; /* without the question, as old servers answer */
    s->reply_len = HEADER;
    send_reply(s);
}

static void do_noedns(struct session *s)
{
    if (has_opt(s))
        do_formerr(s);
    else
        do_ok(s);
}

static void do_badvers(struct session *s)
{
    if (!has_opt(s)) {
        do_ok(s);
        return;
    }
    begin(s, 0, 0);
    add_opt(s, 1, -1); /* 1 << 4 is BADVERS */
    send_reply(s);
}

static void do_bogus(struct session *s)
{
    begin(s, FLAG_RA, RC_SERVFAIL);
    add_opt(s, 0, 7);
    send_reply(s);
}

static void do_unreachable(struct session *s)
{
    begin(s, FLAG_RA, RC_SERVFAIL);
    add_opt(s, 0, 22);
    send_reply(s);
}

static void do_rcode11(struct session *s)
{
    only(s, FLAG_RA, 11);
}

static void do_nx(struct session *s)
{
    begin(s, FLAG_RA, RC_NXDOMAIN);
    add_soa(s, 900, 120);
    send_reply(s);
}

static void do_nodata(struct session *s)
{
    begin(s, FLAG_RA, 0);
    add_soa(s, 60, 300);
    send_reply(s);
}

static void do_nosoa(struct session *s)
{
    only(s, FLAG_AA, 0);
}

static void do_referral(struct session *s)
{
    begin(s, 0, 0);
    add_named(s, SECTION_AUTHORITY, T_NS_, name_other);
    send_reply(s);
}

static void do_lame(struct session *s)
{
    only(s, 0, 0);
}

static void do_alias(struct session *s)
{
    begin(s, FLAG_AA, 0);
    add_named(s, SECTION_ANSWER, T_ALIAS, name_ok);
    send_reply(s);
}

/* do_aliasfull - records in the wrong order, and some that nobody asked for */
static void do_aliasfull(struct session *s)
{
    begin(s, FLAG_RA, 0);
    add_address(s, name_other, 0xcb007142);
    add_address(s, name_ok, 0xc0000202);
    add_named(s, SECTION_ANSWER, T_NS_, name_other);
    add_address(s, name_ok, 0xc0000201);
    add_named(s, SECTION_ANSWER, T_ALIAS, name_ok);
    add_address(s, name_ok, 0xc0000202);
    send_reply(s);
}

static void do_aliasnx(struct session *s)
{
    begin(s, FLAG_RA, RC_NXDOMAIN);
    add_named(s, SECTION_ANSWER, T_ALIAS, name_other);
    add_soa(s, 900, 900);
    send_reply(s);
}

static void do_circle(struct session *s)
{
    begin(s, FLAG_RA, 0);
    add_named(s, SECTION_ANSWER, T_ALIAS, owner_asked);
    send_reply(s);
}

static void do_mx(struct session *s)
{
    begin(s, FLAG_RA, 0);
    add_mx(s, 20, name_other);
    add_mx(s, 10, name_other);
    add_mx(s, 10, name_ok);
    add_mx(s, 20, name_other);
    send_reply(s);
}

static void do_ad(struct session *s)
{
    begin(s, FLAG_RA | FLAG_AD, 0);
    add_address(s, owner_asked, 0xc0000201);
    send_reply(s);
}

/* do_flags - the answer says how the question came: 192.0.2.<EDNS><AD><RD> */
static void do_flags(struct session *s)
{
    unsigned edns = has_opt(s) ? 100 : 0;
    unsigned ad = (s->query[3] & FLAG_AD) != 0 ? 10 : 0;
    unsigned rd = (s->query[2] & 1) != 0 ? 1 : 0;

    begin(s, FLAG_RA, 0);
    add_address(s, owner_asked, 0xc0000200 + edns + ad + rd);
    send_reply(s);
}

/* do_burst - answers only when HOSTILE_BURST questions are there, the last one first */
static void do_burst(struct session *s)
{
    struct held *held = &s->held[s->held_count++];

    begin(s, FLAG_RA, 0);
    add_address(s, owner_asked, 0xc0000201);
    held->peer = s->peer;
    held->len = s->reply_len;
    memcpy(held->reply, s->reply, s->reply_len);
    if (s->held_count < HOSTILE_BURST)
        return;
    while (s->held_count > 0) {
        held = &s->held[--s->held_count];
        sendto(s->udp, held->reply, held->len, 0, (struct sockaddr *)&held->peer, s->peer_len);
    }
}

static const struct behaviour {
    const char *label; /* of the name asked for; its beginning */
    void (*act)(struct session *s);
} behaviours[] = {
    {"ok", do_ok},
    {"dropall", do_dropall},
    {"drop1", do_drop1},
    {"trunctcp", do_trunctcp},
    {"trunccut", do_trunccut},
    {"trunc", do_trunc},
    {"closetcp", do_closetcp},
    {"halftcp", do_halftcp},
    {"wrongidonly", do_wrongidonly},
    {"wrongid", do_wrongid},
    {"wrongname", do_wrongname},
    {"wrongtype", do_wrongtype},
    {"wrongclass", do_wrongclass},
    {"query", do_query},
    {"noquestion", do_noquestion},
    {"otherport", do_otherport},
    {"garbage", do_garbage},
    {"shortrdata", do_shortrdata},
    {"short", do_short},
    {"pointer", do_pointer},
    {"servfail", do_servfail},
    {"refused", do_refused},
    {"notimp", do_notimp},
    {"formerr", do_formerr},
    {"noedns", do_noedns},
    {"badvers", do_badvers},
    {"bogus", do_bogus},
    {"unreachable", do_unreachable},
    {"rcode11", do_rcode11},
    {"nx", do_nx},
    {"nodata", do_nodata},
    {"nosoa", do_nosoa},
    {"referral", do_referral},
    {"lame", do_lame},
    {"aliasfull", do_aliasfull},
    {"aliasnx", do_aliasnx},
    {"alias", do_alias},
    {"circle", do_circle},
    {"mx", do_mx},
    {"ad", do_ad},
    {"flags", do_flags},
    {"burst", do_burst},
};

/* answer - find the question and do what its first label says */
static void answer(struct session *s)
{
    const uint8_t *at = s->query + HEADER;
    const uint8_t *end = s->query + s->query_len;

    while (at < end && *at != 0)
        at += 1 + *at;
    at += 5; /* the root label, type and class */
    if (s->query_len < HEADER || at > end)
        return;
    s->question_len = (size_t)(at - (s->query + HEADER));
    for (size_t i = 0; i < COUNT_OF(behaviours); i++) {
        size_t len = strlen(behaviours[i].label);

        if (s->query[HEADER] >= len &&
            memcmp(s->query + HEADER + 1, behaviours[i].label, len) == 0) {
            behaviours[i].act(s);
            return;
        }
    }
    do_nx(s);
}

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
    answer(s);
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
            answer(s);
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
