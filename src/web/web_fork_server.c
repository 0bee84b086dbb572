/* One datagram an order, with descriptors attached, and one back from each child. */
#include "web/web_fork_server.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd_pass.h"

#define CONTROL_FD  3 /* the first after standard input, output and error */
#define STATUS_NONE 70

/* ---- the server's side ---- */

/* become_fork_server - in the child: never returns */
static void become_fork_server(const struct web_fork_server *server, struct arena *arena,
                               int control)
{
    const char **words = NULL;
    size_t count = 0;
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    arena_append(arena, words, count, WEB_FORK_SERVER);
    for (size_t i = 0; i < server->word_count; i++)
        arena_append(arena, words, count, server->words[i]);
    arena_append(arena, words, count, NULL);
    /* the control socket alone stays open over fexecve() */
    if (control == CONTROL_FD ? fcntl(control, F_SETFD, 0) == 0
                              : dup2(control, CONTROL_FD) == CONTROL_FD)
        fexecve(server->program, (char *const *)words, environ);
    _exit(STATUS_NONE);
}

bool web_fork_server_start(struct web_fork_server *server, struct arena *arena)
{
    int ends[2];

    if (server->pid != 0)
        return true;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    server->pid = fork();
    if (server->pid == 0)
        become_fork_server(server, arena, ends[1]);
    close(ends[1]);
    if (server->pid < 0) {
        server->pid = 0;
        close(ends[0]);
        return false;
    }
    server->control = ends[0];
    return true;
}

bool web_fork_server_order(struct web_fork_server *server, struct arena *arena, uint32_t number,
                           int fds[WEB_FORK_FDS])
{
    const struct fd_pass pass = {&number, sizeof(number), fds, WEB_FORK_FDS};

    if (!web_fork_server_start(server, arena))
        return false;
    /* to one that is gone without our knowing: it is missed when its socket is read */
    return fd_pass_send(server->control, &pass, MSG_DONTWAIT) || errno == EPIPE ||
           errno == ECONNRESET;
}

bool web_fork_server_next(struct web_fork_server *server, struct web_forked *forked_out,
                          bool *is_gone_out)
{
    ssize_t got = 0;

    *is_gone_out = false;
    if (server->pid == 0)
        return false;
    got = recv(server->control, forked_out, sizeof(*forked_out), MSG_DONTWAIT);
    if (got == (ssize_t)sizeof(*forked_out))
        return true;
    if (got >= 0 || (errno != EAGAIN && errno != EINTR)) {
        web_fork_server_close(server);
        *is_gone_out = true;
    }
    return false;
}

void web_fork_server_close(struct web_fork_server *server)
{
    if (server->pid == 0)
        return;
    close(server->control);
    kill(server->pid, SIGKILL);
    while (waitpid(server->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    server->pid = 0;
}

/* ---- in the process of that name ---- */

/* take_order - false: the server is gone */
static bool take_order(uint32_t *number_out, int fds_out[WEB_FORK_FDS])
{
    const struct fd_pass pass = {number_out, sizeof(*number_out), fds_out, WEB_FORK_FDS};
    bool has_fds = false;

    return fd_pass_receive(CONTROL_FD, &pass, &has_fds) && has_fds;
}

/* fork_for_parent - fork(2), but the child is one of our parent's */
static pid_t fork_for_parent(void)
{
#ifdef __s390x__
    return (pid_t)syscall(SYS_clone, NULL, CLONE_PARENT | SIGCHLD, NULL, NULL, NULL);
#else
    return (pid_t)syscall(SYS_clone, CLONE_PARENT | SIGCHLD, NULL, NULL, NULL, NULL);
#endif
}

/* close_all - those of an order */
static void close_all(const int fds[WEB_FORK_FDS])
{
    for (size_t i = 0; i < WEB_FORK_FDS; i++)
        close(fds[i]);
}

/* work_with - the child's life; never returns */
static void work_with(const struct web_fork_work *work, uint32_t number,
                      const int fds[WEB_FORK_FDS])
{
    const struct web_forked forked = {.number = number, .pid = getpid()};
    int status = STATUS_NONE;

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (send(CONTROL_FD, &forked, sizeof(forked), MSG_NOSIGNAL) == (ssize_t)sizeof(forked) &&
        fchdir(fds[WEB_FORK_FOLDER]) == 0 && dup2(fds[WEB_FORK_INPUT], STDIN_FILENO) >= 0 &&
        dup2(fds[WEB_FORK_OUTPUT], STDOUT_FILENO) >= 0 &&
        dup2(fds[WEB_FORK_ERROR], STDERR_FILENO) >= 0 && close(CONTROL_FD) == 0) {
        close_all(fds);
        status = work->run(work->ctx);
    }
    _exit(status);
}

int web_fork_server_main(const struct web_fork_work *work)
{
    struct web_forked failed = {.pid = -1};
    int fds[WEB_FORK_FDS];

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    while (take_order(&failed.number, fds) && work->is_fresh(work->ctx)) {
        pid_t pid = fork_for_parent();

        if (pid == 0)
            work_with(work, failed.number, fds);
        close_all(fds);
        if (pid < 0 && send(CONTROL_FD, &failed, sizeof(failed), MSG_NOSIGNAL) < 0)
            break;
    }
    return 0;
}
