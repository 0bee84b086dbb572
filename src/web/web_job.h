/*
 * NAME
 *     web_job - checks as processes
 * DESCRIPTION
 *     Private to web/. A job has a folder with its input. The process writes to standard
 *     output, which is a file in memory; or, where the report gets an address, report.json,
 *     report.html and snapshot into the folder. When such a process ends well, the job is
 *     named by the digest of snapshot and input: the same query with the same answers has
 *     the same address.
 *
 *     At most `jobs` processes run, and LIMIT_WEB_QUEUE jobs wait. A process that takes too
 *     long is killed. Beyond LIMIT_WEB_REPORTS finished jobs, the oldest are deleted.
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
#include "base/span.h"
#include "web/web.h"
#include "web/web_fork_server.h"

#define WEB_ID_SIZE 33 /* 128 bits in hexadecimal, and NUL */

enum web_job_state {
    WEB_JOB_NEW,
    WEB_JOB_WAITING,
    WEB_JOB_RUNNING,
    WEB_JOB_DONE,
    WEB_JOB_FAILED
};

struct web_job {
    char id[WEB_ID_SIZE];     /* random: before the digest is known */
    char digest[WEB_ID_SIZE]; /* "" until it is done */
    enum web_job_state state;
    struct arena *arena;
    const char *folder;
    const char **words; /* of the command line: command and options */
    size_t word_count;
    const char **operands; /* behind "--" */
    size_t operand_count;
    bool is_page; /* files that have an address; else only its output counts */
    int output;   /* files in memory, while it runs: its standard output and error; -1 */
    int said;
    time_t began;
    uint32_t order; /* for the fork server, of the running */
    unsigned tries; /* orders so far */
    pid_t pid;      /* 0: ordered, it has not begun */
    time_t deadline;
    int status;         /* of the process that ended */
    const char *reason; /* why it failed: the last line it wrote */
    struct web_job *next;
};

struct web_jobs {
    const struct web_options *options;
    const char *folder; /* of all jobs */
    struct web_fork_server forks;
    uint32_t orders;
    struct web_job *first;
    size_t waiting;
    size_t running;
    size_t ordered; /* of the running: not begun */
    size_t finished;
};

/* 128 random bits, WEB_ID_SIZE octets with the NUL */
void web_make_token(char *token);

/* NULL: too many wait */
struct web_job *web_job_new(struct web_jobs *jobs);
void web_job_add(struct web_job *job, const char *word);
void web_job_add_operand(struct web_job *job, const char *word);
/* an absolute path in the job's folder */
const char *web_job_path(struct web_job *job, const char *name);
/* all that its process wrote; false: it cannot be read */
bool web_job_output(struct arena *arena, struct web_job *job, struct span *bytes_out);
/* the last line that its process wrote about itself; "" */
const char *web_job_said(struct arena *arena, struct web_job *job);
void web_job_start(struct web_jobs *jobs, struct web_job *job);
/* forget a job in any state; its process is killed */
void web_job_drop(struct web_jobs *jobs, struct web_job *job);

/* notice processes that ended, kill those that take too long, start those that wait */
void web_jobs_turn(struct web_jobs *jobs);
/* by id or digest; NULL */
struct web_job *web_jobs_find(struct web_jobs *jobs, const char *name);
/* kill all, remove folders that are not kept */
void web_jobs_close(struct web_jobs *jobs);

#endif
