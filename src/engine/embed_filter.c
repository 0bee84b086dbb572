/*
 * embed_filter FILE.c - run by the build: writes the filter of system calls as a table of C. It
 * is not a part of the program.
 */
#include <seccomp.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file_write.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "engine/engine_filter.h"
#include "engine/engine_library.h"

/* of libseccomp: with it SCMP_ACT_KILL_PROCESS is known, whatever the kernel of the build can
 * do (seccomp_api_get(3)) */
#define API_WITH_KILL_PROCESS 3

/* how memory is mapped: where there is mmap2(), mmap() has its protection in memory, which a
 * filter does not see */
#ifdef __NR_mmap2
#define MAP_CALL SCMP_SYS(mmap2)
#else
#define MAP_CALL SCMP_SYS(mmap)
#endif

/* calls about memory, time or the process itself; libseccomp leaves out those that a processor
 * does not have, as the last lines on one of 64 bits */
static const int allowed[] = {
    SCMP_SYS(brk),          SCMP_SYS(munmap),          SCMP_SYS(mremap),
    SCMP_SYS(madvise),      SCMP_SYS(futex),           SCMP_SYS(exit_group),
    SCMP_SYS(exit),         SCMP_SYS(clock_gettime),   SCMP_SYS(gettimeofday),
    SCMP_SYS(time),         SCMP_SYS(getrandom),       SCMP_SYS(getpid),
    SCMP_SYS(gettid),       SCMP_SYS(rt_sigreturn),    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigaction), SCMP_SYS(restart_syscall), SCMP_SYS(sched_yield),
    SCMP_SYS(getuid),       SCMP_SYS(geteuid),         SCMP_SYS(getgid),
    SCMP_SYS(getegid),      SCMP_SYS(clock_gettime64), SCMP_SYS(futex_time64),
    SCMP_SYS(sigreturn),    SCMP_SYS(getuid32),        SCMP_SYS(geteuid32),
    SCMP_SYS(getgid32),     SCMP_SYS(getegid32),
#ifdef ENGINE_SANITIZED
    SCMP_SYS(sigaltstack),  SCMP_SYS(readlink),        SCMP_SYS(rt_sigpending),
#endif
};

/* allow_on - a call on one descriptor, or about one process, only */
static int allow_on(scmp_filter_ctx filter, int call, int number)
{
    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1,
                            SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)number, 0));
}

/* allow_data - a call that maps memory, unless code could run there */
static int allow_data(scmp_filter_ctx filter, int call)
{
    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1,
                            SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
}

/* fill_filter - every other call ends the process; false: libseccomp refused a rule */
static bool fill_filter(scmp_filter_ctx filter)
{
    int trouble = 0;

    for (size_t i = 0; i < COUNT_OF(allowed) && trouble == 0; i++)
        trouble = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
    return trouble == 0 && allow_data(filter, MAP_CALL) == 0 &&
           allow_data(filter, SCMP_SYS(mprotect)) == 0 &&
           allow_on(filter, SCMP_SYS(read), ENGINE_CHILD_IN) == 0 &&
           allow_on(filter, SCMP_SYS(write), ENGINE_CHILD_OUT) == 0 &&
           /* messages of a dying C library: the descriptor is closed */
           allow_on(filter, SCMP_SYS(write), STDERR_FILENO) == 0 &&
           allow_on(filter, SCMP_SYS(writev), STDERR_FILENO) == 0 &&
           /* abort() */
           allow_on(filter, SCMP_SYS(tgkill), ENGINE_ANY_PID) == 0;
}

/* export_filter - its instructions, by way of a file; returns how many, 0: none */
static size_t export_filter(scmp_filter_ctx filter,
                            struct sock_filter instructions[ENGINE_FILTER_ROOM])
{
    FILE *file = tmpfile();
    size_t count = 0;

    if (file == NULL)
        return 0;
    if (seccomp_export_bpf(filter, fileno(file)) == 0 && fseek(file, 0, SEEK_SET) == 0)
        count = fread(instructions, sizeof(instructions[0]), ENGINE_FILTER_ROOM, file);
    (void)fclose(file);
    return count < ENGINE_FILTER_ROOM ? count : 0;
}

/* make_filter - returns the number of instructions; 0: libseccomp cannot make it */
static size_t make_filter(struct sock_filter instructions[ENGINE_FILTER_ROOM])
{
    scmp_filter_ctx filter = NULL;
    size_t count = 0;

    if (seccomp_api_set(API_WITH_KILL_PROCESS) != 0 ||
        (filter = seccomp_init(SCMP_ACT_KILL_PROCESS)) == NULL)
        return 0;
    if (fill_filter(filter))
        count = export_filter(filter, instructions);
    seccomp_release(filter);
    return count;
}

/* embed_filter_table - the whole file of C */
static struct span embed_filter_table(struct arena *arena,
                                      const struct sock_filter *instructions, size_t count)
{
    struct sbuf out = sbuf_start(arena);

    sbuf_add(&out, "/* Written by embed_filter.c. */\n"
                   "#include \"engine/engine_filter.h\"\n\n"
                   "const struct sock_filter engine_filter[] = {\n");
    for (size_t i = 0; i < count; i++)
        sbuf_addf(&out, "    {%u, %u, %u, %uu},\n", instructions[i].code, instructions[i].jt,
                  instructions[i].jf, instructions[i].k);
    sbuf_addf(&out, "};\nconst size_t engine_filter_count = %zu;\n", count);
    return sbuf_span(&out);
}

int main(int argc, char **argv)
{
    static struct sock_filter instructions[ENGINE_FILTER_ROOM];
    struct arena *arena = arena_open();
    struct err why = {0};
    size_t count = make_filter(instructions);
    bool is_fine = false;

    if (argc != 2)
        err_set(&why, "embed_filter FILE.c");
    else if (count == 0)
        err_set(&why, "libseccomp cannot make the filter of system calls");
    else
        is_fine = file_save(argv[1], embed_filter_table(arena, instructions, count), &why);
    if (!is_fine)
        fprintf(stderr, "%s\n", why.text);
    arena_close(arena);
    return is_fine ? 0 : 1;
}
