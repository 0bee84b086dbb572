/* Each exchange becomes a moment; its notes say what the reply means. */
#include "base/escape.h"
#include "base/limits.h"
#include "render/render_probe_session.h"
#include "reply/reply_class.h"

/* note_reply - the class, the meaning, and how long it took */
static void note_reply(struct arena *arena, struct moment *moment,
                       const struct smtp_exchange *exchange)
{
    const struct smtp_class *kind = smtp_class_get(reply_class(&exchange->reply));
    bool is_bad = kind != NULL && kind->number >= 4;

    const char *standard = NULL;

    if (exchange->meaning != NULL && exchange->meaning->row != NULL)
        standard = exchange->meaning->row->standard;
    if (exchange->meaning != NULL && exchange->meaning->evidence > REPLY_BY_CLASS)
        moment_note(arena, moment, is_bad ? PAGE_BAD : PAGE_PLAIN,
                    arena_printf(arena, "%s%s%s", exchange->meaning->means,
                                 standard != NULL ? " - " : "",
                                 standard != NULL ? standard : ""));
    if (is_bad && kind != NULL)
        moment_note(arena, moment, PAGE_DOUBT,
                    arena_printf(arena, "%s: %s", kind->name, kind->action));
    if (exchange->elapsed_ms >= 1000)
        moment_note(arena, moment, PAGE_FAINT,
                    arena_printf(arena, "after %u.%u s", exchange->elapsed_ms / 1000,
                                 exchange->elapsed_ms / 100 % 10));
}

/* note_diagnosed - what is wrong at this state */
static void note_diagnosed(struct arena *arena, struct moment *moment,
                           const struct smtp_session *session, enum smtp_state state)
{
    for (const struct smtp_diagnosed *one = session->diagnosed; one != NULL; one = one->next)
        if (one->state == state)
            moment_note(arena, moment, one->row->severity == SEV_ERROR ? PAGE_BAD : PAGE_DOUBT,
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

/* moment_of - one exchange */
static struct moment *moment_of(struct arena *arena, const struct smtp_session *session,
                                const struct smtp_exchange *exchange)
{
    const struct smtp_dialogue *row = smtp_dialogue_probe(exchange->state);
    struct moment *moment = arena_new_of(arena, struct moment);

    moment->step = row->step;
    moment->client = exchange->sent;
    if (exchange->has_reply)
        moment->server = reply_lines(arena, &exchange->reply);
    if (exchange->event != NULL)
        moment_note(arena, moment, PAGE_PLAIN, exchange->event);
    if (exchange->has_reply)
        note_reply(arena, moment, exchange);
    if (probe_is_last(exchange))
        note_diagnosed(arena, moment, session, exchange->state);
    return moment;
}

struct moment *render_probe_moments(struct arena *arena, const struct smtp_session *session)
{
    struct moment *first = NULL;
    struct moment **tail = &first;

    for (const struct smtp_exchange *exchange = session->exchanges; exchange != NULL;
         exchange = exchange->next) {
        *tail = moment_of(arena, session, exchange);
        tail = &(*tail)->next;
    }
    return first;
}
