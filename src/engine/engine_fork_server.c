/*
 * Reads orders from the control socket, forks a child with the pipe ends that came with each,
 * and reports how the child ended. It is started early and kept small, so that forks are cheap
 * and a child has nothing of the program's in its memory. Without places it forks nobody: it
 * becomes the child of its first question.
 *
 * Libraries, and what they load from files, are loaded here when a question for one is
 * announced or comes: the public suffix list takes 2.5 ms, the cryptographic providers 1 to 2
 * ms, and an audit without a message needs neither. With one, all are ready when the DNS
 * answers are.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd_pass.h"
#include "engine/engine_library.h"
#include "engine/engine_private.h"

#define CONTROL_FD 3 /* the first after standard input, output and error */

/* a child at work */
struct child {
    pid_t pid;
    int report; /* to who ordered it */
    int64_t deadline;
    bool is_late; /* it has been killed for that */
};

struct fork_server {
    int signals; /* signalfd for SIGCHLD */
    struct child *children;
    size_t count;
    size_t places;
};

/* wipe_strings - the arguments and the environment, which may hold secrets: one piece of the
 * stack, before the name of the program's file; variables set later are elsewhere */
static void wipe_strings(void)
{
    char *start = program_invocation_name; /* the first argument, as the C library keeps it */
    const char *end = (const char *)getauxval(AT_EXECFN);

    for (char **variable = environ; variable != NULL && *variable != NULL; variable++) {
        explicit_bzero(*variable, strlen(*variable));
        *variable = NULL;
    }
    if (start != NULL && end != NULL && start < end)
        explicit_bzero(start, (size_t)(end - start));
}

/* fork_server_settle - keep nothing of the program's but the control socket; returns the
 * descriptor that reports ended children */
static int fork_server_settle(int control, pid_t parent)
{
    struct sigaction plain = {.sa_handler = SIG_DFL};
    sigset_t child_only;
    sigset_t pipe_only;
    int null_fd;

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(0);
    wipe_strings();
    if (control != CONTROL_FD && dup2(control, CONTROL_FD) < 0)
        _exit(1);
    (void)close_range(CONTROL_FD + 1, ~0U, 0);
    null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = 0; null_fd >= 0 && fd < CONTROL_FD; fd++)
        if (fd != STDERR_FILENO || !ENGINE_KEEPS_STDERR)
            (void)dup2(null_fd, fd);
    if (null_fd > CONTROL_FD)
        (void)close(null_fd);
    for (int number = 1; number < NSIG; number++)
        (void)sigaction(number, &plain, NULL);
    sigemptyset(&child_only);
    sigaddset(&child_only, SIGCHLD);
    (void)sigprocmask(SIG_SETMASK, &child_only, NULL);
    sigemptyset(&pipe_only); /* of reports that nobody waits for; children reset it */
    sigaddset(&pipe_only, SIGPIPE);
    (void)sigprocmask(SIG_BLOCK, &pipe_only, NULL);
    return signalfd(-1, &child_only, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* fork_server_report - report to the program how a child ended, if it is still there */
static void fork_server_report(const struct child *child, struct engine_end end)
{
    (void)!write(child->report, &end, sizeof(end));
    (void)close(child->report);
}

/* receive_order - with its descriptors if it is for a child; false: the program is done */
static bool receive_order(struct engine_order *order, int ends[ENGINE_ORDER_ENDS])
{
    const struct fd_pass pass = {order, sizeof(*order), ends, ENGINE_ORDER_ENDS};
    bool has_ends = false;
    bool is_received = fd_pass_receive(CONTROL_FD, &pass, &has_ends);

    order->labels[sizeof(order->labels) - 1] = '\0';
    return is_received && (has_ends || order->wait_ms == 0);
}

/* fork_server_start_child - fork the child of an order; without places become it */
static void fork_server_start_child(struct fork_server *fork_server,
                                    const struct engine_order *order,
                                    const int ends[ENGINE_ORDER_ENDS])
{
    struct child child = {.pid = fork_server->places > 0 ? fork() : 0,
                          .report = ends[ENGINE_ORDER_REPORT]};

    if (child.pid == 0)
        engine_child_main(order->kinds, ends[ENGINE_ORDER_IN], ends[ENGINE_ORDER_OUT]);
    (void)close(ends[ENGINE_ORDER_IN]);
    (void)close(ends[ENGINE_ORDER_OUT]);
    child.deadline = clock_monotonic_ms() + order->wait_ms;
    if (child.pid > 0)
        fork_server->children[fork_server->count++] = child;
    else
        fork_server_report(&child,
                           (struct engine_end){.kind = ENGINE_END_UNSTARTED, .number = errno});
}

/* fork_server_reap - report on the children that have ended */
static void fork_server_reap(struct fork_server *fork_server)
{
    struct signalfd_siginfo information;
    int status = 0;

    while (read(fork_server->signals, &information, sizeof(information)) > 0)
        continue;
    for (size_t i = fork_server->count; i-- > 0;) {
        struct child *child = &fork_server->children[i];
        struct engine_end end = {.kind = ENGINE_END_HUNG};

        if (waitpid(child->pid, &status, WNOHANG) == 0)
            continue;
        if (!child->is_late)
            end = engine_end_of(status);
        fork_server_report(child, end);
        *child = fork_server->children[--fork_server->count];
    }
}

/* fork_server_kill_late - end the children whose time is over; returns the milliseconds until
 * the next one's is, or -1 */
static int fork_server_kill_late(struct fork_server *fork_server)
{
    int64_t now = clock_monotonic_ms();
    int64_t least = -1;

    for (size_t i = 0; i < fork_server->count; i++) {
        struct child *child = &fork_server->children[i];
        int64_t left = child->deadline - now;

        if (child->is_late)
            continue;
        if (left <= 0) {
            child->is_late = true;
            (void)kill(child->pid, SIGKILL);
        } else if (least < 0 || left < least) {
            least = left;
        }
    }
    return (int)least;
}

/* fork_server_prepare - load the libraries of the questions, without the list of public
 * suffixes, of which a part may do */
static void fork_server_prepare(unsigned kinds)
{
    static void (*const preparations[ENGINE_KIND_LIMIT])(void) = {
        [ENGINE_KIND_SPF] = engine_spf2_prepare,
        [ENGINE_KIND_DKIM] = engine_opendkim_prepare,
        [ENGINE_KIND_DMARC] = engine_opendmarc_load,
        [ENGINE_KIND_POLICY] = engine_opendmarc_load,
    };

    for (int kind = 0; kind < ENGINE_KIND_LIMIT; kind++)
        if ((kinds & ENGINE_BIT(kind)) != 0)
            preparations[kind]();
}

void engine_fork_server_prepare(void)
{
    fork_server_prepare(ENGINE_BIT(ENGINE_KIND_LIMIT) - 1);
    engine_opendmarc_prepare("");
}

/* fork_server_take_order - one order; false when the program is done */
static bool fork_server_take_order(struct fork_server *fork_server)
{
    struct engine_order order = {0};
    int ends[ENGINE_ORDER_ENDS];

    if (!receive_order(&order, ends))
        return false;
    fork_server_prepare(order.kinds);
    /* announced without labels: they will be known when the question comes */
    if ((order.wait_ms != 0 || order.labels[0] != '\0') &&
        (order.kinds & ENGINE_BIT(ENGINE_KIND_DMARC)) != 0)
        engine_opendmarc_prepare(order.labels);
    if (order.wait_ms != 0)
        fork_server_start_child(fork_server, &order, ends);
    return true;
}

noreturn void engine_fork_server_main(int control, pid_t parent, size_t places)
{
    struct fork_server fork_server = {
        .signals = fork_server_settle(control, parent),
        .children = arena_array_of(arena_open(), struct child, places),
        .places = places,
    };
    bool has_program = true;

    while (has_program) {
        int wait_ms = fork_server_kill_late(&fork_server);
        bool has_room = places == 0 || fork_server.count < places;
        struct pollfd both[] = {{.fd = fork_server.signals, .events = POLLIN},
                                {.fd = CONTROL_FD, .events = has_room ? POLLIN : 0}};

        if (poll(both, 2, wait_ms) <= 0)
            continue;
        if (both[0].revents != 0)
            fork_server_reap(&fork_server);
        if (both[1].revents != 0)
            has_program = fork_server_take_order(&fork_server);
    }
    _exit(0);
}
