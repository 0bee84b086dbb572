/*
 * Descriptors first, limits next, the filter last. Each failure ends the process, so that no
 * library runs unconfined.
 *
 * The filter is made once, in the fork server, because making it takes longer than most
 * answers. The child's process number, which abort() needs, is put in by the child.
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/library.h"
#include "base/limits.h"
#include "engine/engine_library.h"
#include "engine/engine_private.h"

#ifndef ENGINE_MEMCHECK

#define SECCOMP_FUNCTIONS(F) \
    F(seccomp_export_bpf)    \
    F(seccomp_init)          \
    F(seccomp_release)       \
    F(seccomp_rule_add)

static struct seccomp_functions {
    SECCOMP_FUNCTIONS(LIBRARY_POINTER)
} seccomp;

static const struct library_place seccomp_places[] = {
#define PLACE(name) LIBRARY_PLACE(struct seccomp_functions, name)
    SECCOMP_FUNCTIONS(PLACE)
#undef PLACE
};

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

/* confine_limit - one resource, for good */
static void confine_limit(int resource, rlim_t most)
{
    struct rlimit both = {.rlim_cur = most, .rlim_max = most};

    if (setrlimit((__rlimit_resource_t)resource, &both) != 0)
        _exit(ENGINE_STATUS_UNCONFINED);
}

/* limit_all - no files, no processes, no core; time and memory */
static void limit_all(void)
{
    confine_limit(RLIMIT_CORE, 0);
    confine_limit(RLIMIT_CPU, LIMIT_CHILD_CPU_SECONDS);
    confine_limit(RLIMIT_FSIZE, 0);
    confine_limit(RLIMIT_NOFILE, 0);
    confine_limit(RLIMIT_NPROC, 0);
#ifndef ENGINE_SANITIZED
    confine_limit(RLIMIT_AS, LIMIT_CHILD_MEMORY_BYTES);
#endif
}

/* allow_on - a call on one descriptor only */
static int allow_on(scmp_filter_ctx filter, int call, int fd)
{
    return seccomp.seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1,
                                    SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)fd, 0));
}

/* allow_data - a call that maps memory, unless code could run there */
static int allow_data(scmp_filter_ctx filter, int call)
{
    return seccomp.seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1,
                                    SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
}

#define FILTER_ROOM 512        /* instructions; there are about 60 */
#define ANY_PID     0x7fffffff /* stands for the child's number; no process has it */

static struct sock_filter instructions[FILTER_ROOM];
static size_t instruction_count; /* 0: not made */

/* fill_filter - every other call ends the process; 0 or an error of libseccomp */
static int fill_filter(scmp_filter_ctx filter)
{
    int trouble = 0;

    for (size_t i = 0; i < COUNT_OF(allowed) && trouble == 0; i++)
        trouble = seccomp.seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
    return trouble != 0 || allow_data(filter, MAP_CALL) != 0 ||
           allow_data(filter, SCMP_SYS(mprotect)) != 0 ||
           allow_on(filter, SCMP_SYS(read), ENGINE_CHILD_IN) != 0 ||
           allow_on(filter, SCMP_SYS(write), ENGINE_CHILD_OUT) != 0 ||
           /* messages of a dying C library: the descriptor is closed */
           allow_on(filter, SCMP_SYS(write), STDERR_FILENO) != 0 ||
           allow_on(filter, SCMP_SYS(writev), STDERR_FILENO) != 0 ||
           /* abort() */
           allow_on(filter, SCMP_SYS(tgkill), ANY_PID) != 0;
}

/* read_filter - the instructions, out of a file in memory */
static void read_filter(scmp_filter_ctx filter)
{
    int fd = memfd_create("filter", MFD_CLOEXEC);
    ssize_t got = 0;

    if (fd < 0)
        return;
    if (seccomp.seccomp_export_bpf(filter, fd) == 0 && lseek(fd, 0, SEEK_SET) == 0)
        got = read(fd, instructions, sizeof(instructions));
    (void)close(fd);
    if (got > 0 && (size_t)got < sizeof(instructions))
        instruction_count = (size_t)got / sizeof(instructions[0]);
}

/* load_filter - with the child's own number, which is compared once */
static void load_filter(void)
{
    struct sock_fprog program = {.len = (unsigned short)instruction_count,
                                 .filter = instructions};
    size_t count = 0;

    for (size_t i = 0; i < instruction_count; i++)
        if (BPF_CLASS(instructions[i].code) == BPF_JMP && instructions[i].k == ANY_PID) {
            instructions[i].k = (uint32_t)getpid();
            count++;
        }
    if (count != 1 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) != 0)
        _exit(ENGINE_STATUS_UNCONFINED);
}

#endif

void engine_confine_prepare(void)
{
#ifndef ENGINE_MEMCHECK
    scmp_filter_ctx filter = NULL;

    if (instruction_count > 0 ||
        !library_load(LIBRARY_SECCOMP, seccomp_places, COUNT_OF(seccomp_places), &seccomp) ||
        (filter = seccomp.seccomp_init(SCMP_ACT_KILL_PROCESS)) == NULL)
        return;
    if (fill_filter(filter) == 0)
        read_filter(filter);
    seccomp.seccomp_release(filter);
#endif
}

void engine_confine(void)
{
    sigset_t none;

    if (!ENGINE_KEEPS_STDERR)
        (void)close(STDERR_FILENO);
    (void)close(STDIN_FILENO);
    (void)close(STDOUT_FILENO);
    if (close_range(ENGINE_CHILD_OUT + 1, ~0U, 0) != 0)
        _exit(ENGINE_STATUS_UNCONFINED);
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || prctl(PR_SET_DUMPABLE, 0) != 0 ||
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        _exit(ENGINE_STATUS_UNCONFINED);
#ifndef ENGINE_MEMCHECK
    limit_all();
    load_filter();
#endif
}
