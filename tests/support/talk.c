/* What the session says and keeps, gathered. */
#include "talk.h"

#include "base/must.h"

/* begin_message - a place for it */
static bool begin_message(void *ctx, struct sandbox_session *session)
{
    struct talk *talk = ctx;

    (void)session;
    talk->message = sbuf_start(talk->arena);
    return !talk->has_no_room;
}

/* write_message - more of it */
static bool write_message(void *ctx, struct span bytes)
{
    struct talk *talk = ctx;

    sbuf_add_span(&talk->message, bytes);
    return true;
}

/* drop_message - it is not kept */
static void drop_message(void *ctx)
{
    struct talk *talk = ctx;

    talk->dropped++;
}

/* tried_before - as often as the test says, and so long ago */
static uint64_t tried_before(void *ctx, const char *from, const char *to, int64_t *ago_ms_out)
{
    const struct talk *talk = ctx;

    (void)from;
    (void)to;
    *ago_ms_out = talk->ago_ms;
    return talk->tries;
}

/* made_try - remembered for the test */
static void made_try(void *ctx, const char *from, const char *to, unsigned code)
{
    struct talk *talk = ctx;

    (void)from;
    (void)to;
    talk->made = code;
    talk->tries++;
}

struct talk *talk_open(void)
{
    struct arena *arena = arena_open();
    struct talk *talk = arena_new_of(arena, struct talk);

    talk->arena = arena;
    talk->rules = (struct sandbox_rules){
        .host = "sandbox.test", .size_limit = 1000000, .offers_tls = true};
    talk->peer = (struct sandbox_peer){
        .receiver = -1, .may_xclient = true, .challenge = "<1@sandbox.test>"};
    talk->hooks = (struct sandbox_hooks){talk,         begin_message, write_message,
                                         drop_message, tried_before,  made_try};
    talk->said = sbuf_start(arena);
    talk->messages = sbuf_start(arena);
    talk->session = sandbox_session_open(&talk->rules, &talk->peer, &talk->hooks);
    return talk;
}

void talk_close(struct talk *talk)
{
    sandbox_session_close(talk->session);
    arena_close(talk->arena);
}

/* take_replies - all that waits to be sent */
static void take_replies(struct talk *talk)
{
    struct span bytes = sandbox_session_out(talk->session);

    sbuf_add_span(&talk->said, bytes);
    sandbox_session_sent(talk->session, bytes.len);
}

/* serve_want - what a server would do now */
static void serve_want(struct talk *talk, enum sandbox_want want)
{
    switch (want) {
    case SANDBOX_WANTS_MORE:
        break;
    case SANDBOX_WANTS_TLS:
        talk->wants_tls = true;
        sandbox_session_secured(talk->session, "TLSv1.3 TEST");
        break;
    case SANDBOX_WANTS_VERDICT:
        sbuf_add_span(&talk->messages, sbuf_span(&talk->message));
        sbuf_add(&talk->messages, "|");
        talk->count++;
        sandbox_session_answer(talk->session, 250, "2.0.0", "OK");
        break;
    case SANDBOX_WANTS_SILENCE:
    case SANDBOX_WANTS_CUT:
        talk->has_no_reply = true;
        talk->is_over = true;
        break;
    case SANDBOX_WANTS_END:
        talk->is_over = true;
        break;
    }
}

/* send_piece - until nothing more is taken of it; returns what is left */
static struct span send_piece(struct talk *talk, struct span bytes)
{
    enum sandbox_want want = SANDBOX_WANTS_MORE;
    size_t taken = 0;

    do {
        taken = sandbox_session_feed(talk->session, bytes, &want);
        must(taken <= bytes.len);
        talk->taken += taken;
        bytes = span_from(bytes, taken);
        talk->delay_ms += sandbox_session_delay(talk->session);
        take_replies(talk);
        serve_want(talk, want);
        take_replies(talk);
    } while (!talk->is_over && (taken > 0 || want != SANDBOX_WANTS_MORE) && bytes.len > 0);
    return bytes;
}

void talk_send(struct talk *talk, struct span bytes, size_t piece)
{
    struct span waiting = span_sub(bytes, 0, 0);
    size_t end = 0;

    while (end < bytes.len && !talk->is_over) {
        end = piece == 0 || bytes.len - end < piece ? bytes.len : end + piece;
        waiting = span_make(waiting.at, (size_t)(bytes.at + end - waiting.at));
        waiting = send_piece(talk, waiting);
    }
}

const char *talk_codes(struct talk *talk)
{
    struct sbuf codes = sbuf_start(talk->arena);
    struct span rest = sbuf_span(&talk->said);

    while (rest.len > 0) {
        struct span line = span_cut(&rest, '\n');

        if (line.len > 3 && line.at[3] == ' ')
            sbuf_addf(&codes, "%s%.3s", codes.len > 0 ? " " : "", line.at);
    }
    return sbuf_text(&codes);
}

uint64_t talk_noted(const struct talk *talk, enum sandbox_note_id id)
{
    return sandbox_session_facts(talk->session)->notes[id].count +
           sandbox_session_message(talk->session)->notes[id].count;
}
