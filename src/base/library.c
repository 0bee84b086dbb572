/* dlsym() gives data pointers; memcpy() is how they become functions. What a library takes from
 * others is looked up when it is first called: a run uses few of these functions. */
#include "base/library.h"

#include <dlfcn.h>
#include <string.h>

bool library_load(const char *file, const struct library_place *places, size_t count,
                  void *functions_out)
{
    void *handle = dlopen(file, RTLD_LAZY | RTLD_LOCAL);

    if (handle == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        void *function = dlsym(handle, places[i].name);

        if (function == NULL)
            return false;
        memcpy((char *)functions_out + places[i].at, &function, sizeof(function));
    }
    return true;
}
