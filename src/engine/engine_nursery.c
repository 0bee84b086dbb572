/*
 * A process that only forks. It holds the control socket, hears one order at a
 * time, forks the child with the two pipe ends that came with the order, and
 * reports how the child ended. It is kept small and early so that forks are
 * cheap and a child finds nothing of the program's in its memory.
 *
 * What a library loads from files is loaded here, once, when the first
 * question for that library comes: the public suffix list costs 2.5 ms, the
 * cryptographic providers 1 to 2 ms, and an audit without a message needs
 * neither.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "engine/engine_library.h"
#include "engine/engine_private.h"

#define CONTROL_FD 3 /* the first after standard input, output and error */

/* settle - keep nothing of the program's but the control socket */
static void settle(int control, pid_t parent)
{
    struct sigaction plain = { .sa_handler = SIG_DFL };
    sigset_t child_only;
    int null_fd;

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(0);
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
}

/* hear_order - the next order with its two descriptors; false when the program is done */
static bool hear_order(struct engine_order *order, int fds[2])
{
    struct iovec part = { .iov_base = order, .iov_len = sizeof(*order) };
    union {
        struct cmsghdr align;
        char octets[CMSG_SPACE(2 * sizeof(int))];
    } room;
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = room.octets,
                              .msg_controllen = sizeof(room.octets) };
    const struct cmsghdr *rights;
    ssize_t got;

    do
        got = recvmsg(CONTROL_FD, &message, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    if (got != (ssize_t)sizeof(*order))
        return false;
    rights = CMSG_FIRSTHDR(&message);
    if (rights == NULL || rights->cmsg_len != CMSG_LEN(2 * sizeof(int)))
        return false;
    memcpy(fds, CMSG_DATA(rights), 2 * sizeof(int));
    return true;
}

/* await_end - until the child has ended or the wait is over; then it is killed */
static struct engine_end await_end(pid_t child, int wait_ms)
{
    int64_t deadline = clock_monotonic_ms() + wait_ms;
    struct engine_end end = { .kind = ENGINE_END_HUNG, .number = 0 };
    sigset_t child_only;
    int status = 0;

    sigemptyset(&child_only);
    sigaddset(&child_only, SIGCHLD);
    while (waitpid(child, &status, WNOHANG) == 0) {
        int64_t left = deadline - clock_monotonic_ms();
        struct timespec patience = { .tv_sec = left / 1000, .tv_nsec = left % 1000 * 1000000 };

        if (left <= 0) {
            (void)kill(child, SIGKILL);
            (void)waitpid(child, &status, 0);
            return end;
        }
        (void)sigtimedwait(&child_only, NULL, &patience);
    }
    end.kind = WIFSIGNALED(status) ? ENGINE_END_SIGNAL : ENGINE_END_EXIT;
    end.number = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
    return end;
}

/* raise_child - fork the child and report its end */
static struct engine_end raise_child(const struct engine_order *order, const int fds[2])
{
    pid_t child = fork();

    if (child == 0)
        engine_child_main((enum engine_kind)order->kind, fds[0], fds[1]);
    (void)close(fds[0]);
    (void)close(fds[1]);
    if (child < 0)
        return (struct engine_end){ .kind = ENGINE_END_UNSTARTED, .number = errno };
    return await_end(child, order->wait_ms);
}

/* prepare - load what the library of the question loads from files */
static void prepare(enum engine_kind kind)
{
    static void (*const preparations[ENGINE_KIND_LIMIT])(void) = {
        [ENGINE_KIND_SPF] = engine_spf2_prepare,
        [ENGINE_KIND_DKIM] = engine_opendkim_prepare,
        [ENGINE_KIND_DMARC] = engine_opendmarc_prepare,
    };

    if (kind < ENGINE_KIND_LIMIT && preparations[kind] != NULL)
        preparations[kind]();
}

noreturn void engine_nursery_main(int control, pid_t parent)
{
    struct engine_order order;
    int fds[2];

    settle(control, parent);
    while (hear_order(&order, fds)) {
        struct engine_end end;

        prepare((enum engine_kind)order.kind);
        end = raise_child(&order, fds);
        if (send(CONTROL_FD, &end, sizeof(end), MSG_NOSIGNAL) != (ssize_t)sizeof(end))
            break;
    }
    _exit(0);
}
