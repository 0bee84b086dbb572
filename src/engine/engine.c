/*
 * Send a question to a child (and for libopendkim the body), read the verdicts or the names
 * that were missed. All questions of a subject go to one child, one after the other, because a
 * process costs more than an answer. If that child does not end well, each question is put
 * again to a child of its own, all before the first reply is read, so that the children work at
 * the same time. A child is not trusted: replies are read with bounds, results are numbers that
 * must be in a table, and texts are escaped and cut.
 */
#include <stdio.h>
#include <string.h>

#include "base/ip.h"
#include "base/limits.h"
#include "base/must.h"
#include "engine/engine_library.h"
#include "engine/engine_private.h"
#include "engine/engine_question.h"
#include "ledger/ledger_https.h"
#include "mail/mail_message.h"
#include "model/spf_verdict.h"

/* A file above this cannot have a body within LIMIT_CHILD_BODY_BYTES. */
#define MESSAGE_BYTES_MAX (LIMIT_CHILD_BODY_BYTES + LIMIT_HEADER_BYTES)

/* how a talk went */
enum outcome {
    TALK_DONE,
    TALK_LOST, /* the child died, hung or talked nonsense */
    /* the others are verdicts with is_skipped: see skip_texts */
    TALK_MISSED,
    TALK_CEILING,
    TALK_NO_ADDRESS,
    TALK_TOO_LARGE,
    TALK_UNREADABLE,
    TALK_UNCONFINED,
    TALK_ABSENT,
    TALK_NOT_BUILT
};

/* one question: to which library, what, and how many verdicts it gives */
struct inquiry {
    enum engine_library library;
    enum engine_kind kind;
    const char *about; /* of a single verdict; NULL: "dkim.0" and so on */
    struct engine_verdict *verdicts;
    size_t verdict_count;
    struct span question;
    struct mail_message *message; /* whose body follows; NULL */
    bool is_asked;
    struct engine_talk talk;
    bool is_open;         /* the talk of its own */
    enum outcome outcome; /* so far */
};

/* what engine_judge() works on */
struct session {
    struct engine *engine;
    struct arena *arena;
    struct ledger *ledger;
    const struct engine_request *request;
    struct engine_verdict *verdicts;
    size_t count;
    struct inquiry inquiries[LIMIT_CHILDREN];
    size_t inquiry_count;
    bool is_early; /* the first judge still wants answers: ask nobody yet */
    bool is_pending;
    char labels[ENGINE_LABELS_ROOM]; /* of the question about DMARC */
};

static const char *const skip_texts[] = {
    [TALK_MISSED] = "pending: the answers it needs are not there yet",
    [TALK_CEILING] = "not judged: it needs more DNS answers than one subject may ask for",
    [TALK_NO_ADDRESS] = "not run: the client address is not known",
    [TALK_TOO_LARGE] = "not run: the message is larger than 16 MB",
    [TALK_UNREADABLE] = "not run: the body could not be read",
    [TALK_UNCONFINED] = "not run: its process could not be confined",
    [TALK_ABSENT] = "not run: it is not installed",
    [TALK_NOT_BUILT] = "not run: mailassay was built without it",
};

/* send_body - the message's body, up to the bound */
static enum outcome send_body(struct engine_talk *talk, struct mail_message *message)
{
    struct span chunk;
    size_t total = 0;

    mail_body_rewind(message);
    while (mail_body_next(message, &chunk)) {
        total += chunk.len;
        if (total > LIMIT_CHILD_BODY_BYTES)
            return TALK_TOO_LARGE;
        while (chunk.len > 0) {
            if (!engine_talk_send(talk, ENGINE_FRAME_BODY, span_sub(chunk, 0, ENGINE_BODY_MAX)))
                return TALK_LOST;
            chunk = span_from(chunk, ENGINE_BODY_MAX);
        }
    }
    if (mail_body_failed(message) != NULL)
        return TALK_UNREADABLE;
    return engine_talk_send(talk, ENGINE_FRAME_BODY_END, span_of("")) ? TALK_DONE : TALK_LOST;
}

/* engine_converse - after the question: the body if it is wanted, and the reply */
static enum outcome engine_converse(struct session *session, const struct inquiry *inquiry,
                                    struct engine_talk *talk)
{
    uint8_t kind = 0;
    struct span reply = {NULL, 0};
    struct engine_reader in;

    if (!engine_talk_receive(talk, &kind, &reply))
        return TALK_LOST;
    if (kind == ENGINE_FRAME_BODY_WANTED && inquiry->message != NULL) {
        enum outcome body = send_body(talk, inquiry->message);

        if (body != TALK_DONE)
            return body;
        if (!engine_talk_receive(talk, &kind, &reply))
            return TALK_LOST;
    }
    in = engine_reader_of(reply);
    if (kind == ENGINE_FRAME_MISSED) {
        size_t before = ledger_wanted(session->ledger);

        if (!engine_missed_read(&in, session->arena, session->ledger))
            return TALK_LOST;
        return ledger_wanted(session->ledger) > before ? TALK_MISSED : TALK_CEILING;
    }
    if (kind == ENGINE_FRAME_VERDICTS &&
        engine_verdicts_read(session->arena, inquiry->verdicts, inquiry->verdict_count, reply))
        return TALK_DONE;
    return TALK_LOST;
}

/* set_all - why no verdict of the inquiry has a result */
static void set_all(struct session *session, const struct inquiry *inquiry,
                    const struct engine_end *end)
{
    for (size_t i = 0; i < inquiry->verdict_count; i++) {
        struct engine_verdict *verdict = &inquiry->verdicts[i];

        verdict->result = NULL;
        verdict->is_lost = inquiry->outcome == TALK_LOST;
        verdict->is_skipped = !verdict->is_lost;
        verdict->is_unavailable = verdict->is_skipped && inquiry->outcome != TALK_MISSED &&
                                  inquiry->outcome != TALK_NO_ADDRESS;
        verdict->detail = verdict->is_lost ? engine_loss_text(session->arena, session->engine,
                                                              inquiry->library, end)
                                           : skip_texts[inquiry->outcome];
    }
    session->is_pending = session->is_pending || inquiry->outcome == TALK_MISSED;
}

/* name_all - library and subject of the inquiry's verdicts */
static void name_all(struct session *session, const struct inquiry *inquiry)
{
    const char *library = engine_library_text(session->arena, inquiry->library);

    for (size_t i = 0; i < inquiry->verdict_count; i++) {
        struct engine_verdict *verdict = &inquiry->verdicts[i];

        verdict->library = inquiry->library;
        verdict->library_text = library;
        verdict->about = inquiry->about != NULL ? inquiry->about
                                                : arena_printf(session->arena, "dkim.%zu", i);
    }
}

/* engine_inquire - note one question to one library; `obstacle`: why it is not asked, or
 * TALK_DONE */
static void engine_inquire(struct session *session, const struct inquiry *what,
                           enum outcome obstacle)
{
    struct inquiry *inquiry = &session->inquiries[session->inquiry_count];

    must(session->inquiry_count < LIMIT_CHILDREN);
    if (!engine_is_built(what->library))
        obstacle = TALK_NOT_BUILT;
    else if (obstacle == TALK_DONE && what->question.len > LIMIT_CHILD_QUESTION_BYTES)
        obstacle = TALK_TOO_LARGE;
    else if (obstacle == TALK_DONE && session->is_early)
        obstacle = TALK_MISSED;
    *inquiry = *what;
    inquiry->verdicts = &session->verdicts[session->count];
    inquiry->is_asked = obstacle == TALK_DONE;
    inquiry->outcome = obstacle;
    name_all(session, inquiry);
    session->inquiry_count++;
    session->count += inquiry->verdict_count;
}

/* ---- one child for all ---- */

/* kinds_asked - a bit for each */
static unsigned kinds_asked(const struct session *session)
{
    unsigned kinds = 0;

    if (session->engine->instead != ENGINE_KIND_SPF)
        return ENGINE_BIT(session->engine->instead);
    for (size_t i = 0; i < session->inquiry_count; i++)
        if (session->inquiries[i].is_asked)
            kinds |= ENGINE_BIT(session->inquiries[i].kind);
    return kinds;
}

/* ask_next - one question of several; false: the child cannot be used any more */
static bool ask_next(struct session *session, struct inquiry *inquiry, struct engine_talk *talk)
{
    inquiry->outcome = engine_talk_send(talk, ENGINE_FRAME_QUESTION, inquiry->question)
                           ? engine_converse(session, inquiry, talk)
                           : TALK_LOST;
    return inquiry->outcome == TALK_DONE || inquiry->outcome == TALK_MISSED ||
           inquiry->outcome == TALK_CEILING;
}

/* ask_together - all questions; false: it did not end well, and no reply counts */
static bool ask_together(struct session *session)
{
    struct engine_talk talk;
    bool is_well = true;

    if (!engine_talk_open(&talk, session->engine, kinds_asked(session), session->labels))
        return false;
    for (size_t i = 0; i < session->inquiry_count && is_well; i++)
        if (session->inquiries[i].is_asked)
            is_well = ask_next(session, &session->inquiries[i], &talk);
    if (is_well)
        engine_talk_leave(&talk);
    else
        (void)engine_talk_close(&talk);
    return is_well;
}

/* ---- a child for each ---- */

/* engine_put - send the question to a child of its own */
static enum outcome engine_put(const struct session *session, struct inquiry *inquiry)
{
    enum engine_kind instead = session->engine->instead;

    inquiry->is_open = engine_talk_open(
        &inquiry->talk, session->engine,
        ENGINE_BIT(instead == ENGINE_KIND_SPF ? inquiry->kind : instead), session->labels);
    if (inquiry->is_open &&
        engine_talk_send(&inquiry->talk, ENGINE_FRAME_QUESTION, inquiry->question))
        return TALK_DONE;
    return TALK_LOST;
}

/* end_talk - how the child ended; if not well, its reply does not count */
static struct engine_end end_talk(struct inquiry *inquiry)
{
    struct engine_end end = {.kind = ENGINE_END_UNKNOWN, .number = 0};

    if (!inquiry->is_open)
        return end;
    end = engine_talk_close(&inquiry->talk);
    if (end.kind == ENGINE_END_EXIT && end.number == ENGINE_STATUS_UNCONFINED)
        inquiry->outcome = TALK_UNCONFINED;
    else if (end.kind == ENGINE_END_EXIT && end.number == ENGINE_STATUS_ABSENT)
        inquiry->outcome = TALK_ABSENT;
    else if (inquiry->outcome == TALK_DONE && (end.kind != ENGINE_END_EXIT || end.number != 0))
        inquiry->outcome = TALK_LOST;
    return end;
}

/* engine_conclude - the verdicts of an inquiry that has a child of its own */
static void engine_conclude(struct session *session, struct inquiry *inquiry)
{
    struct engine_end end;

    if (inquiry->outcome == TALK_DONE)
        inquiry->outcome = engine_converse(session, inquiry, &inquiry->talk);
    end = end_talk(inquiry);
    if (inquiry->outcome == TALK_LOST)
        set_all(session, inquiry, &end);
}

/* ask_apart - all questions, first those whose child waits for the body, so that another one
 * does not use up its time */
static void ask_apart(struct session *session)
{
    for (size_t i = 0; i < session->inquiry_count; i++)
        if (session->inquiries[i].is_asked)
            session->inquiries[i].outcome = engine_put(session, &session->inquiries[i]);
    for (int has_body = 1; has_body >= 0; has_body--)
        for (size_t i = 0; i < session->inquiry_count; i++)
            if (session->inquiries[i].is_asked &&
                (session->inquiries[i].message != NULL) == (has_body == 1))
                engine_conclude(session, &session->inquiries[i]);
}

/* conclude_all - verdicts, or why not */
static void conclude_all(struct session *session)
{
    const struct engine_end nothing = {.kind = ENGINE_END_UNKNOWN};
    size_t asked = 0;

    for (size_t i = 0; i < session->inquiry_count; i++)
        asked += session->inquiries[i].is_asked;
    if (asked < 2 || !ask_together(session))
        ask_apart(session);
    for (size_t i = 0; i < session->inquiry_count; i++)
        if (session->inquiries[i].outcome != TALK_DONE &&
            session->inquiries[i].outcome != TALK_LOST)
            set_all(session, &session->inquiries[i], &nothing);
}

/* ---- the questions ---- */

/* engine_judge_spf - one identity */
static void engine_judge_spf(struct session *session, const struct auth_spf_input *input)
{
    struct inquiry inquiry = {
        .library = ENGINE_LIBSPF2,
        .kind = ENGINE_KIND_SPF,
        .verdict_count = 1,
        .about = input->identity == AUTH_SPF_HELO ? "spf.helo" : "spf.mailfrom",
    };

    if (input->client.family != IP_NONE && !session->is_early)
        inquiry.question =
            engine_question_spf(session->engine->scratch, session->ledger, input, 1);
    engine_inquire(session, &inquiry,
                   input->client.family == IP_NONE ? TALK_NO_ADDRESS : TALK_DONE);
}

/* judge_dkim - all signatures of the message in one question */
static void judge_dkim(struct session *session)
{
    const struct engine_request *request = session->request;
    struct inquiry inquiry = {
        .library = ENGINE_LIBOPENDKIM,
        .kind = ENGINE_KIND_DKIM,
        .verdict_count = request->signature_count,
        .message = request->message,
    };

    if (request->message == NULL || request->signature_count == 0)
        return;
    if (!session->is_early)
        inquiry.question = engine_question_dkim(session->engine->scratch, session->ledger,
                                                request->message, request->now);
    engine_inquire(session, &inquiry,
                   request->message->size > MESSAGE_BYTES_MAX ? TALK_TOO_LARGE : TALK_DONE);
}

/* judge_dmarc - the policy */
static void judge_dmarc(struct session *session)
{
    struct inquiry inquiry = {.library = ENGINE_LIBOPENDMARC,
                              .kind = ENGINE_KIND_DMARC,
                              .about = "dmarc",
                              .verdict_count = 1};

    if (session->request->dmarc == NULL)
        return;
    engine_suffixes_labels(session->request->dmarc, session->labels);
    inquiry.question = engine_question_dmarc(session->engine->scratch, session->request->dmarc,
                                             session->request->now);
    engine_inquire(session, &inquiry, TALK_DONE);
}

const struct engine_verdict *engine_judge(struct engine *engine, struct arena *arena,
                                          struct ledger *ledger,
                                          const struct engine_request *request,
                                          size_t *count_out, bool *is_pending_out)
{
    size_t most = request->spf_count + request->signature_count + 1;
    struct session session = {
        .engine = engine,
        .arena = arena,
        .ledger = ledger,
        .request = request,
        .verdicts = arena_array_of(arena, struct engine_verdict, most),
        .is_early = ledger_wanted(ledger) > 0 || ledger_https_wanted(ledger) > 0,
    };

    for (size_t i = 0; i < request->spf_count; i++)
        engine_judge_spf(&session, &request->spf[i]);
    judge_dkim(&session);
    judge_dmarc(&session);
    conclude_all(&session);
    must(session.count <= most);
    arena_reset(engine->scratch);
    *count_out = session.count;
    *is_pending_out = session.is_pending;
    return session.verdicts;
}
