/* Each exchange becomes a step; its notes say what the reply means. */
#include "session/session_probe.h"
#include "base/arena.h"
#include "base/escape.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "model/finding.h"
#include "model/reply.h"
#include "model/reply_code.h"
#include "model/reply_phrase.h"
#include "model/smtp_dialogue.h"

/* note_reply - the class, the meaning, and how long it took */
static void note_reply(struct arena *arena, struct session_step *step,
                       const struct smtp_exchange *exchange)
{
    const struct smtp_class *kind = smtp_class_get(reply_class(&exchange->reply));
    bool is_bad = kind != NULL && kind->number >= 4;
    const char *standard = NULL;

    if (exchange->meaning != NULL && exchange->meaning->row != NULL)
        standard = exchange->meaning->row->standard;
    if (exchange->meaning != NULL && exchange->meaning->evidence > REPLY_BY_CLASS)
        session_notef(arena, step, is_bad ? SESSION_BAD : SESSION_PLAIN, "%s%s%s",
                      exchange->meaning->means, standard != NULL ? " - " : "",
                      standard != NULL ? standard : "");
    if (is_bad && kind != NULL)
        session_notef(arena, step, SESSION_DOUBT, "%s: %s", kind->name, kind->action);
    if (exchange->elapsed_ms >= 1000)
        session_notef(arena, step, SESSION_FAINT, "after %u.%u s", exchange->elapsed_ms / 1000,
                      exchange->elapsed_ms / 100 % 10);
}

/* note_diagnosed - what is wrong at this state */
static void note_diagnosed(struct arena *arena, struct session_step *step,
                           const struct smtp_session *session, enum smtp_state state)
{
    for (const struct smtp_diagnosed *one = session->diagnosed; one != NULL; one = one->next)
        if (one->state == state)
            session_note(arena, step,
                         one->row->severity == SEV_ERROR ? SESSION_BAD : SESSION_DOUBT,
                         one->row->text);
}

/* probe_is_last - no further exchange is of the same state */
static bool probe_is_last(const struct smtp_exchange *exchange)
{
    return exchange->next == NULL || exchange->next->state != exchange->state;
}

/* reply_lines - "250-first", "250 last", with LF between */
static const char *reply_lines(struct arena *arena, const struct reply *reply)
{
    struct sbuf text = sbuf_start(arena);

    for (const struct reply_line *line = reply->lines; line != NULL; line = line->next) {
        if (reply->code != 0)
            sbuf_addf(&text, "%u%s", reply->code, line->next != NULL ? "-" : " ");
        sbuf_addf(&text, "%s%s", escape_to_text(arena, line->text, LIMIT_SHOWN_BYTES),
                  line->next != NULL ? "\n" : "");
    }
    return sbuf_text(&text);
}

/* exchange_step - one exchange */
static struct session_step *exchange_step(struct arena *arena,
                                          const struct smtp_session *session,
                                          const struct smtp_exchange *exchange)
{
    const struct smtp_dialogue *row = smtp_dialogue_probe(exchange->state);
    struct session_step *step = arena_new_of(arena, struct session_step);

    step->name = row->step;
    step->client = exchange->sent;
    if (exchange->has_reply)
        step->server = reply_lines(arena, &exchange->reply);
    if (exchange->event != NULL)
        session_note(arena, step, SESSION_PLAIN, exchange->event);
    if (exchange->has_reply)
        note_reply(arena, step, exchange);
    if (probe_is_last(exchange))
        note_diagnosed(arena, step, session, exchange->state);
    return step;
}

struct session_step *session_of_probe(struct arena *arena, const struct smtp_session *session)
{
    struct session_step *first = NULL;
    struct session_step **tail = &first;

    for (const struct smtp_exchange *exchange = session->exchanges; exchange != NULL;
         exchange = exchange->next) {
        *tail = exchange_step(arena, session, exchange);
        tail = &(*tail)->next;
    }
    return first;
}
