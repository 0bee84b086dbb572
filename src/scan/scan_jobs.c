/*
 * A worker and its lines: what was dealt stays in a list until its report has come. While a
 * line is written to a worker, what that one writes is read, or both would wait for ever.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/limits_serve.h"
#include "base/span.h"
#include "scan/scan.h"
#include "scan/scan_frame.h"
#include "scan/scan_worker.h"

#define LOOK_MS       1000
#define MS_PER_SECOND 1000

/* a line that was dealt */
struct dealt {
    struct arena *arena; /* its own */
    struct scan_line line;
    struct dealt *next;
};

struct worker_slot {
    pid_t pid;
    int fd;
    struct scan_inbox inbox;
    struct dealt *lines; /* not reported */
    size_t wanted;       /* lines it has asked for */
    bool has_spoken;
    bool is_alone; /* judges suspects, one at a time */
    int64_t heard_ms;
};

struct jobs {
    const struct scan_request *request;
    struct worker_slot *slots;
    size_t count;
    size_t asked;           /* as many there shall be */
    struct dealt *suspects; /* what dead workers had */
    struct dealt **suspects_end;
    enum scan_feed feed;
    struct err trouble; /* workers cannot be started */
};

/* ---- workers ---- */

/* slot_run - in the child: judge, and end */
static _Noreturn void slot_run(const struct jobs *jobs, int fd)
{
    struct scan_request own = *jobs->request;

    for (size_t i = 0; i < jobs->count; i++)
        if (jobs->slots[i].pid > 0)
            close(jobs->slots[i].fd);
    if (own.most > 0)
        own.most = (own.most + jobs->asked - 1) / jobs->asked;
    scan_worker_run(&own, fd);
    _exit(0);
}

/* slot_start - start a worker; false with the error */
static bool slot_start(struct jobs *jobs, struct worker_slot *slot)
{
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        err_set_kind(&jobs->trouble, ERR_INTERNAL, "socketpair: %s", strerror(errno));
        return false;
    }
    slot->pid = fork();
    if (slot->pid < 0) {
        err_set_kind(&jobs->trouble, ERR_INTERNAL, "fork: %s", strerror(errno));
        close(ends[0]);
        close(ends[1]);
        return false;
    }
    if (slot->pid == 0) {
        close(ends[0]);
        slot_run(jobs, ends[1]);
    }
    close(ends[1]);
    slot->fd = ends[0];
    slot->inbox = scan_inbox_open();
    slot->wanted = 0;
    slot->has_spoken = false;
    slot->heard_ms = clock_monotonic_ms();
    return true;
}

/* slot_stop - the worker is gone, or has to go */
static int slot_stop(struct worker_slot *slot)
{
    int status = 0;

    close(slot->fd);
    scan_inbox_close(&slot->inbox);
    while (waitpid(slot->pid, &status, 0) < 0 && errno == EINTR)
        ;
    slot->pid = 0;
    return status;
}

/* ---- lines ---- */

/* jobs_forget - the line has its report */
static void jobs_forget(struct dealt **at)
{
    struct dealt *dealt = *at;

    *at = dealt->next;
    arena_close(dealt->arena);
}

/* jobs_refuse - the line has killed two workers */
static void jobs_refuse(const struct jobs *jobs, const struct scan_line *line, int status)
{
    struct err why = {0};

    if (WIFSIGNALED(status))
        err_set_kind(&why, ERR_INTERNAL,
                     "not checked: its process was killed twice, by signal %d (%s)",
                     WTERMSIG(status), strsignal(WTERMSIG(status)));
    else
        err_set_kind(&why, ERR_INTERNAL, "not checked: its process ended twice, with status %d",
                     WEXITSTATUS(status));
    scan_refuse(jobs->request, line, &why);
}

/* jobs_worker_died - a worker died: its lines are judged alone, unless it was alone already */
static void jobs_worker_died(struct jobs *jobs, struct worker_slot *slot)
{
    bool has_spoken = slot->has_spoken;
    int status = slot_stop(slot);

    if (slot->is_alone && slot->lines != NULL) {
        jobs_refuse(jobs, &slot->lines->line, status);
        jobs_forget(&slot->lines);
    }
    *jobs->suspects_end = slot->lines;
    while (*jobs->suspects_end != NULL)
        jobs->suspects_end = &(*jobs->suspects_end)->next;
    slot->lines = NULL;
    slot->is_alone = true;
    if (!has_spoken)
        err_set_kind(&jobs->trouble, ERR_INTERNAL, "a worker ended before it began");
    else
        slot_start(jobs, slot);
}

/* slot_send - give the worker a line; one that is gone is noticed when it is heard */
static void slot_send(struct worker_slot *slot, struct dealt *dealt)
{
    const struct scan_frame frame = {.type = FRAME_LINE,
                                     .serial = dealt->line.serial,
                                     .number = dealt->line.number,
                                     .is_too_long = dealt->line.is_too_long,
                                     .text = dealt->line.text};

    dealt->next = slot->lines;
    slot->lines = dealt;
    slot->wanted--;
    scan_frame_send(slot->fd, &frame, &slot->inbox);
}

/* jobs_take - the next line of the list; NULL: none now */
static struct dealt *jobs_take(struct jobs *jobs)
{
    const struct scan_request *request = jobs->request;
    struct scan_line line = {0};
    struct arena *arena = NULL;
    struct dealt *dealt = NULL;

    jobs->feed = request->take(request->ctx, &line);
    if (jobs->feed != FEED_LINE)
        return NULL;
    arena = arena_open();
    dealt = arena_new_of(arena, struct dealt);
    dealt->arena = arena;
    dealt->line = line;
    dealt->line.text = arena_span(arena, line.text);
    return dealt;
}

/* deal_alone - the next suspect, to a worker that has nothing else; without one it is a worker
 * like the others again */
static void deal_alone(struct jobs *jobs, struct worker_slot *slot)
{
    struct dealt *dealt = jobs->suspects;

    if (slot->lines != NULL || slot->wanted == 0)
        return;
    if (dealt == NULL) {
        slot->is_alone = false;
        return;
    }
    jobs->suspects = dealt->next;
    if (jobs->suspects == NULL)
        jobs->suspects_end = &jobs->suspects;
    slot_send(slot, dealt);
}

/* jobs_deal - suspects first, whether or not the list has more; then lines to those who ask for
 * them, one each in turn */
static void jobs_deal(struct jobs *jobs)
{
    bool is_dealt = true;

    for (size_t i = 0; i < jobs->count; i++)
        if (jobs->slots[i].is_alone)
            deal_alone(jobs, &jobs->slots[i]);
    jobs->feed = FEED_LINE;
    while (is_dealt && jobs->feed == FEED_LINE) {
        is_dealt = false;
        for (size_t i = 0; i < jobs->count && jobs->feed == FEED_LINE; i++) {
            struct worker_slot *slot = &jobs->slots[i];
            struct dealt *dealt = NULL;

            if (slot->is_alone || slot->wanted == 0)
                continue;
            dealt = jobs_take(jobs);
            if (dealt != NULL)
                slot_send(slot, dealt);
            is_dealt |= dealt != NULL;
        }
    }
}

/* ---- what workers say ---- */

/* jobs_report - a report has come */
static void jobs_report(struct jobs *jobs, struct worker_slot *slot,
                        const struct scan_frame *frame)
{
    const struct scan_request *request = jobs->request;
    struct dealt **at = &slot->lines;
    struct scan_done done = {.kind = frame->kind, .tally = frame->tally, .report = frame->text};

    while (*at != NULL && (*at)->line.serial != frame->serial)
        at = &(*at)->next;
    if (*at == NULL)
        return;
    done.line = (*at)->line;
    request->done(request->ctx, &done);
    jobs_forget(at);
}

/* jobs_listen - what has come from a worker; false: nothing */
static bool jobs_listen(struct jobs *jobs, struct worker_slot *slot)
{
    struct scan_frame frame;
    bool has_heard = false;

    while (scan_inbox_take(&slot->inbox, &frame)) {
        has_heard = true;
        if (frame.type == FRAME_WANT)
            slot->wanted++;
        else
            jobs_report(jobs, slot, &frame);
    }
    slot->has_spoken |= has_heard;
    return has_heard;
}

/* jobs_read_worker - what a worker has to say */
static void jobs_read_worker(struct jobs *jobs, struct worker_slot *slot)
{
    bool is_there = scan_inbox_fill(&slot->inbox, slot->fd);

    slot->heard_ms = clock_monotonic_ms();
    jobs_listen(jobs, slot);
    if (!is_there)
        jobs_worker_died(jobs, slot);
}

/* jobs_deal_all - until nobody said anything while lines were written */
static void jobs_deal_all(struct jobs *jobs)
{
    bool has_heard = true;

    while (has_heard) {
        jobs_deal(jobs);
        has_heard = false;
        for (size_t i = 0; i < jobs->count; i++)
            has_heard |= jobs_listen(jobs, &jobs->slots[i]);
    }
}

/* jobs_watch - kill a worker that has work and says nothing: it is noticed as dead then */
static void jobs_watch(struct jobs *jobs)
{
    int64_t now = clock_monotonic_ms();

    for (size_t i = 0; i < jobs->count; i++) {
        struct worker_slot *slot = &jobs->slots[i];

        if (slot->lines != NULL &&
            now - slot->heard_ms > (int64_t)LIMIT_WORKER_SECONDS * MS_PER_SECOND)
            kill(slot->pid, SIGKILL);
    }
}

/* jobs_wait - for workers, and for the list where it has nothing now */
static void jobs_wait(struct jobs *jobs)
{
    struct pollfd wanted[LIMIT_JOBS + 1];

    for (size_t i = 0; i < jobs->count; i++)
        wanted[i] = (struct pollfd){.fd = jobs->slots[i].fd, .events = POLLIN};
    wanted[jobs->count] = (struct pollfd){
        .fd = jobs->feed == FEED_LATER ? jobs->request->fd : -1, .events = POLLIN};
    if (poll(wanted, jobs->count + 1, LOOK_MS) <= 0)
        return;
    for (size_t i = 0; i < jobs->count && jobs->trouble.kind == ERR_NONE; i++)
        if (wanted[i].revents != 0)
            jobs_read_worker(jobs, &jobs->slots[i]);
}

/* jobs_are_over - every line was read and has its report */
static bool jobs_are_over(const struct jobs *jobs)
{
    if (jobs->feed != FEED_OVER || jobs->suspects != NULL)
        return false;
    for (size_t i = 0; i < jobs->count; i++)
        if (jobs->slots[i].lines != NULL)
            return false;
    return true;
}

bool scan_run_jobs(const struct scan_request *request, size_t jobs_count, struct err *why)
{
    struct jobs jobs = {.request = request, .asked = jobs_count};

    jobs.slots = arena_array_of(request->arena, struct worker_slot, jobs_count);
    jobs.suspects_end = &jobs.suspects;
    while (jobs.count < jobs_count && slot_start(&jobs, &jobs.slots[jobs.count]))
        jobs.count++;
    while (jobs.trouble.kind == ERR_NONE && !jobs_are_over(&jobs)) {
        if (request->beat != NULL)
            request->beat(request->ctx);
        jobs_deal_all(&jobs);
        if (jobs_are_over(&jobs))
            break;
        jobs_wait(&jobs);
        jobs_watch(&jobs);
    }
    for (size_t i = 0; i < jobs.count; i++) {
        if (jobs.slots[i].pid > 0)
            slot_stop(&jobs.slots[i]);
        while (jobs.slots[i].lines != NULL)
            jobs_forget(&jobs.slots[i].lines);
    }
    while (jobs.suspects != NULL)
        jobs_forget(&jobs.suspects);
    *why = jobs.trouble;
    return why->kind == ERR_NONE;
}
