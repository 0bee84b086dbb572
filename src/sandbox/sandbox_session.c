/* Lines in, replies out. What each command does is in sandbox_do_*.c. */
#include "sandbox/sandbox_session.h"

#include "base/arena.h"
#include "base/escape.h"
#include "base/limits.h"
#include "base/limits_serve.h"
#include "sandbox/sandbox_private.h"

#define OUT_FULL  (LIMIT_SANDBOX_REPLY_BYTES / 2) /* no command is taken until it is less */
#define AUTH_LINE 12288                           /* RFC 4954, 4 */

static const struct sandbox_note_row notes[] = {
#define NOTE(id, severity, standard, text) {#id, SEV_##severity, standard, text},
#define SEV_error                          SEV_ERROR
#define SEV_warning                        SEV_WARNING
#define SEV_notice                         SEV_NOTICE
#include "sandbox/sandbox_note.def"
};

static sandbox_do_fn *const verbs_done[] = {
#define VERB(id, name, argument, when, help) sandbox_do_##id,
#include "sandbox/sandbox_verb.def"
};

const struct sandbox_note_row *sandbox_note_row(enum sandbox_note_id id)
{
    return &notes[id];
}

/* ---- life ---- */

struct sandbox_session *sandbox_session_open(const struct sandbox_rules *rules,
                                             const struct sandbox_peer *peer,
                                             const struct sandbox_hooks *hooks)
{
    struct arena *arena = arena_open();
    struct sandbox_session *session = arena_new_of(arena, struct sandbox_session);

    session->arena = arena;
    session->at_hand = arena_open();
    session->scratch = arena_open();
    session->rules = rules;
    session->hooks = hooks;
    session->peer = *peer;
    session->facts.peer = peer->address;
    session->facts.client = peer->client;
    session->facts.client_origin = peer->client_origin;
    session->facts.listener = peer->listener;
    session->facts.receiver = peer->receiver;
    return session;
}

void sandbox_session_close(struct sandbox_session *session)
{
    if (session == NULL)
        return;
    if (session->is_stored)
        session->hooks->drop(session->hooks->ctx);
    arena_close(session->at_hand);
    arena_close(session->scratch);
    arena_close(session->arena);
}

void sandbox_forget(struct sandbox_session *session)
{
    if (session->is_stored)
        session->hooks->drop(session->hooks->ctx);
    session->is_stored = false;
    session->is_full = false;
    session->is_too_large = false;
    session->message = (struct sandbox_message){.from = NULL};
    arena_reset(session->at_hand);
    session->phase = PHASE_COMMAND;
}

void sandbox_begin_anew(struct sandbox_session *session)
{
    sandbox_forget(session);
    session->facts.helo = NULL;
    session->facts.is_extended = false;
    session->facts.user = NULL;
}

/* ---- what is kept ---- */

void sandbox_session_note(struct sandbox_session *session, enum sandbox_note_id id,
                          const char *where)
{
    bool is_of_message = session->message.from != NULL;
    struct sandbox_note *note =
        is_of_message ? &session->message.notes[id] : &session->facts.notes[id];

    if (note->count++ == 0)
        note->where = arena_strdup(is_of_message ? session->at_hand : session->arena, where);
}

/* sandbox_keep_line - a line of the transcript, where the session is */
static void sandbox_keep_line(struct sandbox_session *session, bool is_client, const char *text)
{
    bool is_of_message = session->message.from != NULL;
    struct sandbox_lines *lines =
        is_of_message ? &session->message.lines : &session->facts.opening;
    struct arena *arena = is_of_message ? session->at_hand : session->arena;
    struct sandbox_line line = {is_client, NULL};

    if (lines->count >= LIMIT_SANDBOX_LINES) {
        lines->left_off++;
        return;
    }
    line.text = escape_to_text(arena, span_of(text), LIMIT_SHOWN_BYTES);
    arena_append(arena, lines->list, lines->count, line);
}

/* keep_client_line - as it came */
static void keep_client_line(struct sandbox_session *session, struct span line)
{
    sandbox_keep_line(session, true, arena_strdup_span(session->scratch, line));
}

/* ---- replies ---- */

/* out_add - one line of a reply; what does not fit is left out */
static void out_add(struct sandbox_session *session, const char *line)
{
    size_t len = strlen(line);

    sandbox_keep_line(session, false, line);
    if (session->out_len + len + 2 > sizeof(session->out))
        return;
    memcpy(session->out + session->out_len, line, len);
    memcpy(session->out + session->out_len + len, "\r\n", 2);
    session->out_len += len + 2;
}

void sandbox_reply(struct sandbox_session *session, unsigned code, const char *enhanced,
                   const char *text)
{
    struct span rest = span_of(text);

    while (rest.at != NULL) {
        struct span part = span_cut(&rest, '\n');
        const char *line = arena_printf(
            session->scratch, "%u%c%s%s%.*s", code, rest.at != NULL ? '-' : ' ',
            enhanced != NULL ? enhanced : "", enhanced != NULL ? " " : "", SPAN_ARG(part));

        out_add(session, line);
    }
}

void sandbox_refuse(struct sandbox_session *session, unsigned code, const char *enhanced,
                    const char *text)
{
    sandbox_reply(session, code, enhanced, text);
    if (++session->errors < LIMIT_SANDBOX_ERRORS)
        return;
    sandbox_session_note(session, SANDBOX_NOTE_too_many_errors, NULL);
    sandbox_reply(session, 554, "5.5.1", "too many errors in this session");
    session->want = SANDBOX_WANTS_END;
}

struct span sandbox_session_out(const struct sandbox_session *session)
{
    return span_make(session->out, session->out_len);
}

void sandbox_session_sent(struct sandbox_session *session, size_t len)
{
    session->out_len -= len;
    memmove(session->out, session->out + len, session->out_len);
}

/* ---- commands ---- */

/* where_of - a command, fit for a note */
static const char *where_of(struct sandbox_session *session, struct span line)
{
    return arena_printf(session->scratch, "\"%s\"",
                        escape_to_text(session->scratch, line, LIMIT_SHOWN_BYTES / 4));
}

/* is_in_order - may the command come now; else says what is missing */
static bool is_in_order(struct sandbox_session *session, enum sandbox_verb verb,
                        struct span line)
{
    const char *missing = NULL;

    switch (sandbox_verb_row(verb)->when) {
    case WHEN_ANYTIME:
        break;
    case WHEN_FILLED:
        if (session->message.from != NULL && session->message.recipient_count == 0)
            missing = "no valid recipient: send RCPT first";
        else if (session->message.from == NULL)
            missing = "no sender: send MAIL first";
        break;
    case WHEN_STARTED:
        if (session->message.from == NULL)
            missing = "no sender: send MAIL first";
        break;
    case WHEN_IDLE:
        if (session->message.from != NULL)
            missing = "not while a message is under way";
        break;
    case WHEN_GREETED:
        break;
    }
    if (sandbox_verb_row(verb)->when != WHEN_ANYTIME && session->facts.helo == NULL)
        missing = "EHLO or HELO comes first";
    if (missing == NULL)
        return true;
    if (verb == SANDBOX_VERB_bdat)
        sandbox_chunk_drop(session, line);
    sandbox_session_note(session, SANDBOX_NOTE_out_of_order, sandbox_verb_row(verb)->name);
    if (sandbox_verb_row(verb)->when == WHEN_FILLED && session->facts.helo != NULL &&
        session->message.from != NULL)
        sandbox_refuse(session, 554, "5.5.1", missing); /* RFC 5321, 3.3 */
    else
        sandbox_refuse(session, 503, "5.5.1", missing);
    return false;
}

/* note_oddities - what is in a line that should not; false: it was refused for that */
static bool note_oddities(struct sandbox_session *session, struct span line, bool has_crlf)
{
    const char *fault = NULL;
    enum sandbox_note_id id = SANDBOX_NOTE_bare_lf_command;

    if (!has_crlf)
        fault = "the line ends in LF alone: CRLF ends a command";
    else if (span_find(line, '\r') >= 0) {
        id = SANDBOX_NOTE_bare_cr_command;
        fault = "the line holds a CR without LF";
    } else if (span_find(line, '\0') >= 0) {
        id = SANDBOX_NOTE_nul_command;
        fault = "the line holds a NUL octet";
    }
    if (fault == NULL)
        return true;
    sandbox_session_note(session, id, where_of(session, line));
    sandbox_refuse(session, 500, "5.5.2", fault);
    return false;
}

/* note_command - what is odd about a command that was read */
static void note_command(struct sandbox_session *session, const struct sandbox_command *command,
                         struct span line)
{
    if (command->has_blank)
        sandbox_session_note(session, SANDBOX_NOTE_space_in_path, where_of(session, line));
    if (command->has_route)
        sandbox_session_note(session, SANDBOX_NOTE_source_route, where_of(session, line));
}

/* shown_command - as the transcript has it: without secrets */
static struct span shown_command(struct sandbox_session *session, struct span line)
{
    struct span rest = line;
    struct span verb = span_cut(&rest, ' ');
    struct span mechanism = span_cut(&rest, ' ');

    if (!span_equal_nocase(verb, "AUTH") || rest.at == NULL)
        return line;
    return span_of(arena_printf(session->scratch, "AUTH %.*s ***", SPAN_ARG(mechanism)));
}

/* is_last_of_group - nothing may be sent behind it before its reply came (RFC 2920, 3.1) */
static bool is_last_of_group(enum sandbox_verb verb)
{
    return verb == SANDBOX_VERB_helo || verb == SANDBOX_VERB_ehlo ||
           verb == SANDBOX_VERB_data || verb == SANDBOX_VERB_auth;
}

/* take_command - one line that is complete */
static void take_command(struct sandbox_session *session, struct span line, bool has_crlf)
{
    struct sandbox_command command = {0};

    keep_client_line(session, shown_command(session, line));
    if (++session->commands > LIMIT_SANDBOX_COMMANDS) {
        sandbox_session_dismiss(session, "4.7.0 too many commands in one session");
        return;
    }
    if (!note_oddities(session, line, has_crlf))
        return;
    sandbox_command_parse(session->scratch, line, &command);
    if (command.verb == SANDBOX_VERB_UNKNOWN) {
        sandbox_session_note(session, SANDBOX_NOTE_unknown_command, where_of(session, line));
        sandbox_refuse(session, command.code, command.enhanced, command.fault);
        return;
    }
    if (!is_in_order(session, command.verb, command.argument))
        return;
    note_command(session, &command, line);
    if (command.fault != NULL) {
        sandbox_session_note(session, SANDBOX_NOTE_bad_syntax, where_of(session, line));
        sandbox_refuse(session, command.code, command.enhanced, command.fault);
        return;
    }
    session->has_to_wait = is_last_of_group(command.verb);
    verbs_done[command.verb](session, &command);
}

/* ---- lines ---- */

/* session_skip_line - drop the rest of a line that is too long; returns what was taken */
static size_t session_skip_line(struct sandbox_session *session, struct span bytes)
{
    ptrdiff_t end = span_find(bytes, '\n');

    if (end < 0)
        return bytes.len;
    session->is_skipping = false;
    sandbox_refuse(session, 500, "5.5.2", "the line is too long");
    return (size_t)end + 1;
}

/* refuse_long_line - no end within what a line may be: the rest is dropped as it comes */
static size_t refuse_long_line(struct sandbox_session *session, struct span bytes)
{
    session->is_skipping = true;
    session->phase = PHASE_COMMAND; /* a login ends there */
    sandbox_session_note(session, SANDBOX_NOTE_long_command, where_of(session, bytes));
    return session_skip_line(session, bytes);
}

/* session_take_line - one command or response; returns what was taken, 0: not complete */
static size_t session_take_line(struct sandbox_session *session, struct span bytes)
{
    size_t most = session->phase == PHASE_AUTH ? AUTH_LINE : LIMIT_SANDBOX_COMMAND_BYTES;
    ptrdiff_t end = span_find(span_sub(bytes, 0, AUTH_LINE), '\n');
    struct span line = span_sub(bytes, 0, end < 0 ? 0 : (size_t)end);
    bool has_crlf = line.len > 0 && line.at[line.len - 1] == '\r';

    if (span_starts_with_nocase(bytes, "AUTH "))
        most = AUTH_LINE;
    if (end < 0 && bytes.len < most)
        return 0;
    if (end < 0 || line.len > most)
        return refuse_long_line(session, bytes);
    if (has_crlf)
        line.len--;
    session->progress++;
    if (session->phase == PHASE_AUTH) {
        keep_client_line(session, span_of("***"));
        sandbox_auth_line(session, line);
    } else {
        take_command(session, line, has_crlf);
    }
    return (size_t)end + 1;
}

/* feed_piece - what the phase makes of the octets; returns what was taken */
static size_t feed_piece(struct sandbox_session *session, struct span bytes)
{
    switch (session->phase) {
    case PHASE_COMMAND:
    case PHASE_AUTH:
        return session->is_skipping ? session_skip_line(session, bytes)
                                    : session_take_line(session, bytes);
    case PHASE_DATA:
    case PHASE_CHUNK:
        return sandbox_message_feed(session, bytes);
    case PHASE_WAIT:
        break;
    }
    return 0;
}

size_t sandbox_session_feed(struct sandbox_session *session, struct span bytes,
                            enum sandbox_want *want_out)
{
    size_t taken = 0;
    size_t piece = 0;

    do {
        piece = 0;
        if (session->want == SANDBOX_WANTS_MORE && session->out_len < OUT_FULL &&
            session->delay_ms == 0 && taken < bytes.len)
            piece = feed_piece(session, span_from(bytes, taken));
        taken += piece;
        if (session->has_to_wait && taken < bytes.len)
            sandbox_session_note(session, SANDBOX_NOTE_pipelined_helo, NULL);
        session->has_to_wait = false;
        arena_reset(session->scratch);
    } while (piece > 0);
    if (session->want == SANDBOX_WANTS_TLS && taken < bytes.len) {
        sandbox_session_note(session, SANDBOX_NOTE_starttls_pipelined, NULL);
        taken = bytes.len; /* RFC 3207, 4.2: whatever came in clear is forgotten */
    }
    *want_out = session->want;
    return session->want == SANDBOX_WANTS_END ? bytes.len : taken;
}

/* ---- the server speaks ---- */

enum sandbox_want sandbox_session_greet(struct sandbox_session *session, bool has_early,
                                        bool is_full)
{
    if (has_early)
        sandbox_session_note(session, SANDBOX_NOTE_early_talker, NULL);
    if (is_full) {
        sandbox_session_dismiss(session, "4.7.0 too many connections; try again later");
        return session->want;
    }
    if (sandbox_fault_stands_at(session, STAGE_CONNECT)) {
        if (session->want == SANDBOX_WANTS_MORE)
            session->want = SANDBOX_WANTS_END; /* there is no session without a greeting */
        return session->want;
    }
    sandbox_reply(
        session, 220, NULL,
        arena_printf(session->scratch, "%s ESMTP mailassay sandbox", session->rules->host));
    return session->want;
}

void sandbox_session_secured(struct sandbox_session *session, const char *tls)
{
    sandbox_begin_anew(session);
    session->facts.tls = arena_strdup(session->arena, tls);
    session->want = SANDBOX_WANTS_MORE;
}

void sandbox_session_answer(struct sandbox_session *session, unsigned code,
                            const char *enhanced, const char *text)
{
    session->is_stored = false; /* whoever judged it has it now */
    sandbox_tries_made(session, code);
    sandbox_reply(session, code, enhanced, text);
    session->want = SANDBOX_WANTS_MORE;
    if (code == 421)
        session->want = SANDBOX_WANTS_END;
    sandbox_forget(session);
}

void sandbox_session_dismiss(struct sandbox_session *session, const char *text)
{
    struct span rest = span_of(text);
    const char *enhanced = arena_strdup_span(session->scratch, span_cut(&rest, ' '));

    sandbox_reply(session, 421, enhanced, rest.at);
    session->want = SANDBOX_WANTS_END;
}

void sandbox_session_left(struct sandbox_session *session)
{
    if (session->phase == PHASE_DATA || session->phase == PHASE_CHUNK)
        sandbox_session_note(session, SANDBOX_NOTE_half_message, NULL);
    else if (!session->has_quit && session->want == SANDBOX_WANTS_MORE)
        sandbox_session_note(session, SANDBOX_NOTE_no_quit, NULL);
}

const struct sandbox_session_facts *sandbox_session_facts(const struct sandbox_session *session)
{
    return &session->facts;
}

const struct sandbox_message *sandbox_session_message(const struct sandbox_session *session)
{
    return &session->message;
}

const char *sandbox_session_receiver(const struct sandbox_session *session)
{
    const struct sandbox_message *message = &session->message;
    int receiver = message->recipient_count > 0 ? message->recipients[0].receiver : -1;

    return receiver >= 0 ? session->rules->receivers[receiver].name : NULL;
}

bool sandbox_session_is_busy(const struct sandbox_session *session)
{
    return session->message.from != NULL;
}

uint64_t sandbox_session_progress(const struct sandbox_session *session)
{
    return session->progress;
}

void sandbox_session_keep(struct sandbox_session *session)
{
    session->is_stored = false;
}

unsigned sandbox_session_delay(struct sandbox_session *session)
{
    unsigned delay = session->delay_ms;

    session->delay_ms = 0;
    return delay;
}
