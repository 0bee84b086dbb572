/* The header of libcurl gives the types. */
#include "fetch/fetch_library.h"

#include "base/library.h"
#include "base/span.h"

static const struct library_place places[] = {
#define F(name) {#name, offsetof(struct fetch_library, call_##name)},
    FETCH_FUNCTIONS(F)
#undef F
};

const struct fetch_library *fetch_library(const char **trouble_out)
{
    static struct fetch_library library;
    static bool is_loaded;

    *trouble_out = "libcurl cannot be loaded: install libcurl4";
    if (is_loaded)
        return &library;
    if (!library_load(LIBRARY_CURL, places, COUNT_OF(places), &library))
        return NULL;
    if (library.call_curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        *trouble_out = "libcurl cannot be started";
        return NULL;
    }
    is_loaded = true;
    return &library;
}
