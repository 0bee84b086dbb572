/*
 * What this build has. Each library is an option of the build, and so is libseccomp, without
 * which none of them is asked. The functions of what is left out are here.
 */
#include <unistd.h>

#include "engine/engine_library.h"
#include "engine/engine_private.h"

bool engine_is_built(enum engine_library library)
{
    static const bool built[] = {
        [ENGINE_LIBSPF2] = WITH_LIBSPF2 && WITH_SECCOMP,
        [ENGINE_LIBOPENDKIM] = WITH_LIBOPENDKIM && WITH_SECCOMP,
        [ENGINE_LIBOPENDMARC] = WITH_LIBOPENDMARC && WITH_SECCOMP,
    };

    return built[library];
}

#if !WITH_SECCOMP
void engine_confine(void)
{
    _exit(ENGINE_STATUS_UNCONFINED);
}
#endif

#if !WITH_LIBSPF2
void engine_spf2_prepare(void)
{
}

void engine_spf2_answer(struct engine_child *child)
{
    (void)child;
    _exit(ENGINE_STATUS_UNCONFINED);
}

const char *engine_spf2_version(struct arena *arena)
{
    (void)arena;
    return "libspf2";
}
#endif

#if !WITH_LIBOPENDKIM
void engine_opendkim_prepare(void)
{
}

void engine_opendkim_answer(struct engine_child *child)
{
    (void)child;
    _exit(ENGINE_STATUS_UNCONFINED);
}

const char *engine_opendkim_version(struct arena *arena)
{
    (void)arena;
    return "libopendkim";
}
#endif

#if !WITH_LIBOPENDMARC
void engine_opendmarc_load(void)
{
}

void engine_opendmarc_prepare(const char *labels)
{
    (void)labels;
}

void engine_opendmarc_answer(struct engine_child *child)
{
    (void)child;
    _exit(ENGINE_STATUS_UNCONFINED);
}

void engine_opendmarc_read(struct engine_child *child)
{
    engine_opendmarc_answer(child);
}
#endif
