/* Each job is this very program again, with its command line and its output in files. */
#include "web/web_job.h"

#include <dirent.h>
#include <fcntl.h>
#include <openssl/sha.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/file_write.h"
#include "base/limits.h"
#include "base/limits_serve.h"
#include "base/must.h"
#include "base/sbuf.h"
#include "base/span.h"

#define ID_OCTETS ((WEB_ID_SIZE - 1) / 2)
#define TRIES     3   /* orders of a job, where fork servers end before they take it */
#define ORDERS    100 /* that the fork server has not taken: the socket holds them */

/* to_hexadecimal - of an id or digest */
static void to_hexadecimal(const unsigned char *octets, char *text_out)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < ID_OCTETS; i++) {
        text_out[2 * i] = digits[octets[i] >> 4];
        text_out[2 * i + 1] = digits[octets[i] & 0xf];
    }
    text_out[2 * ID_OCTETS] = '\0';
}

void web_make_token(char *token)
{
    unsigned char octets[ID_OCTETS];

    must(getrandom(octets, sizeof(octets), 0) == sizeof(octets));
    to_hexadecimal(octets, token);
}

const char *web_job_path(struct web_job *job, const char *name)
{
    return arena_printf(job->arena, "%s/%s", job->folder, name);
}

/* remove_folder - with the files in it; folders of jobs have no other */
static void remove_folder(const char *path)
{
    DIR *folder = opendir(path);
    const struct dirent *entry = NULL;

    while (folder != NULL && (entry = readdir(folder)) != NULL)
        unlinkat(dirfd(folder), entry->d_name, 0);
    if (folder != NULL)
        closedir(folder);
    rmdir(path);
}

/* close_file - of a file of the job */
static void close_file(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* unlink_job - out of the list, its memory back */
static void unlink_job(struct web_jobs *jobs, struct web_job *job)
{
    struct web_job **at = &jobs->first;

    while (*at != job)
        at = &(*at)->next;
    *at = job->next;
    close_file(&job->output);
    close_file(&job->said);
    if (jobs->options->keep == NULL || job->state != WEB_JOB_DONE || !job->is_page)
        remove_folder(job->folder);
    arena_close(job->arena);
}

struct web_job *web_job_new(struct web_jobs *jobs)
{
    struct arena *arena = NULL;
    struct web_job *job = NULL;

    if (jobs->waiting >= LIMIT_WEB_QUEUE)
        return NULL;
    arena = arena_open();
    job = arena_new_of(arena, struct web_job);
    job->arena = arena;
    web_make_token(job->id);
    job->folder = arena_printf(arena, "%s/%s", jobs->folder, job->id);
    if (mkdir(job->folder, 0700) != 0) {
        arena_close(arena);
        return NULL;
    }
    job->output = job->said = -1;
    job->began = time(NULL);
    job->next = jobs->first;
    jobs->first = job;
    return job;
}

void web_job_add(struct web_job *job, const char *word)
{
    arena_append(job->arena, job->words, job->word_count, arena_strdup(job->arena, word));
}

void web_job_add_operand(struct web_job *job, const char *word)
{
    arena_append(job->arena, job->operands, job->operand_count, arena_strdup(job->arena, word));
}

void web_job_drop(struct web_jobs *jobs, struct web_job *job)
{
    switch (job->state) {
    case WEB_JOB_NEW:
        break;
    case WEB_JOB_WAITING:
        jobs->waiting--;
        break;
    case WEB_JOB_RUNNING:
        jobs->running--;
        if (job->pid > 0) {
            kill(job->pid, SIGKILL);
            waitpid(job->pid, NULL, 0);
        } else {
            jobs->ordered--;
        }
        break;
    case WEB_JOB_DONE:
    case WEB_JOB_FAILED:
        jobs->finished--;
        break;
    }
    unlink_job(jobs, job);
}

/* ---- processes ---- */

/* put_words - each with its NUL */
static void put_words(struct sbuf *out, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sbuf_add(out, words[i]);
        sbuf_add_octet(out, '\0');
    }
}

/* open_memory - a file in memory */
static int open_memory(void)
{
    return memfd_create("mailassay", MFD_CLOEXEC);
}

/* save_words - the command line as a file; -1 */
static int save_words(const struct web_jobs *jobs, const struct web_job *job)
{
    static const char *const end = "--";
    struct arena *scratch = arena_open();
    struct sbuf out = sbuf_start(scratch);
    int fd = open_memory();

    put_words(&out, job->words, job->word_count);
    put_words(&out, jobs->options->words, jobs->options->word_count);
    put_words(&out, &end, 1);
    put_words(&out, job->operands, job->operand_count);
    if (fd >= 0 && (!file_write_all(fd, sbuf_span(&out)) || lseek(fd, 0, SEEK_SET) != 0)) {
        close(fd);
        fd = -1;
    }
    arena_close(scratch);
    return fd;
}

/* order_job - a process with its folder and files */
static bool order_job(struct web_jobs *jobs, struct web_job *job)
{
    int fds[WEB_FORK_FDS] = {
        [WEB_FORK_INPUT] = save_words(jobs, job),
        [WEB_FORK_OUTPUT] = job->output = open_memory(),
        [WEB_FORK_ERROR] = job->said = open_memory(),
        [WEB_FORK_FOLDER] = open(job->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC),
    };
    bool is_ordered = true;

    job->order = ++jobs->orders;
    for (size_t i = 0; i < WEB_FORK_FDS; i++)
        is_ordered = is_ordered && fds[i] >= 0;
    is_ordered = is_ordered && web_fork_server_order(&jobs->forks, job->arena, job->order, fds);
    close_file(&fds[WEB_FORK_INPUT]);
    close_file(&fds[WEB_FORK_FOLDER]);
    return is_ordered;
}

/* fail_job - it has no process */
static void fail_job(struct web_jobs *jobs, struct web_job *job)
{
    job->state = WEB_JOB_FAILED;
    job->reason = "no process could be started";
    jobs->finished++;
}

/* begin_job - a process for one that waits */
static void begin_job(struct web_jobs *jobs, struct web_job *job)
{
    jobs->waiting--;
    if (++job->tries > TRIES || !order_job(jobs, job)) {
        fail_job(jobs, job);
        return;
    }
    job->pid = 0;
    job->state = WEB_JOB_RUNNING;
    job->deadline = time(NULL) + LIMIT_WEB_SECONDS;
    jobs->running++;
    jobs->ordered++;
}

/* may_begin - there is room for one more */
static bool may_begin(const struct web_jobs *jobs)
{
    return jobs->running < jobs->options->jobs && jobs->ordered < ORDERS;
}

/* order_again - jobs that the last fork server had not begun */
static void order_again(struct web_jobs *jobs)
{
    for (struct web_job *job = jobs->first; job != NULL; job = job->next) {
        if (job->state != WEB_JOB_RUNNING || job->pid != 0)
            continue;
        jobs->running--;
        jobs->ordered--;
        jobs->waiting++;
        begin_job(jobs, job);
    }
}

/* note_begun - jobs that have a process by now */
static void note_begun(struct web_jobs *jobs)
{
    struct web_forked forked = {0};
    bool is_gone = false;

    while (web_fork_server_next(&jobs->forks, &forked, &is_gone))
        for (struct web_job *job = jobs->first; job != NULL; job = job->next) {
            if (job->state != WEB_JOB_RUNNING || job->order != forked.number)
                continue;
            job->pid = forked.pid;
            jobs->ordered--;
            if (forked.pid < 0) {
                jobs->running--;
                fail_job(jobs, job);
            }
        }
    if (is_gone)
        order_again(jobs);
}

void web_job_start(struct web_jobs *jobs, struct web_job *job)
{
    job->state = WEB_JOB_WAITING;
    jobs->waiting++;
    if (may_begin(jobs))
        begin_job(jobs, job);
}

/* read_memory - one of its files, up to `max` octets */
static bool read_memory(struct arena *arena, int fd, size_t max, struct span *bytes_out)
{
    struct stat about;
    char *bytes = NULL;
    size_t got = 0;
    ssize_t more = 0;

    if (fd < 0 || fstat(fd, &about) != 0 || about.st_size < 0 || (size_t)about.st_size > max)
        return false;
    bytes = arena_alloc(arena, (size_t)about.st_size + 1);
    while (got < (size_t)about.st_size &&
           (more = pread(fd, bytes + got, (size_t)about.st_size - got, (off_t)got)) > 0)
        got += (size_t)more;
    *bytes_out = span_make(bytes, got);
    return got == (size_t)about.st_size;
}

bool web_job_output(struct arena *arena, struct web_job *job, struct span *bytes_out)
{
    return read_memory(arena, job->output, LIMIT_SNAPSHOT_BYTES, bytes_out);
}

const char *web_job_said(struct arena *arena, struct web_job *job)
{
    struct span rest = {0};
    struct span line = {0};

    if (!read_memory(arena, job->said, LIMIT_WEB_ERRORS_BYTES, &rest))
        return "";
    rest = span_trim(rest);
    while (rest.at != NULL)
        line = span_cut(&rest, '\n');
    if (span_starts_with(line, "mailassay: "))
        line = span_from(line, strlen("mailassay: "));
    return arena_strdup_span(arena, line);
}

/* failure_reason - the last line that the process wrote */
static const char *failure_reason(struct web_job *job)
{
    struct arena *scratch = arena_open(); /* what is read is not kept with the job */
    const char *line = arena_strdup(job->arena, web_job_said(scratch, job));

    arena_close(scratch);
    return line[0] != '\0' ? line : "the process ended without an error message";
}

/* digest_of - of what was asked and what DNS answered, without the time */
static void digest_of(struct web_job *job)
{
    static const char *const names[] = {"snapshot", "message.eml", "new.zone", "old.zone"};
    unsigned char all[SHA256_DIGEST_LENGTH];
    struct arena *scratch = arena_open();
    struct sbuf parts = sbuf_start(scratch);
    struct err unused = {0};

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct span bytes = {0};
        unsigned char part[SHA256_DIGEST_LENGTH];

        if (!file_load(scratch, web_job_path(job, names[i]), LIMIT_SNAPSHOT_BYTES, &bytes,
                       &unused))
            continue;
        if (i == 0)
            span_cut(&bytes, '\n'); /* the header has the time */
        SHA256((const unsigned char *)bytes.at, bytes.len, part);
        sbuf_add_span(&parts, span_make((const char *)part, sizeof(part)));
    }
    put_words(&parts, job->words, job->word_count);
    put_words(&parts, job->operands, job->operand_count);
    SHA256((const unsigned char *)sbuf_span(&parts).at, parts.len, all);
    to_hexadecimal(all, job->digest);
    arena_close(scratch);
}

/* keep_job - below its digest, where reports outlive the server */
static void keep_job(struct web_jobs *jobs, struct web_job *job)
{
    const char *place = NULL;

    if (jobs->options->keep == NULL)
        return;
    place = arena_printf(job->arena, "%s/%s", jobs->folder, job->digest);
    remove_folder(place); /* the same question with the same answers, earlier */
    if (rename(job->folder, place) == 0)
        job->folder = place;
}

/* end_job - its process is gone */
static void end_job(struct web_jobs *jobs, struct web_job *job, int status)
{
    jobs->running--;
    jobs->finished++;
    job->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    job->state = WEB_JOB_FAILED;
    if (job->status == 0 || job->status == 1 || job->status == 3) {
        job->state = WEB_JOB_DONE;
        if (job->is_page) {
            digest_of(job);
            keep_job(jobs, job);
        }
    } else {
        job->reason = failure_reason(job);
    }
    close_file(&job->said);
    if (job->is_page)
        close_file(&job->output);
}

/* forget_oldest - the last page of the list that is finished */
static void forget_oldest(struct web_jobs *jobs)
{
    struct web_job *oldest = NULL;

    for (struct web_job *job = jobs->first; job != NULL; job = job->next)
        if (job->is_page && (job->state == WEB_JOB_DONE || job->state == WEB_JOB_FAILED))
            oldest = job;
    if (oldest != NULL)
        web_job_drop(jobs, oldest);
}

/* next_waiting - the job that waits longest; NULL */
static struct web_job *next_waiting(const struct web_jobs *jobs)
{
    struct web_job *next = NULL;

    for (struct web_job *job = jobs->first; job != NULL; job = job->next)
        if (job->state == WEB_JOB_WAITING)
            next = job;
    return next;
}

void web_jobs_turn(struct web_jobs *jobs)
{
    time_t now = time(NULL);

    note_begun(jobs);
    for (struct web_job *job = jobs->first; job != NULL; job = job->next) {
        int status = 0;

        if (job->state != WEB_JOB_RUNNING)
            continue;
        if (job->pid > 0 && waitpid(job->pid, &status, WNOHANG) == job->pid)
            end_job(jobs, job, status);
        else if (now > job->deadline)
            kill(job->pid > 0 ? job->pid : jobs->forks.pid, SIGKILL);
    }
    while (jobs->waiting > 0 && may_begin(jobs))
        begin_job(jobs, next_waiting(jobs));
    while (jobs->finished > LIMIT_WEB_REPORTS)
        forget_oldest(jobs);
}

struct web_job *web_jobs_find(struct web_jobs *jobs, const char *name)
{
    for (struct web_job *job = jobs->first; job != NULL; job = job->next)
        if (strcmp(job->id, name) == 0 ||
            (job->digest[0] != '\0' && strcmp(job->digest, name) == 0))
            return job;
    return NULL;
}

void web_jobs_close(struct web_jobs *jobs)
{
    note_begun(jobs);
    web_fork_server_close(&jobs->forks);
    while (jobs->first != NULL)
        web_job_drop(jobs, jobs->first);
    if (jobs->options->keep == NULL)
        rmdir(jobs->folder);
}
