/*
 * A client of the sandbox. The first octet says in which pieces the rest comes: replies and
 * messages must be the same however it is cut, and a message ends at CRLF, dot, CRLF alone.
 */
#include "base/must.h"
#include "fuzz.h"
#include "sandbox/sandbox_session.h"

/* one session: what it said, and what it kept */
struct heard {
    struct sbuf said;
    struct sbuf kept;
    size_t begun; /* octets of what was kept before the message under way */
};

static bool begin_heard(void *ctx, struct sandbox_session *session)
{
    struct heard *heard = ctx;

    (void)session;
    heard->begun = heard->kept.len;
    return true;
}

static bool write_heard(void *ctx, struct span bytes)
{
    struct heard *heard = ctx;

    sbuf_add_span(&heard->kept, bytes);
    return true;
}

static void drop_heard(void *ctx)
{
    struct heard *heard = ctx;

    /* how much of it was written by then depends on the pieces */
    heard->kept.len = heard->begun;
    sbuf_add(&heard->kept, "dropped");
}

/* serve_heard - what a server would do; false: the session is over */
static bool serve_heard(struct sandbox_session *session, enum sandbox_want want)
{
    if (want == SANDBOX_WANTS_TLS)
        sandbox_session_secured(session, "TLSv1.3");
    if (want == SANDBOX_WANTS_VERDICT)
        sandbox_session_answer(session, 250, "2.0.0", "OK");
    return want != SANDBOX_WANTS_END && want != SANDBOX_WANTS_SILENCE &&
           want != SANDBOX_WANTS_CUT;
}

/* hear - all octets in pieces; what is not taken comes again with the next piece */
static struct heard hear(struct arena *arena, struct span bytes, size_t piece)
{
    static const struct sandbox_rules rules = {
        .host = "sandbox.test", .size_limit = 4096, .offers_tls = true};
    const struct sandbox_peer peer = {
        .receiver = -1, .may_xclient = true, .challenge = "<1@sandbox.test>"};
    struct heard heard = {sbuf_start(arena), sbuf_start(arena), 0};
    const struct sandbox_hooks hooks = {
        .ctx = &heard, .begin = begin_heard, .write = write_heard, .drop = drop_heard};
    struct sandbox_session *session = sandbox_session_open(&rules, &peer, &hooks);
    enum sandbox_want want = SANDBOX_WANTS_MORE;
    size_t start = 0;
    size_t end = 0;
    bool is_open = true;

    sandbox_session_greet(session, false, false);
    while (is_open && end < bytes.len) {
        size_t taken = 0;

        end = bytes.len - end < piece ? bytes.len : end + piece;
        do {
            struct span out = {NULL, 0};

            taken = sandbox_session_feed(session, span_sub(bytes, start, end - start), &want);
            must(taken <= end - start);
            start += taken;
            sandbox_session_delay(session);
            out = sandbox_session_out(session);
            sbuf_add_span(&heard.said, out);
            sandbox_session_sent(session, out.len);
            is_open = serve_heard(session, want);
        } while (is_open && (taken > 0 || want != SANDBOX_WANTS_MORE));
    }
    sandbox_session_left(session);
    sandbox_session_close(session);
    return heard;
}

FUZZ(arena, bytes)
{
    size_t piece = bytes.len > 0 ? (size_t)(unsigned char)bytes.at[0] + 1 : 1;
    struct heard whole = {0};
    struct heard cut = {0};

    bytes = span_from(bytes, 1);
    /* octets behind STARTTLS are dropped where they came with it: that depends on the pieces */
    for (size_t i = 0; i + 8 <= bytes.len; i++)
        if (span_starts_with_nocase(span_from(bytes, i), "STARTTLS"))
            piece = bytes.len + 1;
    whole = hear(arena, bytes, bytes.len + 1);
    cut = hear(arena, bytes, piece);
    must(span_equal(sbuf_span(&whole.said), sbuf_span(&cut.said)));
    must(span_equal(sbuf_span(&whole.kept), sbuf_span(&cut.kept)));
}
