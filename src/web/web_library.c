/* The table is made from the list of the header. */
#include "web/web_library.h"
#include "base/span.h"

struct web_mhd_functions mhd;

static const struct library_place places[] = {
#define PLACE(name) LIBRARY_PLACE(struct web_mhd_functions, name)
    WEB_FUNCTIONS(PLACE)
#undef PLACE
};

bool web_library_load(void)
{
    return library_load(LIBRARY_MICROHTTPD, places, COUNT_OF(places), &mhd);
}
