/* A pair of sockets to each process; a packet is a question or an answer. */
#include "sandbox/sandbox_judges.h"
#include "base/limits_serve.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define FIRST_FD 3 /* behind standard input, output and error */

struct judge_process {
    pid_t pid;
    int fd;          /* -1: it could not be replaced */
    uint64_t number; /* the message it has; 0: it is free */
    bool is_heard;   /* its socket can be read */
};

struct sandbox_judges {
    struct sandbox_judging judging;
    struct judge_process list[LIMIT_SANDBOX_JUDGES];
};

/* judge_serve - the life of a judge: until the server closes */
static _Noreturn void judge_serve(const struct sandbox_judging *judging, int fd)
{
    uint64_t number = 0;
    static struct sandbox_answer answer;

    signal(SIGINT, SIG_IGN); /* the server decides when it ends */
    signal(SIGTERM, SIG_DFL);
    signal(SIGCHLD, SIG_DFL);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    judging->start(judging->ctx);
    while (recv(fd, &number, sizeof(number), 0) == (ssize_t)sizeof(number)) {
        answer = (struct sandbox_answer){.number = number};
        judging->judge(judging->ctx, number, &answer);
        if (send(fd, &answer, sizeof(answer), MSG_NOSIGNAL) != (ssize_t)sizeof(answer))
            break;
    }
    _exit(0);
}

/* leave_descriptors - a judge has the standard ones and its socket, which becomes the first */
static int leave_descriptors(int fd)
{
    if (fd != FIRST_FD && dup2(fd, FIRST_FD) < 0)
        _exit(1);
    if (close_range(FIRST_FD + 1, ~0U, 0) != 0)
        _exit(1);
    return FIRST_FD;
}

/* judge_start - one process; false with errno */
static bool judge_start(struct sandbox_judges *judges, struct judge_process *judge)
{
    int pair[2] = {-1, -1};

    *judge = (struct judge_process){.pid = -1, .fd = -1};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return false;
    judge->pid = fork();
    if (judge->pid == 0)
        judge_serve(&judges->judging, leave_descriptors(pair[1]));
    close(pair[1]);
    if (judge->pid < 0) {
        close(pair[0]);
        return false;
    }
    judge->fd = pair[0];
    return true;
}

/* judge_end - close its socket and wait for it */
static void judge_end(struct judge_process *judge)
{
    if (judge->fd < 0)
        return;
    close(judge->fd);
    kill(judge->pid, SIGTERM);
    waitpid(judge->pid, NULL, 0);
    judge->fd = -1;
}

struct sandbox_judges *
sandbox_judges_open(struct arena *arena, const struct sandbox_judging *judging, struct err *why)
{
    struct sandbox_judges *judges = arena_new_of(arena, struct sandbox_judges);

    judges->judging = *judging;
    for (size_t i = 0; i < LIMIT_SANDBOX_JUDGES; i++)
        judges->list[i].fd = -1;
    for (size_t i = 0; i < LIMIT_SANDBOX_JUDGES; i++)
        if (!judge_start(judges, &judges->list[i])) {
            err_set_kind(why, ERR_INTERNAL, "a worker process cannot be started: %s",
                         strerror(errno));
            sandbox_judges_close(judges);
            return NULL;
        }
    return judges;
}

void sandbox_judges_close(struct sandbox_judges *judges)
{
    for (size_t i = 0; judges != NULL && i < LIMIT_SANDBOX_JUDGES; i++)
        judge_end(&judges->list[i]);
}

void sandbox_judges_poll(const struct sandbox_judges *judges, struct pollfd *polled_out)
{
    for (size_t i = 0; i < LIMIT_SANDBOX_JUDGES; i++)
        polled_out[i] = (struct pollfd){.fd = judges->list[i].fd, .events = POLLIN};
}

void sandbox_judges_polled(struct sandbox_judges *judges, const struct pollfd *polled)
{
    for (size_t i = 0; i < LIMIT_SANDBOX_JUDGES; i++)
        judges->list[i].is_heard = polled[i].revents != 0;
}

bool sandbox_judges_have_time(const struct sandbox_judges *judges)
{
    for (size_t i = 0; i < LIMIT_SANDBOX_JUDGES; i++)
        if (judges->list[i].fd >= 0 && judges->list[i].number == 0)
            return true;
    return false;
}

bool sandbox_judges_ask(struct sandbox_judges *judges, uint64_t number)
{
    for (size_t i = 0; i < LIMIT_SANDBOX_JUDGES; i++) {
        struct judge_process *judge = &judges->list[i];

        if (judge->fd < 0 || judge->number != 0)
            continue;
        if (send(judge->fd, &number, sizeof(number), MSG_NOSIGNAL) != (ssize_t)sizeof(number))
            continue; /* it died: sandbox_judges_next() sees it */
        judge->number = number;
        return true;
    }
    return false;
}

/* judge_read - an answer, or the end of the judge; false: neither yet */
static bool judge_read(struct sandbox_judges *judges, struct judge_process *judge,
                       struct sandbox_answer *answer_out)
{
    ssize_t got = -1;

    if (judge->fd < 0 || !judge->is_heard)
        return false;
    judge->is_heard = false;
    got = recv(judge->fd, answer_out, sizeof(*answer_out), MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return false;
    if (got == (ssize_t)sizeof(*answer_out)) {
        judge->number = 0;
        return true;
    }
    *answer_out = (struct sandbox_answer){.number = judge->number};
    judge_end(judge);
    (void)judge_start(judges, judge);
    return answer_out->number != 0;
}

bool sandbox_judges_next(struct sandbox_judges *judges, struct sandbox_answer *answer_out)
{
    for (size_t i = 0; i < LIMIT_SANDBOX_JUDGES; i++)
        if (judge_read(judges, &judges->list[i], answer_out))
            return true;
    return false;
}
