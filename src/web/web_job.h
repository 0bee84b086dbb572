/*
 * NAME
 *     web_job - checks as processes
 * DESCRIPTION
 *     Private to web/. A job has a folder with its input and what the process writes:
 *     report.json, report.html, snapshot. When the process ends well, the job is known by
 *     the digest of snapshot and input from then on; the same question with the same
 *     answers has the same address.
 *
 *     At most `jobs` processes run; others wait in line, LIMIT_WEB_QUEUE of them. A
 *     process that takes too long is killed. Of finished jobs the oldest are forgotten
 *     beyond LIMIT_WEB_REPORTS.
 * OWNERSHIP
 *     Jobs belong to the table.
 * ERRORS
 *     web_job_new() returns NULL where the queue is full or the folder cannot be made.
 */
#ifndef WEB_JOB_H
#define WEB_JOB_H

#include <sys/types.h>
#include <time.h>

#include "base/arena.h"
#include "web/web.h"

#define WEB_ID_SIZE 33 /* 128 bits in hexadecimal, and NUL */

enum web_job_state { WEB_JOB_WAITING, WEB_JOB_RUNNING, WEB_JOB_DONE, WEB_JOB_FAILED };

struct web_job {
    char id[WEB_ID_SIZE];     /* by chance: before the digest is known */
    char digest[WEB_ID_SIZE]; /* "" until it is done */
    enum web_job_state state;
    struct arena *arena;
    const char *folder;
    const char **words; /* of the command line: command and options */
    size_t word_count;
    const char **operands; /* behind "--" */
    size_t operand_count;
    time_t began;
    pid_t pid;
    time_t deadline;
    int status;         /* of the process that ended */
    const char *reason; /* why it failed: the last line it wrote */
    struct web_job *next;
};

struct web_jobs {
    const struct web_options *options;
    const char *folder; /* of all jobs */
    int program;        /* this program, to be run again */
    struct web_job *first;
    size_t waiting;
    size_t running;
    size_t finished;
};

/* NULL: the line is full */
struct web_job *web_job_new(struct web_jobs *jobs);
void web_job_add(struct web_job *job, const char *word);
void web_job_add_operand(struct web_job *job, const char *word);
/* an absolute path in the job's folder */
const char *web_job_path(struct web_job *job, const char *name);
/* the last line that its process wrote about itself; "" */
const char *web_job_said(struct arena *arena, struct web_job *job);
void web_job_start(struct web_jobs *jobs, struct web_job *job);
/* give up a job that was not started */
void web_job_drop(struct web_jobs *jobs, struct web_job *job);

/* notice processes that ended, kill those that are late, start those that wait */
void web_jobs_turn(struct web_jobs *jobs);
/* by id or digest; NULL */
struct web_job *web_jobs_find(struct web_jobs *jobs, const char *name);
/* kill all, remove folders that are not kept */
void web_jobs_close(struct web_jobs *jobs);

#endif
