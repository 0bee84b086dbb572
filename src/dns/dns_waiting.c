/* An array that doubles and is never given back: a scan asks the same source again. */
#include <string.h>

#include "dns/dns_waiting.h"

#define SIZE_FIRST 16

void dns_waiting_add(struct dns_waiting_list *list, struct arena *arena,
                     const struct dns_question *question, void *token)
{
    if (list->count == list->size) {
        size_t size = list->size == 0 ? SIZE_FIRST : list->size * 2;
        struct dns_waiting *grown = arena_array_of(arena, struct dns_waiting, size);

        if (list->count > 0)
            memcpy(grown, list->at, list->count * sizeof(*grown));
        list->at = grown;
        list->size = size;
    }
    list->at[list->count++] = (struct dns_waiting){*question, token};
}

void dns_waiting_clear(struct dns_waiting_list *list)
{
    list->count = 0;
}
