/* Trouble on purpose: what an address or chance asks for is done instead of the command. */
#include "base/arena.h"
#include "sandbox/sandbox_private.h"
#include "sandbox/sandbox_script.h"

#define GREY_MS 1000 /* a client that comes back sooner has not waited */

/* tries_before - of this pair, and how long ago the first was */
static uint64_t tries_before(const struct sandbox_session *session, const char *path,
                             int64_t *ago_ms_out)
{
    const char *from = session->message.from != NULL ? session->message.from : "";

    *ago_ms_out = 0;
    if (session->hooks->tried == NULL)
        return 0;
    return session->hooks->tried(session->hooks->ctx, from, path, ago_ms_out);
}

/* note_made - what became of a try of this recipient */
static void note_made(struct sandbox_session *session, const char *path, unsigned code)
{
    const char *from = session->message.from != NULL ? session->message.from : "";

    if (session->hooks->made != NULL)
        session->hooks->made(session->hooks->ctx, from, path, code);
}

/* fault_reply - of this code, with what asked for it */
static void fault_reply(struct sandbox_session *session, const struct sandbox_fault *fault,
                        const char *what)
{
    unsigned code = fault->code;

    if (fault->text != NULL)
        sandbox_reply(session, code, NULL, fault->text);
    else
        sandbox_reply(session, code, code >= 500 ? "5.0.0" : "4.0.0",
                      arena_printf(session->scratch, "mailassay: %s", what));
    if (code == 421)
        session->want = SANDBOX_WANTS_END;
}

/* fault_happens - do it; false: the command goes on */
static bool fault_happens(struct sandbox_session *session, const char *path,
                          const struct sandbox_fault *fault)
{
    int64_t ago = 0;

    switch (fault->kind) {
    case FAULT_NONE:
        return false;
    case FAULT_TARPIT:
        session->delay_ms = fault->delay_ms;
        return false;
    case FAULT_REPLY:
        fault_reply(session, fault, "a fault on purpose");
        break;
    case FAULT_GREYLIST:
        if (tries_before(session, path, &ago) > 0 && ago >= GREY_MS)
            return false;
        fault_reply(session, fault, "greylisted on purpose, try again in a second");
        break;
    case FAULT_SILENCE:
        session->want = SANDBOX_WANTS_SILENCE;
        break;
    case FAULT_CLOSE:
        session->want = SANDBOX_WANTS_CUT;
        break;
    case FAULT_GARBAGE:
        sandbox_reply(session, 220, "2.0.0", "begin TLS now");
        sandbox_reply(session, 220, NULL, "this is no TLS: a fault on purpose");
        session->want = SANDBOX_WANTS_END;
        break;
    }
    return true;
}

/* fault_count - the try of this recipient met the fault */
static void fault_count(struct sandbox_session *session, const char *path,
                        const struct sandbox_fault *fault)
{
    note_made(session, path,
              fault->kind == FAULT_CLOSE || fault->kind == FAULT_SILENCE ? 0 : fault->code);
}

bool sandbox_fault_stands_at(struct sandbox_session *session, enum sandbox_stage stage)
{
    const struct sandbox_fault fault = sandbox_script_next(session->rules->script, stage);

    return fault_happens(session, "", &fault);
}

bool sandbox_fault_meets(struct sandbox_session *session, const char *path,
                         enum sandbox_stage stage)
{
    struct sandbox_fault fault = sandbox_fault_of_path(span_of(path), stage);
    int64_t ago = 0;
    bool is_met = false;

    if (stage == STAGE_MAIL || stage == STAGE_RCPT) {
        const struct sandbox_fault scripted =
            sandbox_script_next(session->rules->script, stage);

        fault = fault.kind == FAULT_NONE ? scripted : fault;
    }
    if (fault.kind == FAULT_NONE && session->rules->has_chaos && stage != STAGE_MAIL)
        fault = sandbox_fault_of_seed(session->rules->seed, span_of(path), stage,
                                      tries_before(session, path, &ago));
    is_met = fault_happens(session, path, &fault);
    if (is_met && stage != STAGE_MAIL)
        fault_count(session, path, &fault);
    return is_met;
}

bool sandbox_fault_meets_any(struct sandbox_session *session, enum sandbox_stage stage)
{
    const struct sandbox_message *message = &session->message;
    const struct sandbox_fault fault = sandbox_script_next(session->rules->script, stage);
    const char *first = message->recipient_count > 0 ? message->recipients[0].path : "";

    if (fault_happens(session, first, &fault)) {
        for (size_t i = 0; i < message->recipient_count; i++)
            fault_count(session, message->recipients[i].path, &fault);
        return true;
    }
    for (size_t i = 0; i < message->recipient_count; i++)
        if (sandbox_fault_meets(session, message->recipients[i].path, stage))
            return true;
    return false;
}

void sandbox_tries_made(struct sandbox_session *session, unsigned code)
{
    for (size_t i = 0; i < session->message.recipient_count; i++)
        note_made(session, session->message.recipients[i].path, code);
}
