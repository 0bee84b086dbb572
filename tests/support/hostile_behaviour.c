/* What the hostile server does: one function of the table at the end for each label. */
#include <unistd.h>

#include "hostile_private.h"
#include "unit.h"

/* names in wire form */
static const char name_ok[] = "\2ok\7example";
static const char name_other[] = "\5other\7example";

/* has_opt - the question came with EDNS */
static bool has_opt(const struct session *s)
{
    return s->query[SECTION_ADDITIONAL + 1] != 0;
}

static void do_ok(struct session *s)
{
    hostile_begin(s, FLAG_RA, 0);
    hostile_add_address(s, hostile_asked, 0xc0000201);
    hostile_send_reply(s);
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
    hostile_begin(s, FLAG_RA | (s->is_tcp ? 0 : FLAG_TC), 0);
    for (unsigned i = 1; s->is_tcp && i <= 2000; i++)
        hostile_add_address(s, hostile_asked, 0x0a000000 + i);
    hostile_send_reply(s);
}

/* do_trunccut - the packet ends inside a record, as some servers truncate */
static void do_trunccut(struct session *s)
{
    hostile_begin(s, FLAG_RA | (s->is_tcp ? 0 : FLAG_TC), 0);
    hostile_add_address(s, hostile_asked, 0xc0000201);
    if (!s->is_tcp)
        s->reply_len -= 3;
    hostile_send_reply(s);
}

static void do_trunctcp(struct session *s)
{
    hostile_begin(s, FLAG_RA | FLAG_TC, 0);
    hostile_send_reply(s);
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
    hostile_begin(s, FLAG_RA, 0);
    hostile_add_address(s, hostile_asked, 0xcb007142);
    s->reply[at] ^= change;
    hostile_send_reply(s);
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
    hostile_begin(s, FLAG_RA, 0);
    s->reply[5] = 0;
    s->reply_len = HEADER;
    hostile_send_reply(s);
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
    hostile_begin(s, FLAG_RA, 0);
    s->reply_len = HEADER;
    for (int i = 0; i < 40; i++)
        hostile_put8(s, 0xff);
    hostile_send_reply(s);
}

static void do_short(struct session *s)
{
    s->reply_len = 3;
    hostile_send_reply(s);
    do_ok(s);
}

/* do_pointer - a name that points at itself */
static void do_pointer(struct session *s)
{
    char here[2] = {0};

    hostile_begin(s, FLAG_RA, 0);
    here[0] = (char)0xc0;
    here[1] = (char)s->reply_len;
    hostile_put_bytes(s, here, 2);
    hostile_put16(s, T_ADDRESS);
    hostile_put16(s, 1);
    hostile_put32(s, 300);
    hostile_put16(s, 4);
    hostile_put32(s, 0xc0000201);
    hostile_count(s, SECTION_ANSWER);
    hostile_send_reply(s);
}

/* do_shortrdata - an address of three octets */
static void do_shortrdata(struct session *s)
{
    hostile_begin(s, FLAG_RA, 0);
    hostile_head(s, hostile_asked, T_ADDRESS, 3);
    hostile_put_bytes(s, "abc", 3);
    hostile_count(s, SECTION_ANSWER);
    hostile_send_reply(s);
}

/* only - a reply that consists of its code */
static void only(struct session *s, unsigned flags, unsigned rcode)
{
    hostile_begin(s, flags, rcode);
    hostile_send_reply(s);
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
    hostile_begin(s, 0, RC_FORMERR);
    s->reply[5] = 0; /* without the question, as old servers answer */
    s->reply_len = HEADER;
    hostile_send_reply(s);
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
    hostile_begin(s, 0, 0);
    hostile_add_opt(s, 1, -1); /* 1 << 4 is BADVERS */
    hostile_send_reply(s);
}

static void do_bogus(struct session *s)
{
    hostile_begin(s, FLAG_RA, RC_SERVFAIL);
    hostile_add_opt(s, 0, 7);
    hostile_send_reply(s);
}

static void do_unreachable(struct session *s)
{
    hostile_begin(s, FLAG_RA, RC_SERVFAIL);
    hostile_add_opt(s, 0, 22);
    hostile_send_reply(s);
}

static void do_rcode11(struct session *s)
{
    only(s, FLAG_RA, 11);
}

static void do_nx(struct session *s)
{
    hostile_begin(s, FLAG_RA, RC_NXDOMAIN);
    hostile_add_soa(s, 900, 120);
    hostile_send_reply(s);
}

static void do_nodata(struct session *s)
{
    hostile_begin(s, FLAG_RA, 0);
    hostile_add_soa(s, 60, 300);
    hostile_send_reply(s);
}

static void do_nosoa(struct session *s)
{
    only(s, FLAG_AA, 0);
}

static void do_referral(struct session *s)
{
    hostile_begin(s, 0, 0);
    hostile_add_named(s, SECTION_AUTHORITY, T_NS_, name_other);
    hostile_send_reply(s);
}

static void do_lame(struct session *s)
{
    only(s, 0, 0);
}

static void do_alias(struct session *s)
{
    hostile_begin(s, FLAG_AA, 0);
    hostile_add_named(s, SECTION_ANSWER, T_ALIAS, name_ok);
    hostile_send_reply(s);
}

/* do_aliasfull - records in the wrong order, and some that nobody asked for */
static void do_aliasfull(struct session *s)
{
    hostile_begin(s, FLAG_RA, 0);
    hostile_add_address(s, name_other, 0xcb007142);
    hostile_add_address(s, name_ok, 0xc0000202);
    hostile_add_named(s, SECTION_ANSWER, T_NS_, name_other);
    hostile_add_address(s, name_ok, 0xc0000201);
    hostile_add_named(s, SECTION_ANSWER, T_ALIAS, name_ok);
    hostile_add_address(s, name_ok, 0xc0000202);
    hostile_send_reply(s);
}

static void do_aliasnx(struct session *s)
{
    hostile_begin(s, FLAG_RA, RC_NXDOMAIN);
    hostile_add_named(s, SECTION_ANSWER, T_ALIAS, name_other);
    hostile_add_soa(s, 900, 900);
    hostile_send_reply(s);
}

static void do_circle(struct session *s)
{
    hostile_begin(s, FLAG_RA, 0);
    hostile_add_named(s, SECTION_ANSWER, T_ALIAS, hostile_asked);
    hostile_send_reply(s);
}

static void do_mx(struct session *s)
{
    hostile_begin(s, FLAG_RA, 0);
    hostile_add_mx(s, 20, name_other);
    hostile_add_mx(s, 10, name_other);
    hostile_add_mx(s, 10, name_ok);
    hostile_add_mx(s, 20, name_other);
    hostile_send_reply(s);
}

static void do_ad(struct session *s)
{
    hostile_begin(s, FLAG_RA | FLAG_AD, 0);
    hostile_add_address(s, hostile_asked, 0xc0000201);
    hostile_send_reply(s);
}

/* do_flags - the answer says how the question came: 192.0.2.<EDNS><AD><RD> */
static void do_flags(struct session *s)
{
    unsigned edns = has_opt(s) ? 100 : 0;
    unsigned ad = (s->query[3] & FLAG_AD) != 0 ? 10 : 0;
    unsigned rd = (s->query[2] & 1) != 0 ? 1 : 0;

    hostile_begin(s, FLAG_RA, 0);
    hostile_add_address(s, hostile_asked, 0xc0000200 + edns + ad + rd);
    hostile_send_reply(s);
}

/* wait_for - answers only when so many questions are there, the last one first */
static void wait_for(struct session *s, size_t count)
{
    struct held *held = &s->held[s->held_count++];

    hostile_begin(s, FLAG_RA, 0);
    hostile_add_address(s, hostile_asked, 0xc0000201);
    held->peer = s->peer;
    held->len = s->reply_len;
    memcpy(held->reply, s->reply, s->reply_len);
    if (s->held_count < count)
        return;
    while (s->held_count > 0) {
        held = &s->held[--s->held_count];
        sendto(s->udp, held->reply, held->len, 0, (struct sockaddr *)&held->peer, s->peer_len);
    }
}

static void do_burst(struct session *s)
{
    wait_for(s, LIMIT_IN_FLIGHT);
}

static void do_over(struct session *s)
{
    wait_for(s, LIMIT_IN_FLIGHT + 1);
}

/* do_strays - more of what is no answer than is looked at in one go, then the answer */
static void do_strays(struct session *s)
{
    for (int i = 0; i < LIMIT_STRAYS; i++)
        forge(s, 1, 1);
    do_wrongid(s);
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
    {"over", do_over},
    {"strays", do_strays},
};

/* hostile_answer - find the question and do what its first label says */
void hostile_answer(struct session *s)
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
