/* Header and question are copied from what was asked, then records are added. */
#include "hostile_private.h"
#include "unit.h"

const char hostile_asked[] = "\xc0\x0c";
const char hostile_zone[] = "\7example";

void hostile_put8(struct session *s, unsigned value)
{
    if (s->reply_len < sizeof(s->reply))
        s->reply[s->reply_len++] = (uint8_t)value;
}

void hostile_put16(struct session *s, unsigned value)
{
    hostile_put8(s, value >> 8);
    hostile_put8(s, value);
}

void hostile_put32(struct session *s, unsigned value)
{
    hostile_put16(s, value >> 16);
    hostile_put16(s, value);
}

void hostile_put_bytes(struct session *s, const void *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        hostile_put8(s, ((const uint8_t *)bytes)[i]);
}

/* put_name - wire form; a pointer has two octets and no end */
static void put_name(struct session *s, const char *name)
{
    if ((uint8_t)name[0] >= 0xc0)
        hostile_put_bytes(s, name, 2);
    else
        hostile_put_bytes(s, name, strlen(name) + 1);
}

/* name_len - how many octets put_name() writes */
static unsigned name_len(const char *name)
{
    return (uint8_t)name[0] >= 0xc0 ? 2 : (unsigned)strlen(name) + 1;
}

/* hostile_count - one more record in the section */
void hostile_count(struct session *s, int section)
{
    unsigned now = (unsigned)s->reply[section] << 8 | s->reply[section + 1];

    s->reply[section] = (uint8_t)((now + 1) >> 8);
    s->reply[section + 1] = (uint8_t)(now + 1);
}

/* hostile_begin - a header and the question */
void hostile_begin(struct session *s, unsigned flags, unsigned rcode)
{
    s->reply_len = 0;
    hostile_put_bytes(s, s->query, 2);
    hostile_put16(s, 0x8000 | FLAG_RD | flags | rcode);
    hostile_put16(s, 1);
    hostile_put16(s, 0);
    hostile_put32(s, 0);
    hostile_put_bytes(s, s->query + HEADER, s->question_len);
}

/* hostile_head - owner, type, class, TTL and length of a record */
void hostile_head(struct session *s, const char *owner, unsigned type, unsigned len)
{
    put_name(s, owner);
    hostile_put16(s, type);
    hostile_put16(s, 1);
    hostile_put32(s, 300);
    hostile_put16(s, len);
}

void hostile_add_address(struct session *s, const char *owner, unsigned address)
{
    hostile_head(s, owner, T_ADDRESS, 4);
    hostile_put32(s, address);
    hostile_count(s, SECTION_ANSWER);
}

void hostile_add_named(struct session *s, int section, unsigned type, const char *target)
{
    hostile_head(s, section == SECTION_ANSWER ? hostile_asked : hostile_zone, type,
                 name_len(target));
    put_name(s, target);
    hostile_count(s, section);
}

void hostile_add_mx(struct session *s, unsigned preference, const char *target)
{
    hostile_head(s, hostile_asked, T_EXCHANGE, 2 + name_len(target));
    hostile_put16(s, preference);
    put_name(s, target);
    hostile_count(s, SECTION_ANSWER);
}

/* hostile_add_soa - of "example", with its own TTL and the last field */
void hostile_add_soa(struct session *s, unsigned ttl, unsigned minimum)
{
    put_name(s, hostile_zone);
    hostile_put16(s, T_SOA_);
    hostile_put16(s, 1);
    hostile_put32(s, ttl);
    hostile_put16(s, 2 * name_len(hostile_zone) + 20);
    put_name(s, hostile_zone);
    put_name(s, hostile_zone);
    for (int i = 0; i < 4; i++)
        hostile_put32(s, 1000);
    hostile_put32(s, minimum);
    hostile_count(s, SECTION_AUTHORITY);
}

/* hostile_add_opt - an OPT record with an extended error (RFC 8914, 2) or a high part of the
 * rcode */
void hostile_add_opt(struct session *s, unsigned rcode_high, int error)
{
    hostile_put8(s, 0);
    hostile_put16(s, T_OPT_);
    hostile_put16(s, 1232);
    hostile_put32(s, rcode_high << 24);
    hostile_put16(s, error < 0 ? 0 : 6);
    if (error >= 0) {
        hostile_put16(s, 15);
        hostile_put16(s, 2);
        hostile_put16(s, (unsigned)error);
    }
    hostile_count(s, SECTION_ADDITIONAL);
}

/* hostile_send_reply - over what the question came */
void hostile_send_reply(struct session *s)
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
