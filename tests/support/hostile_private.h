/*
 * NAME
 *     hostile_private - a question and the reply to it, inside the hostile server
 * DESCRIPTION
 *     Shared by hostile.c, which has the sockets, hostile_behaviour.c, which has the
 *     replies, and hostile_reply.c, which builds them octet by octet.
 * OWNERSHIP
 *     One session for the life of the server.
 * ERRORS
 *     None.
 */
#ifndef TEST_HOSTILE_PRIVATE_H
#define TEST_HOSTILE_PRIVATE_H

#include <sys/socket.h>

#include "base/limits.h"
#include "hostile.h"

#define PACKET_MAX 65535
#define DROPPED    64
#define HEADER     12

enum { FLAG_AA = 0x0400, FLAG_TC = 0x0200, FLAG_RD = 0x0100, FLAG_RA = 0x80, FLAG_AD = 0x20 };
enum { T_ADDRESS = 1, T_NS_ = 2, T_ALIAS = 5, T_SOA_ = 6, T_EXCHANGE = 15, T_OPT_ = 41 };
enum { RC_FORMERR = 1, RC_SERVFAIL = 2, RC_NXDOMAIN = 3, RC_NOTIMP = 4, RC_REFUSED = 5 };
enum { SECTION_ANSWER = 6, SECTION_AUTHORITY = 8, SECTION_ADDITIONAL = 10 };

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
    } held[LIMIT_IN_FLIGHT + 1];
    size_t held_count;
};

/* names in wire form: C strings, the final NUL is the root label; a pointer has no end */
extern const char hostile_asked[]; /* a pointer to the name in the question */
extern const char hostile_zone[];  /* "example" */

/* build a reply: a header with the question, records, and off it goes */
void hostile_put8(struct session *s, unsigned value);
void hostile_put16(struct session *s, unsigned value);
void hostile_put32(struct session *s, unsigned value);
void hostile_put_bytes(struct session *s, const void *bytes, size_t len);
void hostile_head(struct session *s, const char *owner, unsigned type, unsigned len);
void hostile_count(struct session *s, int section);
void hostile_begin(struct session *s, unsigned flags, unsigned rcode);
void hostile_add_address(struct session *s, const char *owner, unsigned address);
void hostile_add_named(struct session *s, int section, unsigned type, const char *target);
void hostile_add_mx(struct session *s, unsigned preference, const char *target);
void hostile_add_soa(struct session *s, unsigned ttl, unsigned minimum);
void hostile_add_opt(struct session *s, unsigned rcode_high, int error);
void hostile_send_reply(struct session *s);

/* reply to the question of the session as the first label of its name says */
void hostile_answer(struct session *s);

#endif
