/* What the build has, and what the kernel says of itself. */
#include "libraries.h"

#include <errno.h>
#include <stdio.h>
#include <sys/prctl.h>

#include "engine/engine_library.h"

/* kernel_has_seccomp - one without says that it does not know the question (prctl(2)) */
static bool kernel_has_seccomp(void)
{
    return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0 || errno != EINVAL;
}

bool library_runs(enum engine_library library)
{
    if (!engine_is_built(library))
        printf("skipped: built without the libraries, or without libseccomp\n");
    else if (!kernel_has_seccomp())
        printf("skipped: no seccomp(2), and the libraries never run unconfined\n");
    else
        return true;
    return false;
}

bool libraries_run(void)
{
    return library_runs(ENGINE_LIBSPF2) && library_runs(ENGINE_LIBOPENDKIM) &&
           library_runs(ENGINE_LIBOPENDMARC);
}
