/*
 * NAME
 *     source_live - the parts of the source that asks servers
 * DESCRIPTION
 *     source_live.c is a client of the hub, source_live_hub.c, in which
 *     source_live_try.c decides whom to ask, again and when to stop;
 *     source_live_wire.c and source_live_socket.c move packets, source_live_packet.c
 *     makes them and understands them, source_live_server.c knows the servers.
 *     Private to these.
 * OWNERSHIP
 *     Everything lives in the arena of the source; sockets are closed by
 *     dns_live_hang_up().
 * ERRORS
 *     Of a try: a text for the reader of a report. Of opening: `why`.
 * STANDARDS
 *     RFC 1035, 4; RFC 2308; RFC 5452 (resilience against forged answers); RFC 6891
 *     (EDNS); RFC 7766 (TCP); RFC 8914 (extended errors)
 */
#ifndef SOURCE_LIVE_H
#define SOURCE_LIVE_H

#include <sys/socket.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "model/dns_answer.h"
#include "source/source.h"
#include "source/source_table.h"

#define LIVE_SERVERS_MAX  3     /* MAXNS of resolv.conf(5) */
#define LIVE_PACKET_MAX   65535 /* RFC 1035, 4.2.2: the length is 16 bits */
#define LIVE_LENGTH_SIZE  2     /* in front of a packet over TCP */
#define LIVE_QUESTION_MAX 512   /* a header, a name, an OPT record: below 300 */

struct dns_live_server {
    struct sockaddr_storage address;
    socklen_t address_len;
    const char *text;   /* "192.0.2.53", "::1@5353": the port only if it is not 53 */
    const char *spec;   /* "live:" and the text */
    bool is_ad_trusted; /* RFC 6840, 5.8: the way to it is safe, or the user said so */
};

struct dns_live_servers {
    struct dns_live_server list[LIVE_SERVERS_MAX];
    size_t count;
    unsigned timeout_ms; /* from resolv.conf; 0: not said */
};

/* "" reads /etc/resolv.conf, "ADDR[@PORT][,ADDR[@PORT]...]" are servers, the first is asked
 * first; false and `why` (ERR_USAGE) */
bool dns_live_servers_read(const struct source_request *request,
                           struct dns_live_servers *servers_out, struct err *why);

/* the text of a resolv.conf; without a usable name server it is the one of this machine */
struct dns_live_servers dns_live_servers_parse(const struct source_request *request,
                                               struct span text);

/* one try: a question put to a server */
struct dns_live_exchange {
    const struct dns_live_server *server;
    struct dns_question question;
    uint16_t id;
    bool has_edns;
    bool is_tcp;
    bool wants_proofs;
    bool is_unchecked; /* the resolver is asked not to validate: CD, RFC 4035, 3.2.2 */
    int fd;            /* TCP: the connection; -1: none */
    uint8_t packet[LIVE_LENGTH_SIZE + LIVE_QUESTION_MAX]; /* length, then the question */
    size_t packet_len;
    size_t sent;    /* TCP: octets of `packet` */
    uint8_t *bytes; /* TCP: length and answer; kept for the next use */
    size_t got;
};

enum dns_live_progress {
    LIVE_WAITS,      /* nothing yet */
    LIVE_HAS_PACKET, /* `packet_out` was filled in */
    LIVE_IS_BROKEN   /* errno says why; 0: the other side closed the connection */
};

/* TCP: begin to connect; false with errno */
bool dns_live_connect(struct dns_live_exchange *exchange);

/* TCP: the query is not sent as a whole; else the answer is waited for */
bool dns_live_is_sending(const struct dns_live_exchange *exchange);

/* TCP: take the next step */
enum dns_live_progress dns_live_advance(struct dns_live_exchange *exchange, struct arena *arena,
                                        struct span *packet_out);
void dns_live_hang_up(struct dns_live_exchange *exchange); /* twice does no harm */

/* write the packet of the question */
void dns_live_packet_make(struct dns_live_exchange *exchange);

enum dns_live_meaning {
    LIVE_STRAY,     /* no answer to this question: wait on */
    LIVE_ANSWER,    /* final */
    LIVE_TRUNCATED, /* ask over TCP */
    LIVE_NO_EDNS,   /* ask without EDNS */
    LIVE_BOGUS,     /* filled in as a failure; ask once more, unchecked */
    LIVE_FAILURE    /* status and detail say why; another server may do better */
};

/* understand what came back; for LIVE_ANSWER and LIVE_FAILURE the answer is filled in */
enum dns_live_meaning dns_live_packet_read(struct arena *arena,
                                           const struct dns_live_exchange *exchange,
                                           struct span packet, struct dns_answer *answer_out);

#endif
