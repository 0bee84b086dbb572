/*
 * The program's side of a question: three new pipes whose far ends go to the
 * fork server, frames out and in with a deadline, and the report at the end. The
 * near ends do not block, so that a child that stops reading or writing costs
 * only its wait.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd_pass.h"
#include "base/limits.h"
#include "base/must.h"
#include "engine/engine_private.h"

/* close_fd - close what is open */
static void close_fd(int fd)
{
    if (fd >= 0)
        (void)close(fd);
}

/* talk_start_server - a fork server, and the way to it; 0 with errno: none */
static pid_t talk_start_server(size_t places, int *control_out)
{
    int ends[2];
    pid_t parent = getpid();
    pid_t server;

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return 0;
    server = fork();
    if (server == 0)
        engine_fork_server_main(ends[1], parent, places);
    close_fd(ends[1]);
    if (server < 0) {
        close_fd(ends[0]);
        return 0;
    }
    *control_out = ends[0];
    return server;
}

/* talk_end_server - kill it, if it is there still, and wait; returns its status */
static int talk_end_server(pid_t server)
{
    int status = 0;

    (void)kill(server, SIGKILL);
    while (waitpid(server, &status, 0) < 0 && errno == EINTR)
        continue;
    return status;
}

bool engine_fork_server_start(struct engine *engine, size_t places)
{
    engine->fork_server = talk_start_server(places, &engine->control);
    return engine->fork_server != 0;
}

void engine_ready_start(struct engine *engine)
{
    engine->ready = talk_start_server(0, &engine->ready_control);
}

void engine_ready_stop(struct engine *engine)
{
    close_fd(engine->ready_control);
    engine->ready_control = -1;
    if (engine->ready != 0)
        (void)talk_end_server(engine->ready);
    engine->ready = 0;
}

void engine_fork_server_stop(struct engine *engine)
{
    if (engine->fork_server == 0)
        return;
    close_fd(engine->control);
    engine->control = -1;
    if (!engine->is_shared)
        (void)talk_end_server(engine->fork_server);
    engine->fork_server = 0;
}

/* set_labels - of an order, or of what was announced */
static void set_labels(char labels_out[ENGINE_LABELS_ROOM], const char *labels)
{
    must(strlen(labels) < ENGINE_LABELS_ROOM);
    memcpy(labels_out, labels, strlen(labels) + 1);
}

void engine_talk_announce(struct engine *engine, enum engine_kind kind, const char *labels)
{
    struct engine_order order = {.kinds = ENGINE_BIT(kind)};
    int control = engine->ready_control >= 0 ? engine->ready_control : engine->control;

    if (engine->fork_server == 0 || ((engine->announced & order.kinds) != 0 &&
                                     (*labels == '\0' || strcmp(labels, engine->labels) == 0)))
        return;
    set_labels(order.labels, labels);
    if (send(control, &order, sizeof(order), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        return;
    engine->announced |= order.kinds;
    set_labels(engine->labels, labels);
}

/* close_ends - of all pipes that are open */
static void close_ends(const int ends[ENGINE_ORDER_ENDS])
{
    for (size_t i = 0; i < ENGINE_ORDER_ENDS; i++)
        close_fd(ends[i]);
}

/* open_pipes - the near ends are ours and do not block, the far ends go with the order */
static bool open_pipes(int near[ENGINE_ORDER_ENDS], int far[ENGINE_ORDER_ENDS])
{
    for (size_t i = 0; i < ENGINE_ORDER_ENDS; i++)
        near[i] = far[i] = -1;
    for (size_t i = 0; i < ENGINE_ORDER_ENDS; i++) {
        int ends[2]; /* to read, to write */

        if (pipe2(ends, O_CLOEXEC) != 0) {
            close_ends(near);
            close_ends(far);
            return false;
        }
        near[i] = ends[i == ENGINE_ORDER_IN ? 1 : 0];
        far[i] = ends[i == ENGINE_ORDER_IN ? 0 : 1];
        (void)fcntl(near[i], F_SETFL, O_NONBLOCK);
    }
    return true;
}

/* talk_give_ready - the order to the child that got ready itself, once; false: there is none */
static bool talk_give_ready(struct engine_talk *talk, struct engine *engine,
                            const struct fd_pass *pass)
{
    int process = -1;

    if (engine->ready_control < 0)
        return false;
    process = (int)syscall(SYS_pidfd_open, engine->ready, 0);
    talk->is_ready = process >= 0 && fd_pass_send(engine->ready_control, pass, 0);
    close_fd(engine->ready_control);
    engine->ready_control = -1;
    if (!talk->is_ready) {
        close_fd(process);
        return false;
    }
    close_fd(talk->report);
    talk->report = process;
    return true;
}

bool engine_talk_open(struct engine_talk *talk, struct engine *engine, unsigned kinds,
                      const char *labels)
{
    int near[ENGINE_ORDER_ENDS];
    int far[ENGINE_ORDER_ENDS];
    struct engine_order order = {.kinds = kinds, .wait_ms = engine->wait_ms};
    const struct fd_pass pass = {&order, sizeof(order), far, ENGINE_ORDER_ENDS};
    bool is_sent;

    if (engine->fork_server == 0 || !open_pipes(near, far))
        return false;
    set_labels(order.labels, labels);
    *talk = (struct engine_talk){.engine = engine,
                                 .to_child = near[ENGINE_ORDER_IN],
                                 .from_child = near[ENGINE_ORDER_OUT],
                                 .report = near[ENGINE_ORDER_REPORT]};
    talk->deadline = clock_monotonic_ms() + engine->wait_ms + ENGINE_GRACE_MS;
    is_sent = talk_give_ready(talk, engine, &pass) || fd_pass_send(engine->control, &pass, 0);
    close_ends(far);
    if (is_sent)
        return true;
    close_ends(near);
    engine_fork_server_stop(engine);
    return false;
}

/* talk_await - the descriptor is ready before the deadline */
static bool talk_await(const struct engine_talk *talk, int fd, short events)
{
    struct pollfd one = {.fd = fd, .events = events};

    for (;;) {
        int64_t left = talk->deadline - clock_monotonic_ms();
        int ready = left > 0 ? poll(&one, 1, (int)left) : 0;

        if (ready > 0)
            return true;
        if (ready == 0 || errno != EINTR)
            return false;
    }
}

/* write_quietly - write(2) to a pipe that may have lost its reader: EPIPE without SIGPIPE,
 * whose handler stays as it is */
static ssize_t write_quietly(int fd, const char *bytes, size_t len)
{
    const struct timespec now = {0, 0};
    sigset_t pipe_only, before, pending;
    ssize_t written;
    int trouble;

    sigemptyset(&pipe_only);
    sigaddset(&pipe_only, SIGPIPE);
    sigpending(&pending);
    pthread_sigmask(SIG_BLOCK, &pipe_only, &before);
    written = write(fd, bytes, len);
    trouble = errno;
    if (written < 0 && trouble == EPIPE && !sigismember(&pending, SIGPIPE))
        (void)sigtimedwait(&pipe_only, NULL, &now);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = trouble;
    return written;
}

/* talk_send_all - all octets before the deadline */
static bool talk_send_all(struct engine_talk *talk, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t written = write_quietly(talk->to_child, bytes, len);

        if (written < 0 && errno == EAGAIN && !talk_await(talk, talk->to_child, POLLOUT))
            return false;
        if (written < 0 && errno != EAGAIN && errno != EINTR)
            return false;
        if (written > 0) {
            bytes += written;
            len -= (size_t)written;
        }
    }
    return true;
}

/* talk_read_all - exactly `len` octets before the deadline */
static bool talk_read_all(struct engine_talk *talk, char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t got =
            talk_await(talk, talk->from_child, POLLIN) ? read(talk->from_child, bytes, len) : 0;

        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
            return false;
        if (got > 0) {
            bytes += got;
            len -= (size_t)got;
        }
    }
    return true;
}

bool engine_talk_send(struct engine_talk *talk, enum engine_frame kind, struct span payload)
{
    char octets[ENGINE_FRAME_FIRST];
    struct span rest = {NULL, 0};
    struct span first = engine_frame_first(kind, payload, octets, &rest);

    return talk_send_all(talk, first.at, first.len) && talk_send_all(talk, rest.at, rest.len);
}

bool engine_talk_receive(struct engine_talk *talk, uint8_t *kind_out, struct span *payload_out)
{
    uint8_t header[ENGINE_FRAME_HEADER];
    size_t len;
    char *bytes;

    if (!talk_read_all(talk, (char *)header, sizeof(header)))
        return false;
    len = engine_frame_parse(header, kind_out);
    if (len > LIMIT_CHILD_REPLY_BYTES)
        return false;
    bytes = arena_alloc(talk->engine->scratch, len + 1);
    *payload_out = span_make(bytes, len);
    return talk_read_all(talk, bytes, len);
}

/* end_ready - how the child ended that got ready itself; it had its time, and is killed if it
 * does not end now */
static struct engine_end end_ready(struct engine_talk *talk)
{
    struct engine_end end;
    bool has_ended;

    talk->deadline = clock_monotonic_ms() + ENGINE_GRACE_MS;
    has_ended = talk_await(talk, talk->report, POLLIN);
    end = engine_end_of(talk_end_server(talk->engine->ready));
    talk->engine->ready = 0;
    close_fd(talk->report);
    return has_ended ? end : (struct engine_end){.kind = ENGINE_END_HUNG};
}

/* receive_report - how the child ended; false: the fork server is gone, too */
static bool receive_report(const struct engine_talk *talk, struct engine_end *end_out)
{
    return talk_await(talk, talk->report, POLLIN) &&
           read(talk->report, end_out, sizeof(*end_out)) == (ssize_t)sizeof(*end_out);
}

void engine_talk_leave(struct engine_talk *talk)
{
    close_fd(talk->to_child);
    close_fd(talk->from_child);
    close_fd(talk->report);
}

struct engine_end engine_talk_close(struct engine_talk *talk)
{
    struct engine *engine = talk->engine;
    struct engine_end end = {.kind = ENGINE_END_UNKNOWN, .number = 0};

    close_fd(talk->to_child);
    close_fd(talk->from_child);
    if (talk->is_ready)
        return end_ready(talk);
    talk->deadline = clock_monotonic_ms() + engine->wait_ms + ENGINE_GRACE_MS;
    if (!receive_report(talk, &end)) {
        end.kind = ENGINE_END_UNKNOWN;
        engine_fork_server_stop(engine);
    }
    close_fd(talk->report);
    return end;
}
