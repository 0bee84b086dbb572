/* A state machine around reads and writes that do not block. */
#include "sandbox/sandbox_connection.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits_serve.h"
#include "sandbox/sandbox_proxy.h"
#include "smtp/smtp_tls_server.h"

#define DRAIN_MS     2000          /* for octets that are on their way */
#define DRAIN_OCTETS (1024 * 1024) /* and no more of them */

/* ---- states ---- */

/* await_state - the state, for at most so long */
static void await_state(struct sandbox_connection *connection, enum connection_state state,
                        unsigned wait_ms)
{
    connection->state = state;
    connection->deadline = clock_monotonic_ms() + wait_ms;
}

static void act_on(struct sandbox_connection *connection, enum sandbox_want want);
static void hold_replies(struct sandbox_connection *connection);

/* start_session - the greeting */
static void start_session(struct sandbox_connection *connection)
{
    const struct sandbox_peer peer = sandbox_connection_peer(connection);
    enum sandbox_want want = SANDBOX_WANTS_MORE;
    char octet = 0;
    bool has_early =
        connection->len > 0 || (connection->tls == NULL &&
                                recv(connection->fd, &octet, 1, MSG_PEEK | MSG_DONTWAIT) > 0);

    connection->session =
        sandbox_session_open(&connection->plan->rules, &peer, &connection->hooks);
    if (connection->tls != NULL)
        sandbox_session_secured(connection->session, smtp_tls_server_text(connection->tls));
    want = sandbox_session_greet(connection->session, has_early, connection->is_refused);
    await_state(connection, CONNECTION_OPEN, connection->plan->wait_ms);
    hold_replies(connection);
    if (!connection->is_refused)
        act_on(connection, want);
    else
        await_state(connection, CONNECTION_ENDING, DRAIN_MS);
}

/* start_tls - a handshake on the connection */
static void start_tls(struct sandbox_connection *connection)
{
    connection->len = 0;
    connection->wants_tls = false;
    connection->tls =
        smtp_tls_server_accept(connection->plan->tls, connection->arena, connection->fd);
    if (connection->tls == NULL)
        connection->state = CONNECTION_OVER;
    else
        await_state(connection, CONNECTION_TLS, connection->plan->wait_ms);
}

struct sandbox_connection *sandbox_connection_open(const struct sandbox_plan *plan,
                                                   const struct sandbox_listener *listener,
                                                   int fd, bool is_refused)
{
    struct arena *arena = arena_open();
    struct sandbox_connection *connection = arena_new_of(arena, struct sandbox_connection);

    connection->arena = arena;
    connection->plan = plan;
    connection->listener = listener;
    connection->fd = fd;
    connection->is_refused = is_refused;
    connection->file.fd = -1;
    connection->hooks = sandbox_connection_hooks(connection);
    if (plan->has_proxy)
        await_state(connection, CONNECTION_PROXY, plan->wait_ms);
    else if (listener->is_tls)
        start_tls(connection);
    else
        start_session(connection);
    return connection;
}

void sandbox_connection_close(struct sandbox_connection *connection)
{
    if (connection->is_asked)
        sandbox_session_keep(connection->session); /* the judge has the message */
    if (connection->session != NULL && connection->plan->ended != NULL)
        connection->plan->ended(connection->plan->ctx, connection->session);
    sandbox_session_close(connection->session);
    smtp_tls_close(connection->tls);
    close(connection->fd);
    arena_close(connection->arena);
}

/* ---- octets ---- */

/* has_out - replies wait to be sent */
static bool has_out(const struct sandbox_connection *connection)
{
    return connection->session != NULL && sandbox_session_out(connection->session).len > 0;
}

/* break_off - the connection is gone */
static void break_off(struct sandbox_connection *connection)
{
    if (connection->session != NULL) {
        if (connection->len > 0 && connection->state == CONNECTION_OPEN)
            sandbox_session_note(connection->session, SANDBOX_NOTE_half_command, NULL);
        sandbox_session_left(connection->session);
    }
    connection->state = CONNECTION_OVER;
}

/* send_out - as much as goes at once */
static void send_out(struct sandbox_connection *connection)
{
    while (has_out(connection) && connection->held_until == 0) {
        struct span bytes = sandbox_session_out(connection->session);
        size_t len = 0;
        ssize_t sent = 0;
        enum smtp_tls_status status = TLS_DONE;

        if (connection->tls == NULL || connection->state == CONNECTION_TLS) {
            sent = send(connection->fd, bytes.at, bytes.len, MSG_NOSIGNAL);
            if (sent < 0 && errno != EAGAIN && errno != EINTR)
                break_off(connection);
            if (sent <= 0)
                return;
            len = (size_t)sent;
        } else {
            status = smtp_tls_write(connection->tls, bytes, &len);
            if (status == TLS_CLOSED || status == TLS_FAILED)
                break_off(connection);
            if (status != TLS_DONE)
                return;
        }
        sandbox_session_sent(connection->session, len);
    }
}

/* read_in - what there is; false: nothing came */
static bool read_in(struct sandbox_connection *connection)
{
    size_t room = sizeof(connection->in) - connection->len;
    size_t got = 0;
    ssize_t count = 0;

    if (room == 0)
        return false;
    if (connection->tls != NULL) {
        enum smtp_tls_status status =
            smtp_tls_read(connection->tls, connection->in + connection->len, room, &got);

        connection->tls_wants_write = status == TLS_WANTS_WRITE;
        if (status == TLS_CLOSED || status == TLS_FAILED)
            break_off(connection);
        connection->len += got;
        return got > 0;
    }
    count = recv(connection->fd, connection->in + connection->len, room, MSG_DONTWAIT);
    if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR))
        break_off(connection);
    connection->len += count > 0 ? (size_t)count : 0;
    return count > 0;
}

/* take_in - forget octets that were taken */
static void take_in(struct sandbox_connection *connection, size_t len)
{
    connection->len -= len;
    memmove(connection->in, connection->in + len, connection->len);
}

/* end_session - send what is left, then close */
static void end_session(struct sandbox_connection *connection)
{
    if (connection->state != CONNECTION_OVER)
        await_state(connection, CONNECTION_ENDING, DRAIN_MS);
}

/* ask_verdict - the message is complete */
static void ask_verdict(struct sandbox_connection *connection)
{
    connection->message_deadline = 0;
    if (!sandbox_connection_store(connection)) {
        connection->plan->spool->count--;
        sandbox_connection_answer(connection, NULL);
        return;
    }
    await_state(connection, CONNECTION_WAITS, LIMIT_SANDBOX_JUDGE_MS);
    connection->waits_since = (uint64_t)clock_monotonic_ms();
    connection->is_asked = false;
}

/* note_progress - time begins again once a command is whole, or octets of a message came */
static void note_progress(struct sandbox_connection *connection)
{
    uint64_t progress = sandbox_session_progress(connection->session);

    if (progress != connection->progress)
        connection->deadline = clock_monotonic_ms() + connection->plan->wait_ms;
    connection->progress = progress;
}

/* hold_replies - where they are to come late */
static void hold_replies(struct sandbox_connection *connection)
{
    unsigned delay = sandbox_session_delay(connection->session);

    if (delay > 0) {
        connection->held_until = clock_monotonic_ms() + delay;
        connection->deadline += delay;
    }
}

/* feed_session - octets that were read, as long as the session takes some */
static void feed_session(struct sandbox_connection *connection)
{
    enum sandbox_want want = SANDBOX_WANTS_MORE;
    size_t taken = 0;

    do {
        taken = sandbox_session_feed(connection->session,
                                     span_make(connection->in, connection->len), &want);
        take_in(connection, taken);
        note_progress(connection);
        hold_replies(connection);
        send_out(connection);
    } while (taken > 0 && want == SANDBOX_WANTS_MORE && connection->state == CONNECTION_OPEN &&
             !has_out(connection));
    if (connection->state == CONNECTION_OPEN)
        act_on(connection, want);
}

/* act_on - what the session wants */
static void act_on(struct sandbox_connection *connection, enum sandbox_want want)
{
    if (want == SANDBOX_WANTS_END)
        end_session(connection);
    else if (want == SANDBOX_WANTS_VERDICT)
        ask_verdict(connection);
    else if (want == SANDBOX_WANTS_CUT)
        connection->state = CONNECTION_OVER;
    else if (want == SANDBOX_WANTS_SILENCE)
        await_state(connection, CONNECTION_SILENT, connection->plan->wait_ms);
    connection->wants_tls = want == SANDBOX_WANTS_TLS;
    if (connection->wants_tls && !has_out(connection))
        start_tls(connection);
}

/* refuse_proxy - the first octets are not a header: the refusal is in clear text */
static void refuse_proxy(struct sandbox_connection *connection)
{
    const struct sandbox_peer peer = sandbox_connection_peer(connection);

    connection->state = CONNECTION_OVER;
    if (connection->listener->is_tls)
        return;
    connection->session =
        sandbox_session_open(&connection->plan->rules, &peer, &connection->hooks);
    sandbox_session_dismiss(connection->session, "4.3.2 expected a PROXY header first");
    await_state(connection, CONNECTION_ENDING, DRAIN_MS);
    send_out(connection);
}

/* take_proxy - the header in front, once it is complete */
static void take_proxy(struct sandbox_connection *connection)
{
    const struct sandbox_proxy proxy =
        sandbox_proxy_parse(span_make(connection->in, connection->len));

    if (proxy.state == PROXY_BROKEN)
        refuse_proxy(connection);
    if (proxy.state != PROXY_COMPLETE)
        return;
    take_in(connection, proxy.used);
    connection->proxied = proxy.client;
    connection->proxy_version = proxy.version;
    if (connection->listener->is_tls)
        start_tls(connection);
    else
        start_session(connection);
}

/* connection_handshake - TLS; afterwards the session goes on, or begins */
static void connection_handshake(struct sandbox_connection *connection)
{
    enum smtp_tls_status status = smtp_tls_handshake(connection->tls);

    connection->tls_wants_write = status == TLS_WANTS_WRITE;
    if (status == TLS_WANTS_READ || status == TLS_WANTS_WRITE)
        return;
    if (status != TLS_DONE) {
        if (connection->session != NULL)
            sandbox_session_note(connection->session, SANDBOX_NOTE_tls_failed,
                                 smtp_tls_trouble(connection->tls));
        connection->state = CONNECTION_OVER;
    } else if (connection->session == NULL) {
        start_session(connection);
    } else {
        sandbox_session_secured(connection->session, smtp_tls_server_text(connection->tls));
        await_state(connection, CONNECTION_OPEN, connection->plan->wait_ms);
    }
}

/* drain_in - octets that nobody wants, so that the client can read our last reply */
static void drain_in(struct sandbox_connection *connection)
{
    ssize_t got = recv(connection->fd, connection->in, sizeof(connection->in), MSG_DONTWAIT);

    connection->drained += got > 0 ? (size_t)got : 0;
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR) ||
        connection->drained > DRAIN_OCTETS)
        connection->state = CONNECTION_OVER;
}

/* finish_ending - all is sent: close our side */
static void finish_ending(struct sandbox_connection *connection)
{
    if (has_out(connection) || connection->state != CONNECTION_ENDING)
        return;
    smtp_tls_server_finish(connection->tls);
    shutdown(connection->fd, SHUT_WR);
    await_state(connection, CONNECTION_DRAINS, DRAIN_MS);
}

short sandbox_connection_events(const struct sandbox_connection *connection)
{
    short events = 0;

    if ((has_out(connection) && connection->held_until == 0) || connection->tls_wants_write)
        events |= POLLOUT;
    switch (connection->state) {
    case CONNECTION_PROXY:
    case CONNECTION_TLS:
    case CONNECTION_DRAINS:
        events |= POLLIN;
        break;
    case CONNECTION_OPEN:
        if (!has_out(connection))
            events |= POLLIN;
        break;
    case CONNECTION_WAITS:
    case CONNECTION_SILENT:
    case CONNECTION_ENDING:
    case CONNECTION_OVER:
        break;
    }
    return events;
}

/* move_open - the session at work */
static void move_open(struct sandbox_connection *connection)
{
    bool has_come = true;

    /* TLS may hold octets that poll() knows nothing of */
    while (has_come && connection->state == CONNECTION_OPEN && !has_out(connection)) {
        has_come = read_in(connection);
        if (connection->state == CONNECTION_OPEN && connection->len > 0)
            feed_session(connection);
        if (connection->tls == NULL)
            break;
    }
}

void sandbox_connection_move(struct sandbox_connection *connection, short events)
{
    if ((events & POLLOUT) != 0)
        send_out(connection);
    switch (connection->state) {
    case CONNECTION_PROXY:
        if (read_in(connection))
            take_proxy(connection);
        break;
    case CONNECTION_TLS:
        connection_handshake(connection);
        break;
    case CONNECTION_OPEN:
        if (!connection->wants_tls)
            move_open(connection);
        else if (!has_out(connection))
            start_tls(connection);
        break;
    case CONNECTION_DRAINS:
        drain_in(connection);
        break;
    case CONNECTION_WAITS:
        if ((events & (POLLHUP | POLLERR)) != 0)
            connection->state = CONNECTION_OVER; /* the judge finishes alone */
        break;
    case CONNECTION_SILENT:
    case CONNECTION_ENDING:
        if ((events & (POLLHUP | POLLERR)) != 0)
            connection->state = CONNECTION_OVER;
        break;
    case CONNECTION_OVER:
        break;
    }
    if (connection->state == CONNECTION_OPEN)
        send_out(connection);
    finish_ending(connection);
}

/* ---- time, and the server ---- */

/* dismiss_slow - 421, and the end */
static void dismiss_slow(struct sandbox_connection *connection)
{
    sandbox_session_note(connection->session, SANDBOX_NOTE_too_slow, NULL);
    sandbox_session_dismiss(connection->session, "4.4.2 waited too long");
    end_session(connection);
    send_out(connection);
    finish_ending(connection);
}

void sandbox_connection_tick(struct sandbox_connection *connection, int64_t now)
{
    bool is_late = false;

    if (connection->held_until > 0 && now >= connection->held_until) {
        connection->held_until = 0;
        sandbox_connection_move(connection, POLLOUT);
    }
    is_late = now >= connection->deadline ||
              (connection->message_deadline > 0 && now >= connection->message_deadline);

    if (!is_late)
        return;
    if (connection->state == CONNECTION_OPEN)
        dismiss_slow(connection);
    else if (connection->state == CONNECTION_WAITS)
        sandbox_connection_answer(connection, NULL);
    else
        connection->state = CONNECTION_OVER;
}

void sandbox_connection_answer(struct sandbox_connection *connection,
                               const struct sandbox_answer *answer)
{
    connection->is_asked = false;
    if (answer == NULL || answer->code == 0)
        sandbox_spool_forget(connection->plan->spool, connection->file.number);
    if (answer == NULL || answer->code == 0)
        sandbox_session_answer(connection->session, 451, "4.3.0",
                               "mailassay: the message could not be evaluated or stored; try "
                               "again");
    else
        sandbox_session_answer(connection->session, answer->code,
                               answer->enhanced[0] != '\0' ? answer->enhanced : NULL,
                               answer->text);
    await_state(connection, CONNECTION_OPEN, connection->plan->wait_ms);
    send_out(connection);
    if (connection->state == CONNECTION_OPEN)
        feed_session(connection);
    if (!connection->wants_tls)
        move_open(connection); /* what TLS holds wakes nobody */
    finish_ending(connection);
}

void sandbox_connection_retire(struct sandbox_connection *connection)
{
    if (connection->session == NULL)
        connection->state = CONNECTION_OVER;
    else if (connection->state == CONNECTION_OPEN &&
             !sandbox_session_is_busy(connection->session)) {
        sandbox_session_dismiss(connection->session, "4.3.2 the server is shutting down");
        end_session(connection);
        send_out(connection);
        finish_ending(connection);
    }
}
