/* One table of names and places; the header of libcurl gives the types. */
#include "fetch/fetch_library.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define LIBRARY "libcurl.so.4" /* the interface that libcurl keeps since 2006 */

static const struct {
    const char *name;
    size_t at;
} places[] = {
#define F(name) {#name, offsetof(struct fetch_library, call_##name)},
    FETCH_FUNCTIONS(F)
#undef F
};

const struct fetch_library *fetch_library(const char **trouble_out)
{
    static struct fetch_library library;
    static bool is_loaded;
    void *handle = NULL;

    *trouble_out = "libcurl cannot be loaded: install libcurl4";
    if (is_loaded)
        return &library;
    handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL)
        return NULL;
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        void *function = dlsym(handle, places[i].name);

        if (function == NULL)
            return NULL;
        memcpy((char *)&library + places[i].at, &function, sizeof(function));
    }
    if (library.call_curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        *trouble_out = "libcurl cannot be started";
        return NULL;
    }
    is_loaded = true;
    return &library;
}
