/*
 * NAME
 *     web_fork_server - processes for judgements, without the start of a program
 * DESCRIPTION
 *     The server starts this program a second time, under the name WEB_FORK_SERVER. That
 *     process loads once what each judgement needs and reads nothing of a subject; for each
 *     order, the descriptors of a job, it forks. So a judgement begins with libraries that
 *     are linked and files that are read, and its memory holds nothing of the server or of
 *     another subject.
 *
 *     What is forked is a child of the server (CLONE_PARENT), which waits for it and kills it;
 *     it says its process number itself, before it reads anything. The fork server may be
 *     killed at any time: judgements go on, and the next order starts another one.
 * OWNERSHIP
 *     web_fork_server_close() ends the process.
 * ERRORS
 *     web_fork_server_order() returns false where no process can be started.
 */
#ifndef WEB_FORK_SERVER_H
#define WEB_FORK_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"

/* the name of the program, argv[0], under which it is one */
#define WEB_FORK_SERVER "mailassay-fork-server"

struct web_fork_server {
    int program;              /* this program, to be run again */
    const char *const *words; /* of its command line, behind the name */
    size_t word_count;
    pid_t pid; /* 0: it was not started, or is gone */
    int control;
};

/* what goes with an order */
enum web_fork_fd {
    WEB_FORK_INPUT, /* the child's standard input, output and error */
    WEB_FORK_OUTPUT,
    WEB_FORK_ERROR,
    WEB_FORK_FOLDER, /* that it works in */
    WEB_FORK_FDS
};

/* a child of ours that began, and for which order; pid -1: it could not be forked */
struct web_forked {
    uint32_t number;
    pid_t pid;
};

bool web_fork_server_start(struct web_fork_server *server, struct arena *arena);
/* fork a child with these; starts the fork server where there is none */
bool web_fork_server_order(struct web_fork_server *server, struct arena *arena, uint32_t number,
                           int fds[WEB_FORK_FDS]);
/* the next child that began; false: none for now. Sets `is_gone_out` if the fork server is:
 * what was ordered and has not begun never will. */
bool web_fork_server_next(struct web_fork_server *server, struct web_forked *forked_out,
                          bool *is_gone_out);
void web_fork_server_close(struct web_fork_server *server);

/* ---- in the process of that name ---- */

struct web_fork_work {
    bool (*is_fresh)(void *ctx); /* before each fork; false: a new fork server is needed */
    int (*run)(void *ctx);       /* in the child, in the folder; returns its exit status */
    void *ctx;
};

/* until the server is gone, or what was loaded is not fresh; returns the exit status */
int web_fork_server_main(const struct web_fork_work *work);

#endif
