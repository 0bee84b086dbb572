/* The commands about one message: envelope, octets, end. */
#include "base/arena.h"
#include "base/ip.h"
#include "base/limits_serve.h"
#include "sandbox/sandbox_private.h"

/* ---- MAIL ---- */

/* is_let_in - what the rules demand before mail is taken */
static bool is_let_in(struct sandbox_session *session)
{
    if (session->rules->demands_tls && session->facts.tls == NULL) {
        sandbox_refuse(session, 530, "5.7.0", "STARTTLS comes first"); /* RFC 3207, 4 */
        return false;
    }
    if (session->rules->demands_auth && session->facts.user == NULL) {
        sandbox_refuse(session, 530, "5.7.0", "AUTH comes first"); /* RFC 4954, 6 */
        return false;
    }
    return true;
}

void sandbox_do_mail(struct sandbox_session *session, const struct sandbox_command *command)
{
    struct sandbox_message *message = &session->message;
    struct span value = {NULL, 0};

    if (message->from != NULL) {
        sandbox_session_note(session, SANDBOX_NOTE_out_of_order, "MAIL");
        sandbox_refuse(session, 503, "5.5.1", "there is a sender already: RSET drops it");
        return;
    }
    if (!is_let_in(session) || !sandbox_parameters_check(session, command))
        return;
    if (sandbox_command_find(command, "SIZE", &value))
        span_to_number(value, INT64_MAX, &message->declared_size);
    if (message->declared_size > session->rules->size_limit) {
        message->declared_size = 0;
        sandbox_session_note(session, SANDBOX_NOTE_too_large, "as SIZE says");
        sandbox_refuse(session, 552, "5.3.4", "the message is larger than SIZE allows");
        return;
    }
    if (sandbox_fault_meets(session, command->path, STAGE_MAIL)) {
        message->declared_size = 0;
        return;
    }
    if (sandbox_command_find(command, "BODY", &value))
        message->body = arena_strdup_span(session->at_hand, value);
    if (sandbox_command_find(command, "RET", &value))
        message->ret = arena_strdup_span(session->at_hand, value);
    if (sandbox_command_find(command, "ENVID", &value))
        message->envid = arena_strdup_span(session->at_hand, value);
    message->is_international = sandbox_command_find(command, "SMTPUTF8", &value);
    message->from = arena_strdup(session->at_hand, command->path);
    sandbox_reply(session, 250, "2.1.0", "the sender is fine");
}

/* ---- RCPT ---- */

/* is_domain_of - the receiver's own, or NAME.test */
static bool is_domain_of(const struct sandbox_receiver *receiver, struct span domain)
{
    size_t len = strlen(receiver->name);

    for (size_t i = 0; i < receiver->domain_count; i++)
        if (span_equal_nocase(domain, receiver->domains[i]))
            return true;
    return span_equal_nocase(span_sub(domain, 0, len), receiver->name) &&
           span_equal_nocase(span_from(domain, len), ".test");
}

/* rcpt_receiver - whom the recipient stands for: by its domain, else by the port; -1: nobody */
static int rcpt_receiver(const struct sandbox_session *session, const char *domain)
{
    const struct sandbox_rules *rules = session->rules;

    for (size_t i = 0; domain != NULL && i < rules->receiver_count; i++)
        if (is_domain_of(&rules->receivers[i], span_of(domain)))
            return (int)i;
    return session->facts.receiver;
}

/* add_recipient - it is fine */
static void add_recipient(struct sandbox_session *session,
                          const struct sandbox_command *command, int receiver)
{
    struct sandbox_message *message = &session->message;
    struct sandbox_recipient recipient = {.receiver = receiver};
    struct span value = {NULL, 0};

    recipient.path = arena_strdup(session->at_hand, command->path);
    if (sandbox_command_find(command, "NOTIFY", &value))
        recipient.notify = arena_strdup_span(session->at_hand, value);
    if (sandbox_command_find(command, "ORCPT", &value))
        recipient.orcpt = arena_strdup_span(session->at_hand, value);
    arena_append(session->at_hand, message->recipients, message->recipient_count, recipient);
    sandbox_reply(session, 250, "2.1.5", "the recipient is fine");
}

void sandbox_do_rcpt(struct sandbox_session *session, const struct sandbox_command *command)
{
    struct sandbox_message *message = &session->message;
    int receiver = rcpt_receiver(session, command->domain);

    if (!sandbox_parameters_check(session, command))
        return;
    if (command->path[0] == '\0') {
        sandbox_refuse(session, 501, "5.1.3", "a recipient is never empty");
        return;
    }
    if (message->recipient_count >= LIMIT_SANDBOX_RECIPIENTS) {
        sandbox_refuse(session, 452, "4.5.3", "too many recipients"); /* RFC 5321, 4.5.3.1.10 */
        return;
    }
    if (message->recipient_count > 0 && message->recipients[0].receiver != receiver) {
        sandbox_reply(session, 451, "4.3.0",
                      "multiple destination domains per transaction: recipients of different "
                      "receivers get a message each");
        return;
    }
    if (!sandbox_fault_meets(session, command->path, STAGE_RCPT))
        add_recipient(session, command, receiver);
}

/* ---- octets ---- */

/* start_message - a place for the octets; false: none */
static bool start_message(struct sandbox_session *session, bool is_chunked)
{
    if (session->is_stored)
        return true;
    session->data = sandbox_data_start(is_chunked);
    session->message.is_chunked = is_chunked;
    session->is_stored = session->hooks->begin(session->hooks->ctx, session);
    if (!session->is_stored)
        sandbox_reply(session, 452, "4.3.1", "insufficient storage for a message now");
    return session->is_stored;
}

/* message_sink - what belongs to the message */
static void message_sink(void *ctx, struct span bytes)
{
    struct sandbox_session *session = ctx;

    if (session->data.size > session->rules->size_limit) {
        session->is_too_large = true;
        session->is_full = true;
    }
    if (!session->is_full && !session->hooks->write(session->hooks->ctx, bytes))
        session->is_full = true;
}

/* note_data - what a receiver minds about the octets */
static void note_data(struct sandbox_session *session)
{
    static const enum sandbox_note_id ids[DATA_FAULT_COUNT] = {
        [DATA_FAULT_BARE_LF] = SANDBOX_NOTE_bare_lf,
        [DATA_FAULT_BARE_CR] = SANDBOX_NOTE_bare_cr,
        [DATA_FAULT_SMUGGLING] = SANDBOX_NOTE_smuggling,
        [DATA_FAULT_LONG_LINE] = SANDBOX_NOTE_long_line,
        [DATA_FAULT_NUL] = SANDBOX_NOTE_nul_octet,
        [DATA_FAULT_EIGHT_BIT] = SANDBOX_NOTE_eight_bit,
    };
    struct sandbox_message *message = &session->message;

    for (int i = 0; i < DATA_FAULT_COUNT; i++) {
        if (session->data.counts[i] == 0 ||
            (i == DATA_FAULT_EIGHT_BIT && message->body != NULL &&
             !span_equal_nocase(span_of(message->body), "7BIT")))
            continue;
        sandbox_session_note(session, ids[i],
                             arena_printf(session->scratch, "in line %llu of the message",
                                          (unsigned long long)session->data.places[i]));
        message->notes[ids[i]].count = session->data.counts[i];
    }
    if (message->declared_size > 0 && session->data.size > message->declared_size * 2)
        sandbox_session_note(session, SANDBOX_NOTE_size_differs, NULL);
    if (session->facts.tls == NULL && ip_is_loopback(&session->peer.address))
        sandbox_session_note(session, SANDBOX_NOTE_clear_on_loopback, NULL);
    if (message->is_chunked && !sandbox_data_ends_line(&session->data))
        sandbox_session_note(session, SANDBOX_NOTE_no_line_end, NULL);
}

/* message_end - all octets are there: ask for a verdict, or refuse */
static void message_end(struct sandbox_session *session)
{
    sandbox_data_finish(&session->data, message_sink, session);
    session->message.size = session->data.size;
    note_data(session);
    if (session->is_full) {
        if (session->is_too_large)
            sandbox_refuse(session, 552, "5.3.4", "the message is larger than SIZE allows");
        else
            sandbox_reply(session, 452, "4.3.1", "insufficient storage for the message");
        sandbox_forget(session);
        return;
    }
    session->phase = PHASE_WAIT;
    if (!sandbox_fault_meets_any(session, STAGE_DOT))
        session->want = SANDBOX_WANTS_VERDICT;
    else if (session->want == SANDBOX_WANTS_MORE)
        sandbox_forget(session);
}

/* drop_octets - of a chunk whose BDAT was refused */
static size_t drop_octets(struct sandbox_session *session, struct span bytes)
{
    size_t taken = session->chunk_left < bytes.len ? (size_t)session->chunk_left : bytes.len;

    session->chunk_left -= taken;
    if (session->chunk_left > 0)
        return taken;
    session->is_dropped_chunk = false;
    session->phase = PHASE_COMMAND;
    return taken;
}

void sandbox_chunk_drop(struct sandbox_session *session, struct span argument)
{
    session->chunk_left = 0;
    span_to_number(span_cut(&argument, ' '), INT64_MAX, &session->chunk_left);
    if (session->chunk_left == 0)
        return;
    session->is_dropped_chunk = true;
    session->phase = PHASE_CHUNK;
    if (session->chunk_left > session->rules->size_limit + LIMIT_SANDBOX_DROPPED_BYTES)
        sandbox_session_dismiss(session, "4.7.0 a chunk above every limit");
}

static void sandbox_chunk_end(struct sandbox_session *session);

size_t sandbox_message_feed(struct sandbox_session *session, struct span bytes)
{
    size_t taken = 0;

    session->progress++;
    if (session->is_dropped_chunk)
        return drop_octets(session, bytes);
    if (session->phase == PHASE_CHUNK)
        bytes = span_sub(bytes, 0,
                         session->chunk_left < bytes.len ? session->chunk_left : bytes.len);
    taken = sandbox_data_feed(&session->data, bytes, message_sink, session);
    if (session->phase == PHASE_CHUNK) {
        session->chunk_left -= taken;
        if (session->chunk_left == 0)
            sandbox_chunk_end(session);
    } else if (session->data.is_ended) {
        message_end(session);
    }
    if (session->is_too_large &&
        session->data.size > session->rules->size_limit + LIMIT_SANDBOX_DROPPED_BYTES) {
        sandbox_session_note(session, SANDBOX_NOTE_too_large, NULL);
        sandbox_reply(session, 552, "5.3.4", "the message is larger than SIZE allows");
        session->want = SANDBOX_WANTS_END;
    }
    return taken;
}

void sandbox_do_data(struct sandbox_session *session, const struct sandbox_command *command)
{
    const char *body = session->message.body;

    (void)command;
    if (session->message.is_chunked) {
        sandbox_refuse(session, 503, "5.5.1", "BDAT was begun: DATA cannot follow");
        return;
    }
    if (body != NULL && span_equal_nocase(span_of(body), "BINARYMIME")) {
        sandbox_refuse(session, 503, "5.5.1", "BINARYMIME goes by BDAT"); /* RFC 3030, 3 */
        return;
    }
    if (sandbox_fault_meets_any(session, STAGE_DATA) || !start_message(session, false))
        return;
    sandbox_reply(session, 354, NULL, "end the message by CRLF, dot, CRLF");
    session->phase = PHASE_DATA;
}

void sandbox_do_bdat(struct sandbox_session *session, const struct sandbox_command *command)
{
    struct span rest = command->argument;
    struct span size = span_cut(&rest, ' ');
    struct span last = span_trim(rest);

    if (!span_to_number(size, INT64_MAX, &session->chunk_left) ||
        (last.len > 0 && !span_equal_nocase(last, "LAST"))) {
        sandbox_refuse(session, 501, "5.5.4", "expected BDAT octets [LAST]");
        return;
    }
    if (!start_message(session, true)) {
        sandbox_chunk_drop(session, command->argument);
        return;
    }
    session->is_last_chunk = last.len > 0;
    session->phase = PHASE_CHUNK;
    if (session->chunk_left == 0)
        sandbox_chunk_end(session);
}

/* sandbox_chunk_end - a chunk is complete */
static void sandbox_chunk_end(struct sandbox_session *session)
{
    session->phase = PHASE_COMMAND;
    if (session->is_last_chunk)
        message_end(session);
    else
        sandbox_reply(session, 250, "2.0.0",
                      arena_printf(session->scratch, "%llu octets so far",
                                   (unsigned long long)session->data.size));
}
