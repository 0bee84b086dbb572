/* The table of names comes from the header, where names become calls through the structure. */
#include "web/web_library.h"

#include <stddef.h>

#include "base/library.h"

#define LIBRARY "libmicrohttpd.so.12" /* since 0.9.50, and of 1.0 */

struct web_library web_library;

static const struct library_place places[] = {
#define F(name) {#name, offsetof(struct web_library, call_##name)},
    WEB_FUNCTIONS(F)
#undef F
};

bool web_library_load(void)
{
    return library_load(LIBRARY, places, sizeof(places) / sizeof(places[0]), &web_library);
}
