/* Each job is this very program again, with its output in files. */
#include "web/web_job.h"

#include <dirent.h>
#include <fcntl.h>
#include <openssl/sha.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/limits_serve.h"
#include "base/must.h"
#include "base/sbuf.h"
#include "base/span.h"

#define ID_OCTETS ((WEB_ID_SIZE - 1) / 2)

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

/* unlink_job - out of the list, its memory back */
static void unlink_job(struct web_jobs *jobs, struct web_job *job)
{
    struct web_job **at = &jobs->first;

    while (*at != job)
        at = &(*at)->next;
    *at = job->next;
    if (jobs->options->keep == NULL || job->state != WEB_JOB_DONE)
        remove_folder(job->folder);
    arena_close(job->arena);
}

struct web_job *web_job_new(struct web_jobs *jobs)
{
    struct arena *arena = NULL;
    struct web_job *job = NULL;
    unsigned char octets[ID_OCTETS];

    if (jobs->waiting >= LIMIT_WEB_QUEUE)
        return NULL;
    arena = arena_open();
    job = arena_new_of(arena, struct web_job);
    job->arena = arena;
    must(getrandom(octets, sizeof(octets), 0) == sizeof(octets));
    to_hexadecimal(octets, job->id);
    job->folder = arena_printf(arena, "%s/%s", jobs->folder, job->id);
    if (mkdir(job->folder, 0700) != 0) {
        arena_close(arena);
        return NULL;
    }
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
    unlink_job(jobs, job);
}

/* ---- processes ---- */

/* open_standard - the descriptor becomes the file */
static void open_standard(int fd, const char *path, int flags)
{
    int file = open(path, flags | O_CLOEXEC, 0600);

    if (file < 0 || dup2(file, fd) < 0)
        _exit(70);
}

/* become_job - in the child: never returns */
static void become_job(const struct web_jobs *jobs, struct web_job *job)
{
    const char **words = NULL;
    size_t count = 0;
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (chdir(job->folder) != 0)
        _exit(70);
    open_standard(STDIN_FILENO, "/dev/null", O_RDONLY);
    open_standard(STDOUT_FILENO, "output", O_WRONLY | O_CREAT | O_TRUNC);
    open_standard(STDERR_FILENO, "errors", O_WRONLY | O_CREAT | O_TRUNC);
    arena_append(job->arena, words, count, "mailassay");
    for (size_t i = 0; i < job->word_count; i++)
        arena_append(job->arena, words, count, job->words[i]);
    for (size_t i = 0; i < jobs->options->word_count; i++)
        arena_append(job->arena, words, count, jobs->options->words[i]);
    arena_append(job->arena, words, count, "--");
    for (size_t i = 0; i < job->operand_count; i++)
        arena_append(job->arena, words, count, job->operands[i]);
    arena_append(job->arena, words, count, NULL);
    fexecve(jobs->program, (char *const *)words, environ);
    _exit(70);
}

/* begin_job - a process for one that waits */
static void begin_job(struct web_jobs *jobs, struct web_job *job)
{
    pid_t pid = fork();

    if (pid == 0)
        become_job(jobs, job);
    jobs->waiting--;
    if (pid < 0) {
        job->state = WEB_JOB_FAILED;
        job->reason = "no process could be started";
        jobs->finished++;
        return;
    }
    job->pid = pid;
    job->state = WEB_JOB_RUNNING;
    job->deadline = time(NULL) + LIMIT_WEB_SECONDS;
    jobs->running++;
}

void web_job_start(struct web_jobs *jobs, struct web_job *job)
{
    job->state = WEB_JOB_WAITING;
    jobs->waiting++;
    if (jobs->running < jobs->options->jobs)
        begin_job(jobs, job);
}

const char *web_job_said(struct arena *arena, struct web_job *job)
{
    struct span rest = {0};
    struct span line = {0};
    struct err unused = {0};

    if (!file_load(arena, arena_printf(arena, "%s/errors", job->folder), LIMIT_WEB_ERRORS_BYTES,
                   &rest, &unused))
        return "";
    rest = span_trim(rest);
    while (rest.at != NULL)
        line = span_cut(&rest, '\n');
    if (span_starts_with(line, "mailassay: "))
        line = span_from(line, strlen("mailassay: "));
    return arena_strdup_span(arena, line);
}

/* last_line - of what the process wrote about itself */
static const char *last_line(struct web_job *job)
{
    const char *line = web_job_said(job->arena, job);

    return line[0] != '\0' ? line : "the process ended without a word";
}

/* digest_of - of what was asked and what DNS answered, without the time */
static void digest_of(struct web_job *job)
{
    static const char *const names[] = {"snapshot", "message.eml", "new.zone", "old.zone"};
    unsigned char all[SHA256_DIGEST_LENGTH];
    struct arena *scratch = arena_open(); /* what is read is not kept with the job */
    struct sbuf parts = sbuf_start(scratch);
    struct err unused = {0};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
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
    for (size_t i = 0; i < job->word_count; i++)
        sbuf_addf(&parts, "%s%c", job->words[i], '\0');
    for (size_t i = 0; i < job->operand_count; i++)
        sbuf_addf(&parts, "%s%c", job->operands[i], '\0');
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
        digest_of(job);
        keep_job(jobs, job);
    } else {
        job->reason = last_line(job);
    }
}

/* forget_oldest - the last of the list that is finished */
static void forget_oldest(struct web_jobs *jobs)
{
    struct web_job *oldest = NULL;

    for (struct web_job *job = jobs->first; job != NULL; job = job->next)
        if (job->state == WEB_JOB_DONE || job->state == WEB_JOB_FAILED)
            oldest = job;
    if (oldest == NULL)
        return;
    unlink_job(jobs, oldest);
    jobs->finished--;
}

/* next_waiting - who waits longest; NULL */
static struct web_job *next_waiting(const struct web_jobs *jobs)
{
    struct web_job *next = NULL;

    for (struct web_job *job = jobs->first; job != NULL; job = job->next)
        if (job->state == WEB_JOB_WAITING && job->word_count > 0)
            next = job;
    return next;
}

void web_jobs_turn(struct web_jobs *jobs)
{
    time_t now = time(NULL);

    for (struct web_job *job = jobs->first; job != NULL; job = job->next) {
        int status = 0;

        if (job->state != WEB_JOB_RUNNING)
            continue;
        if (waitpid(job->pid, &status, WNOHANG) == job->pid)
            end_job(jobs, job, status);
        else if (now > job->deadline)
            kill(job->pid, SIGKILL);
    }
    while (jobs->waiting > 0 && jobs->running < jobs->options->jobs)
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
    while (jobs->first != NULL) {
        if (jobs->first->state == WEB_JOB_RUNNING) {
            kill(jobs->first->pid, SIGKILL);
            waitpid(jobs->first->pid, NULL, 0);
        }
        unlink_job(jobs, jobs->first);
    }
    if (jobs->options->keep == NULL)
        rmdir(jobs->folder);
}
