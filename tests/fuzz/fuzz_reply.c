/*
 * Replies one after the other, as a client reads them. The first octet is the size of the chunks
 * in which they come: a reply must end at the same octet, and mean the same, however it is cut.
 */
#include "base/must.h"
#include "fuzz.h"
#include "reply/reply.h"
#include "reply/reply_class.h"
#include "smtp/smtp_ehlo.h"

/* in_chunks - the reply as soon as it is no longer incomplete */
static struct reply in_chunks(struct arena *arena, struct span bytes, size_t chunk)
{
    struct reply reply = {.state = REPLY_INCOMPLETE};
    size_t len = 0;

    while (len < bytes.len && reply.state == REPLY_INCOMPLETE) {
        len = bytes.len - len < chunk ? bytes.len : len + chunk;
        reply_parse(arena, span_sub(bytes, 0, len), &reply);
    }
    return reply;
}

FUZZ(arena, bytes)
{
    size_t chunk = bytes.len > 0 ? (size_t)(unsigned char)bytes.at[0] + 1 : 1;
    struct reply reply = {0};
    struct reply cut = {0};
    struct reply_input input;

    bytes = span_from(bytes, 1);
    /* each chunk is parsed again from the start: keep that short for large inputs */
    if (chunk < bytes.len / 64)
        chunk = bytes.len / 64;
    do {
        reply_parse(arena, bytes, &reply);
        cut = in_chunks(arena, bytes, chunk);
        must(bytes.len == 0 || cut.state == reply.state);
        if (reply.state == REPLY_COMPLETE)
            must(cut.used == reply.used && cut.code == reply.code &&
                 cut.line_count == reply.line_count &&
                 cut.enhanced.kind == reply.enhanced.kind);
        reply_to_text(arena, &reply);
        reply_input_of(arena, &reply, &input);
        reply_classify(arena, &input);
        smtp_ehlo_offers(smtp_ehlo_parse(arena, &reply), "PLAIN");
        bytes = span_from(bytes, reply.used);
    } while (reply.state == REPLY_COMPLETE && bytes.len > 0);
}
