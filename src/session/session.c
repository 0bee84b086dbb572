/*
 * A transcript follows the rows of the dialogue up to where its receivers reply; then the
 * client leaves, as that row says. What the server checks in each state is noted by a function,
 * one for a relay and one for a submission server.
 */
#include <inttypes.h>

#include "base/escape.h"
#include "base/limits.h"
#include "base/must.h"
#include "base/span.h"
#include "session/session.h"
#include "session/session_part.h"

#define PORT_RELAY 25

/* note_plain - nothing beyond what the row says */
static void note_plain(struct arena *arena, const struct session_setting *setting,
                       struct session_step *step)
{
    (void)arena;
    (void)setting;
    (void)step;
}

/* note_auth - not between servers */
static void note_auth(struct arena *arena, const struct session_setting *setting,
                      struct session_step *step)
{
    (void)setting;
    session_note(arena, step, SESSION_FAINT,
                 "not on port 25: servers are evaluated by address and signatures");
}

static const struct {
    session_note_fn *relay;
    session_note_fn *submission;
} notes[SMTP_STATES] = {
    [SMTP_STATE_CONNECT] = {session_note_connect, session_note_user_connect},
    [SMTP_STATE_TLS_FIRST] = {note_plain, note_plain},
    [SMTP_STATE_GREETING] = {note_plain, note_plain},
    [SMTP_STATE_EHLO] = {session_note_helo, session_note_user_helo},
    [SMTP_STATE_STARTTLS] = {session_note_starttls, session_note_user_starttls},
    [SMTP_STATE_TLS] = {note_plain, note_plain},
    [SMTP_STATE_EHLO_AGAIN] = {note_plain, note_plain},
    [SMTP_STATE_AUTH] = {note_auth, session_note_user_auth},
    [SMTP_STATE_MAIL] = {session_note_sender, session_note_user_sender},
    [SMTP_STATE_RCPT] = {session_note_recipient, session_note_user_recipient},
    [SMTP_STATE_DATA] = {note_plain, note_plain},
    [SMTP_STATE_CONTENT] = {session_note_content, session_note_user_content},
    [SMTP_STATE_DOT] = {session_note_decision, session_note_user_decision},
    [SMTP_STATE_RSET] = {note_plain, note_plain},
    [SMTP_STATE_NOOP] = {note_plain, note_plain},
    [SMTP_STATE_QUIT] = {note_plain, note_plain},
};

/* session_applies - the state is part of a session with this TLS mode */
static bool session_applies(const struct session_setting *setting, enum smtp_state state)
{
    if (state == SMTP_STATE_TLS_FIRST)
        return setting->tls == SMTP_TLS_IMPLICIT;
    if (state == SMTP_STATE_STARTTLS || state == SMTP_STATE_TLS ||
        state == SMTP_STATE_EHLO_AGAIN)
        return setting->tls == SMTP_TLS_STARTTLS;
    return true;
}

/* is_unsaid - no login at a relay */
static bool is_unsaid(const struct session_setting *setting, enum smtp_state state)
{
    return state == SMTP_STATE_AUTH && !setting->port->has_login;
}

/* client_line - as the client would send it; NULL: nothing */
static const char *client_line(struct arena *arena, const struct session_setting *setting,
                               enum smtp_state state)
{
    const struct facts *facts = setting->report->facts;
    const struct subject *subject = facts->subject;
    const struct smtp_dialogue_words words = {
        .name = subject->helo != NULL ? subject->helo : "(not known)",
        .mechanism = "PLAIN (secret)",
        .sender = subject->mail_from != NULL ? subject->mail_from : "(not known)",
        .recipient = subject->rcpt != NULL ? subject->rcpt : "(not known)",
    };
    const char *line = smtp_dialogue_line(arena, smtp_dialogue_get(state), &words);

    if (line[0] == '\0' || is_unsaid(setting, state))
        return NULL;
    if (state == SMTP_STATE_MAIL && facts->message.message != NULL)
        line = arena_printf(arena, "%s SIZE=%" PRIu64, line, facts->message.wire_size);
    return escape_to_text(arena, span_of(line), LIMIT_SHOWN_BYTES);
}

/* listing_state - the EHLO whose list counts */
static enum smtp_state listing_state(const struct session_setting *setting)
{
    return setting->tls == SMTP_TLS_STARTTLS ? SMTP_STATE_EHLO_AGAIN : SMTP_STATE_EHLO;
}

/* server_line - the first reply that the row accepts; NULL: none */
static const char *server_line(struct arena *arena, const struct session_setting *setting,
                               enum smtp_state state)
{
    struct span rest = span_of(smtp_dialogue_get(state)->accepts);
    struct span code = span_cut(&rest, ' ');

    if (code.len == 0 || is_unsaid(setting, state))
        return NULL;
    if (setting->size_limit > 0 && state == listing_state(setting))
        return arena_printf(arena, "250 SIZE %" PRIu64, setting->size_limit);
    if (state == SMTP_STATE_DOT && !setting->port->has_login &&
        session_is_refused(setting->report->facts))
        return "550 5.7.1 (where the policy is followed)";
    return arena_printf(arena, "%.*s", SPAN_ARG(code));
}

/* make_step - what is sent and checked in a state, by any server */
static struct session_step *
make_step(struct arena *arena, const struct session_setting *setting, enum smtp_state state)
{
    const struct smtp_dialogue *row = smtp_dialogue_get(state);
    struct session_step *step = arena_new_of(arena, struct session_step);

    step->name = row->step;
    step->is_predicted = true;
    step->client = client_line(arena, setting, state);
    step->server = server_line(arena, setting, state);
    session_notef(arena, step, SESSION_FAINT, "%s (%s)", row->happens, row->standard);
    if (setting->port->has_login)
        notes[state].submission(arena, setting, step);
    else
        notes[state].relay(arena, setting, step);
    return step;
}

/* ---- one transcript ---- */

/* is_spoken - the receivers of the transcript reply in this state */
static bool is_spoken(const struct session_transcript *transcript, enum smtp_state state)
{
    /* a header is judged before the dot, and replied to after it */
    return state ==
           (transcript->ends_at == SMTP_STATE_CONTENT ? SMTP_STATE_DOT : transcript->ends_at);
}

/* session_reply_instead - in place of the usual reply */
static void session_reply_instead(struct arena *arena, const struct session_setting *setting,
                                  const struct session_transcript *transcript,
                                  struct session_step *step)
{
    if (transcript->why != NULL) {
        step->server = transcript->server;
        session_note(arena, step, SESSION_BAD, transcript->why);
        return;
    }
    session_replies(arena, setting, transcript, step);
}

/* session_after - the state that follows; a client that is refused leaves */
static enum smtp_state session_after(const struct session_transcript *transcript,
                                     enum smtp_state state)
{
    bool is_early = transcript->ends_at != SMTP_STATE_DOT;

    if (is_early && is_spoken(transcript, state))
        return transcript->is_closed ? SMTP_STATE_CLOSED : smtp_dialogue_get(state)->refused;
    /* QUIT */
    if (is_early && session_place(state) > session_place(transcript->ends_at))
        return smtp_dialogue_probe(state)->next;
    return smtp_dialogue_session_next(state);
}

/* session_add_steps - the steps of one transcript, at the end of the list */
static struct session_step **session_add_steps(struct arena *arena,
                                               const struct session_setting *setting,
                                               const struct session_transcript *transcript,
                                               struct session_step **tail)
{
    bool is_first = setting->is_first;

    for (enum smtp_state state = SMTP_STATE_CONNECT; state != SMTP_STATE_CLOSED;
         state = session_after(transcript, state)) {
        struct session_step *step = NULL;

        if (!session_applies(setting, state))
            continue;
        step = make_step(arena, setting, state);
        session_receivers(arena, transcript, step);
        if (is_first)
            session_note_rules(arena, setting, state, step);
        if (is_spoken(transcript, state))
            session_reply_instead(arena, setting, transcript, step);
        if (is_first && is_spoken(transcript, state))
            session_note_rules(arena, setting, SMTP_STATES, step);
        *tail = step;
        tail = &step->next;
    }
    return tail;
}

/* setting_of - port and TLS mode of the report, or port 25 */
static struct session_setting setting_of(const struct report *report)
{
    struct session_setting setting = {
        .report = report, .tls = report->tls, .size_limit = report->size_limit};

    setting.port = smtp_port_find(report->port != 0 ? report->port : PORT_RELAY);
    must(setting.port != NULL);
    if (setting.tls == SMTP_TLS_AUTO)
        setting.tls = setting.port->tls;
    return setting;
}

const struct session_step *session_of(struct arena *arena, const struct report *report)
{
    struct session_setting setting = setting_of(report);
    const struct session_transcript *transcripts = session_transcripts(arena, &setting);
    bool is_alone = transcripts->next == NULL && transcripts->ends_at == SMTP_STATE_DOT;
    struct session_step *first = NULL;
    struct session_step **tail = &first;
    unsigned number = 0;

    for (const struct session_transcript *transcript = transcripts; transcript != NULL;
         transcript = transcript->next) {
        struct session_step **start = tail;

        setting.is_first = number == 0;
        tail = session_add_steps(arena, &setting, transcript, tail);
        (*start)->heading = is_alone ? NULL : session_heading(arena, transcript);
        number++;
        for (struct session_step *step = *start; step != NULL; step = step->next) {
            step->transcript = number;
            step->is_repeated = number > 1;
        }
    }
    return first;
}
