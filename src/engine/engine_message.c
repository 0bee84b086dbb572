/*
 * libopendkim's hook passes whole DNS messages. Names are not compressed.
 */
#include <string.h>

#include "base/sbuf.h"
#include "engine/engine_answers.h"

#define MESSAGE_FLAGS  0x8180 /* QR, RD, RA: RFC 1035, 4.1.1 */
#define RCODE_NXDOMAIN 3      /* RFC 1035, 4.1.1 */
#define CLASS_IN       1      /* RFC 1035, 3.2.4 */
#define MESSAGE_TTL    300    /* nobody caches it */

/* message_put16 - two octets, network order */
static void message_put16(struct sbuf *out, unsigned number)
{
    sbuf_add_octet(out, (char)(uint8_t)(number >> 8));
    sbuf_add_octet(out, (char)(uint8_t)number);
}

/* message_next_octet - one octet of a name's text; escapes (RFC 1035, 5.1) are undone, and
 * `*is_dot_out` distinguishes a dot between labels from one inside */
static uint8_t message_next_octet(const char **text, bool *is_dot_out)
{
    const char *at = *text;

    *is_dot_out = *at == '.';
    if (*at == '\\' && ascii_is_digit(at[1]) && ascii_is_digit(at[2]) &&
        ascii_is_digit(at[3])) {
        *text += 4;
        return (uint8_t)((at[1] - '0') * 100 + (at[2] - '0') * 10 + (at[3] - '0'));
    }
    if (*at == '\\' && at[1] != '\0')
        at++;
    *text = at + 1;
    return (uint8_t)*at;
}

/* put_name - wire format (RFC 1035, 3.1) of a name's text */
static void put_name(struct sbuf *out, const char *text)
{
    char label[DNS_LABEL_MAX];
    size_t len = 0;

    while (*text != '\0') {
        bool is_dot = false;
        uint8_t octet = message_next_octet(&text, &is_dot);

        if (!is_dot && len < sizeof(label))
            label[len++] = (char)octet;
        if (len > 0 && (is_dot || *text == '\0')) {
            sbuf_add_octet(out, (char)(uint8_t)len);
            sbuf_add_span(out, span_make(label, len));
            len = 0;
        }
    }
    sbuf_add_octet(out, '\0');
}

/* message_put_record - owner, type, class, TTL, data */
static void message_put_record(struct sbuf *out, const char *owner, const struct engine_rr *rr)
{
    struct sbuf data = sbuf_start(out->arena);

    if (rr->type == DNS_CNAME)
        put_name(&data, rr->target != NULL ? rr->target : "");
    else
        sbuf_add_span(&data, rr->octets);
    put_name(out, owner);
    message_put16(out, (unsigned)rr->type);
    message_put16(out, CLASS_IN);
    message_put16(out, 0);
    message_put16(out, MESSAGE_TTL);
    message_put16(out, (unsigned)data.len);
    sbuf_add_span(out, sbuf_span(&data));
}

struct span engine_answer_to_message(struct arena *arena, const struct engine_answer *answer,
                                     size_t max)
{
    struct sbuf out = sbuf_start(arena);
    const char *owner = answer->name;

    message_put16(&out, 0);
    message_put16(&out, MESSAGE_FLAGS | (answer->status == DNS_NXDOMAIN ? RCODE_NXDOMAIN : 0));
    message_put16(&out, 1);
    message_put16(&out, (unsigned)answer->record_count);
    message_put16(&out, 0);
    message_put16(&out, 0);
    put_name(&out, answer->name);
    message_put16(&out, (unsigned)answer->type);
    message_put16(&out, CLASS_IN);
    for (size_t i = 0; i < answer->record_count && out.len <= max; i++) {
        const struct engine_rr *rr = &answer->records[i];

        message_put_record(&out, rr->owner != NULL ? rr->owner : owner, rr);
        if (rr->type == DNS_CNAME && rr->target != NULL)
            owner = rr->target;
    }
    return out.len <= max ? sbuf_span(&out) : span_make(NULL, 0);
}
