/* The table of names comes from the header, where names become calls through the structure. */
#include "web/web_library.h"

#include <stddef.h>

#include "base/library.h"

struct web_library web_library;

static const struct library_place places[] = {
#define F(name) {#name, offsetof(struct web_library, call_##name)},
    WEB_FUNCTIONS(F)
#undef F
};

bool web_library_load(void)
{
    return library_load(LIBRARY_MICROHTTPD, places, sizeof(places) / sizeof(places[0]),
                        &web_library);
}
