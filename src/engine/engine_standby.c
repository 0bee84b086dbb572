/*
 * One child for all questions whose libraries it has loaded: only libopendkim takes long to
 * load, so that it is prepared when the first key comes. The fork server ends children that are
 * older than the wait, so they are replaced before.
 */
#include "base/clock.h"
#include "base/limits.h"
#include "engine/engine_library.h"
#include "engine/engine_private.h"
#include "engine/engine_question.h"
#include "engine/engine_standby.h"

/* whose libraries load quickly */
#define CHEAP_KINDS (ENGINE_BIT(ENGINE_KIND_SPF) | ENGINE_BIT(ENGINE_KIND_POLICY))

struct engine_standby {
    struct engine *engine;
    struct arena *arena;
    struct engine_talk talk;
    bool is_open;
    unsigned kinds; /* what the child can be asked */
    int64_t since;  /* clock_monotonic_ms() */
    size_t started;
    bool is_absent[ENGINE_LIBOPENDMARC + 1]; /* a library is not installed */
};

/* one question and what it may give */
struct asking {
    enum engine_library library;
    enum engine_kind kind;
    struct engine_verdict *verdicts;
    size_t count;
};

struct engine_standby *engine_standby_open(struct engine *engine, struct arena *arena)
{
    struct engine_standby *standby = arena_new_of(arena, struct engine_standby);

    standby->engine = engine;
    standby->arena = arena;
    return standby;
}

/* standby_end - the child has no more questions */
static struct engine_end standby_end(struct engine_standby *standby)
{
    standby->is_open = false;
    return engine_talk_close(&standby->talk);
}

void engine_standby_close(struct engine_standby *standby)
{
    if (standby != NULL && standby->is_open)
        (void)standby_end(standby);
}

/* standby_start - a child for the kind; false: too many were started, or it cannot be */
static bool standby_start(struct engine_standby *standby, enum engine_kind kind)
{
    enum engine_kind instead = standby->engine->instead;

    if (standby->is_open && (clock_monotonic_ms() - standby->since > LIMIT_STANDBY_MS ||
                             (standby->kinds & ENGINE_BIT(kind)) == 0))
        (void)standby_end(standby);
    if (standby->is_open)
        return true;
    if (standby->started == LIMIT_STANDBY_CHILDREN)
        return false;
    standby->started++;
    standby->kinds |= ENGINE_BIT(kind) | CHEAP_KINDS;
    standby->since = clock_monotonic_ms();
    standby->is_open =
        engine_talk_open(&standby->talk, standby->engine,
                         instead == ENGINE_KIND_SPF ? standby->kinds : ENGINE_BIT(instead), "");
    return standby->is_open;
}

/* standby_hear - the reply; a body that is asked for is empty */
static bool standby_hear(struct engine_talk *talk, uint8_t *kind_out, struct span *reply_out)
{
    if (!engine_talk_receive(talk, kind_out, reply_out))
        return false;
    if (*kind_out != ENGINE_FRAME_BODY_WANTED)
        return true;
    return engine_talk_send(talk, ENGINE_FRAME_BODY_END, span_of("")) &&
           engine_talk_receive(talk, kind_out, reply_out);
}

/* standby_ask - put the question; false: no answer */
static bool standby_ask(struct engine_standby *standby, const struct asking *asking,
                        struct span question)
{
    struct arena *arena = standby->arena;
    struct engine_talk *talk = &standby->talk;
    uint8_t kind = 0;
    struct span reply = {NULL, 0};
    struct engine_end end;

    if (!engine_is_built(asking->library) || standby->is_absent[asking->library] ||
        question.len > LIMIT_CHILD_QUESTION_BYTES || !standby_start(standby, asking->kind))
        return false;
    for (size_t i = 0; i < asking->count; i++)
        asking->verdicts[i] =
            (struct engine_verdict){.library = asking->library,
                                    .library_text = engine_library_text(arena, asking->library),
                                    .about = "record"};
    if (engine_talk_send(talk, ENGINE_FRAME_QUESTION, question) &&
        standby_hear(talk, &kind, &reply)) {
        if (kind == ENGINE_FRAME_MISSED)
            return false;
        if (kind == ENGINE_FRAME_VERDICTS &&
            engine_verdicts_read(arena, asking->verdicts, asking->count, reply))
            return true;
    }
    end = standby_end(standby);
    standby->is_absent[asking->library] =
        end.kind == ENGINE_END_EXIT && end.number == ENGINE_STATUS_ABSENT;
    if (standby->is_absent[asking->library] || end.kind == ENGINE_END_UNKNOWN ||
        end.kind == ENGINE_END_UNSTARTED ||
        (end.kind == ENGINE_END_EXIT && end.number == ENGINE_STATUS_UNCONFINED))
        return false;
    for (size_t i = 0; i < asking->count; i++) {
        asking->verdicts[i].is_lost = true;
        asking->verdicts[i].result = NULL;
        asking->verdicts[i].detail =
            engine_loss_text(arena, standby->engine, asking->library, &end);
    }
    return true;
}

/* standby_answer - the verdicts, or NULL */
static const struct engine_verdict *standby_answer(struct engine_standby *standby,
                                                   struct asking *asking, struct span question)
{
    bool has_answer = false;

    asking->verdicts = arena_array_of(standby->arena, struct engine_verdict, asking->count);
    has_answer = standby_ask(standby, asking, question);
    arena_reset(standby->engine->scratch);
    return has_answer ? asking->verdicts : NULL;
}

const struct engine_verdict *engine_standby_spf(struct engine_standby *standby,
                                                const struct ledger *ledger,
                                                const struct auth_spf_input *inputs,
                                                size_t count)
{
    struct asking asking = {ENGINE_LIBSPF2, ENGINE_KIND_SPF, NULL, count};

    return standby_answer(standby, &asking,
                          engine_question_spf(standby->engine->scratch, ledger, inputs, count));
}

const struct engine_verdict *engine_standby_dkim(struct engine_standby *standby,
                                                 const struct ledger *ledger,
                                                 const struct mail_message *message,
                                                 int64_t now)
{
    struct asking asking = {ENGINE_LIBOPENDKIM, ENGINE_KIND_DKIM, NULL, 1};

    return standby_answer(standby, &asking,
                          engine_question_dkim(standby->engine->scratch, ledger, message, now));
}

const struct engine_verdict *engine_standby_dmarc(struct engine_standby *standby,
                                                  const char *domain, const char *record,
                                                  int64_t now)
{
    struct asking asking = {ENGINE_LIBOPENDMARC, ENGINE_KIND_POLICY, NULL, 1};

    return standby_answer(
        standby, &asking,
        engine_question_policy(standby->engine->scratch, domain, record, now));
}
