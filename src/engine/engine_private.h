/*
 * NAME
 *     engine_private - the parts of the engine among themselves, and for its tests
 * DESCRIPTION
 *     Private to engine/. The program (engine.c, engine_talk.c) asks. The fork server
 *     (engine_fork_server.c) is forked by engine_open() before any input is read, so
 *     that it holds nothing of it. It wipes the arguments and the environment, prepares
 *     the libraries, forks children, several at a time, and reports their end; it never
 *     looks at a message, a record or an answer. The child (engine_child.c) gets two
 *     pipes, confines itself (engine_confine.c), answers the questions about one subject
 *     and ends, and with it whatever a hostile message did to it. Replies of a child
 *     that did not end well are dropped, and each question is put again to a child of
 *     its own, so that what breaks one library costs that answer alone. Where there will be
 *     one subject, its child is a fork server without places, which answers itself: it has
 *     the libraries ready when the questions come, and no fork is between them.
 * OWNERSHIP
 *     engine_talk_open() gives a handle to be closed by engine_talk_close(); payloads
 *     live in the engine's scratch arena until the next call of engine_judge() ends.
 * ERRORS
 *     The talk functions return false once the child is gone, too slow or
 *     incomprehensible; engine_talk_close() then says which.
 */
#ifndef ENGINE_PRIVATE_H
#define ENGINE_PRIVATE_H

#include <stdnoreturn.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/span.h"
#include "engine/engine.h"
#include "engine/engine_suffixes.h"
#include "engine/engine_wire.h"
#include "model/engine_verdict.h"

/* Milliseconds that the fork server has for its own work beyond the wait for a child. */
#define ENGINE_GRACE_MS 2000

/* exit status of a child: it could not be confined (EX_OSERR of sysexits.h); a question that
 * nobody answers, or a forbidden call came back */
#define ENGINE_STATUS_UNCONFINED 71
#define ENGINE_STATUS_QUESTION   65 /* EX_DATAERR: the question makes no sense */
#define ENGINE_STATUS_ALONE      75 /* EX_TEMPFAIL: the program hung up */
#define ENGINE_STATUS_HOLE       43

enum engine_end_kind {
    ENGINE_END_EXIT,      /* number: exit status */
    ENGINE_END_SIGNAL,    /* number: signal */
    ENGINE_END_HUNG,      /* killed after the wait */
    ENGINE_END_UNSTARTED, /* no child could be forked */
    ENGINE_END_UNKNOWN    /* the fork server itself is gone */
};

struct engine_end {
    enum engine_end_kind kind;
    int number;
};

#define ENGINE_BIT(kind) (1U << (kind))

struct engine {
    struct arena *arena;             /* this struct */
    struct arena *scratch;           /* questions and replies; empty between two calls */
    pid_t fork_server;               /* 0: none */
    bool is_shared;                  /* with the engine that ends it */
    int control;                     /* to the fork server: one message per question */
    pid_t ready;                     /* a child that gets ready itself; 0: none */
    int ready_control;               /* to this child; -1: it was asked, or there is none */
    unsigned announced;              /* kinds of questions announced to the fork server */
    char labels[ENGINE_LABELS_ROOM]; /* of the domains that were announced last */
    int wait_ms;                     /* for one child */
    enum engine_kind instead; /* tests: what children do in place of answering; SPF: nothing */
};

/* the ends of pipes that go with an order */
enum engine_order_end {
    ENGINE_ORDER_IN,     /* the child reads from it */
    ENGINE_ORDER_OUT,    /* the child writes to it */
    ENGINE_ORDER_REPORT, /* the fork server writes how the child ended: struct engine_end */
    ENGINE_ORDER_ENDS
};

/* what the fork server receives, with these ends attached. Without a wait no child is forked:
 * questions are announced, and the libraries are prepared. */
struct engine_order {
    uint32_t kinds; /* a bit for each enum engine_kind that will be asked */
    int32_t wait_ms;
    char labels[ENGINE_LABELS_ROOM]; /* see engine_suffixes.h */
};

struct engine_talk {
    struct engine *engine;
    int to_child;
    int from_child;
    int report;       /* from the fork server; of a child that got ready itself a pidfd */
    bool is_ready;    /* it is such a child */
    int64_t deadline; /* clock_monotonic_ms() */
};

/* announce to the fork server that a question of the kind will come; `labels`: of the domains
 * in it, as far as they are known */
void engine_talk_announce(struct engine *engine, enum engine_kind kind, const char *labels);

/* `labels`: of the domains in a question about DMARC (engine_suffixes.h). false: the fork
 * server has ended */
bool engine_talk_open(struct engine_talk *talk, struct engine *engine, unsigned kinds,
                      const char *labels);
bool engine_talk_send(struct engine_talk *talk, enum engine_frame kind, struct span payload);
bool engine_talk_receive(struct engine_talk *talk, uint8_t *kind_out, struct span *payload_out);

/* how a process ended, by its status of wait(2) */
struct engine_end engine_end_of(int status);

/* closes the pipes and waits for the report on the child's end */
struct engine_end engine_talk_close(struct engine_talk *talk);
/* closes the pipes of a child that has answered all: how it ends changes nothing any more */
void engine_talk_leave(struct engine_talk *talk);

/* start the fork server, for so many children at a time; false with errno */
bool engine_fork_server_start(struct engine *engine, size_t places);
void engine_fork_server_stop(struct engine *engine);
/* the same of a child that gets ready itself; where there is none the fork server is asked */
void engine_ready_start(struct engine *engine);
void engine_ready_stop(struct engine *engine);
/* load what all libraries load from files */
void engine_fork_server_prepare(void);

/* the fork server's whole life; `control` is its end of the socket pair. Without places it is
 * the child of its first question. */
noreturn void engine_fork_server_main(int control, pid_t parent, size_t places);

/* the child's whole life */
noreturn void engine_child_main(unsigned kinds, int in, int out);

/* "libspf2 1.2.10", where the library has a version */
const char *engine_library_text(struct arena *arena, enum engine_library library);
/* take a reply apart, one verdict each, whose library is set; false unless it is exactly what
 * was asked for */
bool engine_verdicts_read(struct arena *arena, struct engine_verdict *verdicts, size_t count,
                          struct span reply);

/* how the library was lost on a question */
const char *engine_loss_text(struct arena *arena, const struct engine *engine,
                             enum engine_library library, const struct engine_end *end);

/* tests: what a child does that is asked for another kind; NULL: nothing */
extern void (*engine_child_provoked)(enum engine_kind kind);

#endif
