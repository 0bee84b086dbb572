/* Each function tries one thing that a hostile message might make a library do. */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "engine_provoke.h"

#include "base/limits.h"
#include "engine/engine_library.h"
#include "model/result.h"

#define GROW_STEP    (1024 * 1024)
#define GROW_AT_ONCE ((size_t)4 * 1024 * 1024 * 1024)
#define INIT         1 /* a process that is always there */

/* provoke_open_file - the first file anybody would try */
static void provoke_open_file(void)
{
    (void)open("/etc/passwd", O_RDONLY | O_CLOEXEC);
}

static void open_socket(void)
{
    (void)socket(AF_INET, SOCK_DGRAM, 0);
}

static void fork_away(void)
{
    (void)fork();
}

static void run_program(void)
{
    char *nothing[] = {NULL};

    (void)execve("/bin/true", nothing, nothing);
}

static void provoke_trace(void)
{
    (void)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

/* signal_another - signal 0, which does nothing where it is allowed; tgkill is, to itself */
static void signal_another(void)
{
    (void)syscall(SYS_tgkill, INIT, INIT, 0);
}

static void write_elsewhere(void)
{
    (void)!write(ENGINE_CHILD_IN, "x", 1);
}

/* map_code, protect_code - memory that could be written and run */
static void map_code(void)
{
    (void)mmap(NULL, GROW_STEP, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
               -1, 0);
}

static void protect_code(void)
{
    void *memory =
        mmap(NULL, GROW_STEP, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (memory != MAP_FAILED)
        (void)mprotect(memory, GROW_STEP, PROT_READ | PROT_EXEC);
}

static void provoke_crash(void)
{
    volatile uintptr_t nowhere = sizeof(int);

    *(volatile int *)nowhere = 0;
}

static void provoke_hang(void)
{
    for (volatile unsigned turns = 0;; turns++)
        continue;
}

/* provoke_grow - map memory until it is refused; a child without a limit stops at eight
 * times it */
static void provoke_grow(void)
{
    for (size_t size = 0; size < (size_t)8 * LIMIT_CHILD_MEMORY_BYTES; size += GROW_STEP)
        if (mmap(NULL, GROW_STEP, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
            MAP_FAILED)
            _exit(ENGINE_STATUS_GREW);
}

/* grow_at_once - more than there may be, in one piece */
static void grow_at_once(void)
{
    if (mmap(NULL, GROW_AT_ONCE, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) == MAP_FAILED)
        _exit(ENGINE_STATUS_GREW);
}

/* die_in_body - ask for the body, read a little of it, and be gone */
static void die_in_body(void)
{
    char some[ENGINE_FRAME_HEADER];

    engine_child_reply(ENGINE_FRAME_BODY_WANTED, span_of(""));
    (void)!read(ENGINE_CHILD_IN, some, sizeof(some));
    provoke_crash();
}

/* provoke_announce - the header of a frame, without the frame */
static void provoke_announce(enum engine_frame kind, size_t len)
{
    static const char nothing[ENGINE_FRAME_FIRST];
    char first[ENGINE_FRAME_FIRST];
    struct span rest = {NULL, 0};

    (void)engine_frame_first(kind, span_make(nothing, len), first, &rest);
    (void)!write(ENGINE_CHILD_OUT, first, ENGINE_FRAME_HEADER);
}

static void die_in_answer(void)
{
    provoke_announce(ENGINE_FRAME_VERDICTS, ENGINE_FRAME_HEADER);
    provoke_crash();
}

/* provoke_answer - one verdict: the number of a result, and a clause */
static void provoke_answer(int result, struct span clause)
{
    struct arena *arena = arena_open();
    struct sbuf out = sbuf_start(arena);

    engine_put_octet(&out, (uint8_t)result);
    engine_put_span(&out, clause);
    engine_child_reply(ENGINE_FRAME_VERDICTS, sbuf_span(&out));
    arena_close(arena);
}

static void die_after_answer(void)
{
    provoke_answer(SPF_PASS, span_of("a lie"));
    provoke_crash();
}

static void provoke_babble(void)
{
    static const char octets[] = "\377\377\377\377\377 nobody sends frames of four gigabytes";

    (void)!write(ENGINE_CHILD_OUT, octets, sizeof(octets));
    _exit(0);
}

/* provoke_flood - frames that nobody waits for, until nobody reads */
static void provoke_flood(void)
{
    static char octets[LIMIT_CHILD_REPLY_BYTES];

    for (;;)
        engine_child_reply(ENGINE_FRAME_VERDICTS, span_make(octets, sizeof(octets)));
}

static void answer_too_long(void)
{
    provoke_announce(ENGINE_FRAME_VERDICTS, LIMIT_CHILD_REPLY_BYTES + 1);
    _exit(0);
}

static void answer_no_result(void)
{
    provoke_answer(UINT8_MAX, span_of(""));
    _exit(0);
}

/* answer_and_more - a verdict, and octets that belong to nothing */
static void answer_and_more(void)
{
    struct arena *arena = arena_open();
    struct sbuf out = sbuf_start(arena);

    engine_put_octet(&out, SPF_PASS);
    engine_put_span(&out, span_of(""));
    engine_put_octet(&out, 0);
    engine_child_reply(ENGINE_FRAME_VERDICTS, sbuf_span(&out));
    _exit(0);
}

/* miss_no_names - more names are missed than the frame can hold */
static void miss_no_names(void)
{
    struct arena *arena = arena_open();
    struct sbuf out = sbuf_start(arena);

    engine_put_number(&out, UINT64_MAX);
    engine_child_reply(ENGINE_FRAME_MISSED, sbuf_span(&out));
    _exit(0);
}

/* answer_escapes - a verdict whose clause would own a terminal */
static void answer_escapes(void)
{
    char some[4096];

    /* who ends before the question is there leaves the other side writing to nobody */
    (void)!read(ENGINE_CHILD_IN, some, sizeof(some));
    provoke_answer(SPF_PASS, span_of("\033]0;owned\a\r\n\302\233\342\200\256\377"));
    _exit(0);
}

/* end_as_absent - as where the library could not be loaded */
static void end_as_absent(void)
{
    _exit(ENGINE_STATUS_ABSENT);
}

void engine_provoke_now(enum engine_kind kind)
{
    static void (*const actions[ENGINE_PROVOKE_LIMIT])(void) = {
#define PROVOCATION(name, function) [ENGINE_PROVOKE_##name] = function,
#include "engine_provoke.def"
#undef PROVOCATION
    };

    if ((int)kind < ENGINE_PROVOKE_LIMIT && actions[kind] != NULL)
        actions[kind]();
}

struct engine_end engine_provoke(struct engine *engine, enum engine_kind kind)
{
    struct engine_talk talk;
    uint8_t frame = 0;
    struct span reply;

    if (!engine_talk_open(&talk, engine, ENGINE_BIT(kind), ""))
        return (struct engine_end){.kind = ENGINE_END_UNKNOWN, .number = 0};
    engine_talk_send(&talk, ENGINE_FRAME_BODY, span_of("in place of a question"));
    if (engine_talk_receive(&talk, &frame, &reply) && frame == ENGINE_FRAME_BODY_WANTED)
        while (engine_talk_send(&talk, ENGINE_FRAME_BODY, span_make((char[4096]){0}, 4096)))
            continue;
    return engine_talk_close(&talk);
}
