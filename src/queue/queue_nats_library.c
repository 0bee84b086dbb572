/* The table is made from the list of the header. */
#include "queue/queue_nats_library.h"
#include "base/span.h"

struct queue_nats_functions nats;

static const struct library_place places[] = {
#define PLACE(name) LIBRARY_PLACE(struct queue_nats_functions, name)
    QUEUE_NATS_FUNCTIONS(PLACE)
#undef PLACE
};

bool queue_nats_load(void)
{
    return library_load(LIBRARY_NATS, places, COUNT_OF(places), &nats);
}
