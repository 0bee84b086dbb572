/* What all parts of the search use. */
#include "auth/auth_damage_private.h"
#include "base/escape.h"

#define QUOTE_SHOWN 60

void damage_report(struct damage_work *work, size_t index, struct auth_damage found)
{
    struct auth_damage *damage = arena_new_of(work->arena, struct auth_damage);
    struct auth_damage **place = &work->lists[index];

    *damage = found;
    damage->next = NULL;
    while (*place != NULL)
        place = &(*place)->next;
    *place = damage;
}

bool damage_spend(struct damage_work *work, uint64_t octets)
{
    if (octets > work->octets_left)
        return false;
    work->octets_left -= octets;
    return true;
}

const char *damage_quote(struct arena *arena, struct span text)
{
    return arena_printf(arena, "\"%s\"", escape_header(arena, text, QUOTE_SHOWN));
}
