/* Each function tries one thing that a hostile message might make a library do. */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/limits.h"
#include "engine/engine_library.h"
#include "engine/engine_provoke.h"

#define GROW_STEP (1024 * 1024)

/* open_file - the first file anybody would try */
static void open_file(void)
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

static void crash(void)
{
    volatile uintptr_t nowhere = sizeof(int);

    *(volatile int *)nowhere = 0;
}

static void hang(void)
{
    for (volatile unsigned turns = 0;; turns++)
        continue;
}

/* grow - map memory until it is refused; a child without a limit stops at eight times it */
static void grow(void)
{
    for (size_t size = 0; size < (size_t)8 * LIMIT_CHILD_MEMORY_BYTES; size += GROW_STEP)
        if (mmap(NULL, GROW_STEP, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
            MAP_FAILED)
            _exit(ENGINE_STATUS_GREW);
}

/* die_in_body - ask for the body, read a little of it, and be gone */
static void die_in_body(void)
{
    char some[ENGINE_FRAME_HEADER];

    engine_child_reply(ENGINE_FRAME_BODY_WANTED, span_of(""));
    (void)!read(ENGINE_CHILD_IN, some, sizeof(some));
    crash();
}

static void babble(void)
{
    static const char octets[] = "\377\377\377\377\377 nobody sends frames of four gigabytes";

    (void)!write(ENGINE_CHILD_OUT, octets, sizeof(octets));
    _exit(0);
}

void engine_provoke_now(enum engine_kind kind)
{
    static void (*const deeds[ENGINE_KIND_LIMIT])(void) = {
        [ENGINE_KIND_OPEN_FILE] = open_file, [ENGINE_KIND_OPEN_SOCKET] = open_socket,
        [ENGINE_KIND_FORK] = fork_away,      [ENGINE_KIND_CRASH] = crash,
        [ENGINE_KIND_HANG] = hang,           [ENGINE_KIND_GROW] = grow,
        [ENGINE_KIND_DIE_IN_BODY] = die_in_body, [ENGINE_KIND_BABBLE] = babble,
    };

    if (kind < ENGINE_KIND_LIMIT && deeds[kind] != NULL)
        deeds[kind]();
}
