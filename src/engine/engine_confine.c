/*
 * Descriptors first, limits next, the filter last. Each failure ends the process, so that no
 * library runs unconfined.
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/limits.h"
#include "engine/engine_filter.h"
#include "engine/engine_library.h"
#include "engine/engine_private.h"

#ifndef ENGINE_MEMCHECK

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

/* load_filter - with the child's own number, which is compared once */
static void load_filter(void)
{
    struct sock_filter own[ENGINE_FILTER_ROOM];
    struct sock_fprog program = {.len = (unsigned short)engine_filter_count, .filter = own};
    size_t count = 0;

    for (size_t i = 0; i < engine_filter_count; i++) {
        own[i] = engine_filter[i];
        if (BPF_CLASS(own[i].code) == BPF_JMP && own[i].k == ENGINE_ANY_PID) {
            own[i].k = (uint32_t)getpid();
            count++;
        }
    }
    if (count != 1 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) != 0)
        _exit(ENGINE_STATUS_UNCONFINED);
}

#endif

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
