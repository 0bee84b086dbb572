/*
 * NAME
 *     engine_library - each library: what it is asked and what it answers
 * DESCRIPTION
 *     Private to engine/. engine_<library>_prepare() runs in the fork server and loads the
 *     library, and what it would otherwise load from files later.
 *     engine_<library>_answer() runs in the confined child, maybe several times: it reads
 *     the question, calls the library as a receiver does, and writes the verdicts.
 *     engine_<library>_version() is the version of the header that the build had.
 * OWNERSHIP
 *     All in the child's arena; what a library allocates dies with the child.
 * ERRORS
 *     A malformed question ends the child: the program wrote it itself. So does a library
 *     that is not installed, with ENGINE_STATUS_ABSENT.
 */
#ifndef ENGINE_LIBRARY_H
#define ENGINE_LIBRARY_H

#include "base/arena.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "engine/engine.h"
#include "engine/engine_answers.h"
#include "model/engine_verdict.h"

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define ENGINE_SANITIZED 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define ENGINE_SANITIZED 1
#endif

/* valgrind runs in the process it looks at, with calls, memory and a log file of its own, so
 * builds for it (MEMCHECK) set no limits and no filter, and wait longer. They cannot be
 * installed. */
#ifdef ENGINE_MEMCHECK
#define ENGINE_SANITIZED 1
#define ENGINE_SLOWNESS  20
#else
#define ENGINE_SLOWNESS 1
#endif

/* The address sanitizer reserves terabytes of address space, reports on standard error and
 * needs some more calls. */
#ifdef ENGINE_SANITIZED
#define ENGINE_KEEPS_STDERR 1
#else
#define ENGINE_KEEPS_STDERR 0
#endif

#define ENGINE_CHILD_IN  3 /* what a child may read from */
#define ENGINE_CHILD_OUT 4 /* what a child may write to */

/* exit status of a child whose library is not installed: EX_UNAVAILABLE */
#define ENGINE_STATUS_ABSENT 69

/* the child's side of the pipes */
struct engine_child {
    struct arena *arena;
    struct engine_reader question;
    struct engine_answers answers;
    int64_t now;
};

/* this build has the library, and libseccomp to confine it with */
bool engine_is_built(enum engine_library library);

/* give up all rights but computing and the two pipes; ends the process if that fails */
void engine_confine(void);

/* write a frame; ends the child if the program no longer listens. Verdicts are written when the
 * library has freed what it took: a child that has answered all is not waited for. */
void engine_child_reply(enum engine_frame kind, struct span payload);

/* read the next frame into `bytes` of `size` octets; ends the child if it is missing or too
 * long */
enum engine_frame engine_child_read(char *bytes, size_t size, size_t *len_out);

/* so many octets from the program; the child ends with it */
void engine_child_read_all(char *bytes, size_t len);

/* reply that names were missed; false: no name was */
bool engine_child_reply_missed(const struct engine_child *child);

/* one verdict; `result` is an enum spf_result, dkim_result or dmarc_result */
void engine_put_verdict(struct sbuf *out, int result, const char *detail);

void engine_spf2_prepare(void);
void engine_spf2_answer(struct engine_child *child);

void engine_opendkim_prepare(void);
void engine_opendkim_answer(struct engine_child *child);

void engine_opendmarc_load(void); /* without the list of public suffixes */
/* with what the list says of domains that end in these labels; empty: with the whole list */
void engine_opendmarc_prepare(const char *labels);
void engine_opendmarc_answer(struct engine_child *child);
/* what the library makes of a record alone, without a message */
void engine_opendmarc_read(struct engine_child *child);

const char *engine_spf2_version(struct arena *arena);
const char *engine_opendkim_version(struct arena *arena);

#endif
