/* Faults of a zone file. */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "source/zone_private.h"

/* room kept in an error text for "and N more" */
#define MORE_ROOM 64

bool zone_fault_add(struct zone *zone, int line, const char *format, ...)
{
    struct zone_fault fault = {.file = zone->file, .line = line};
    va_list args;

    zone->is_cut = zone->fault_count == LIMIT_ZONE_FAULTS;
    if (zone->is_cut)
        return false;
    va_start(args, format);
    fault.text = arena_vprintf(zone->arena, format, args);
    va_end(args);
    arena_append(zone->arena, zone->faults, zone->fault_count, fault);
    return false;
}

const struct zone_fault *zone_faults(const struct zone *zone)
{
    return zone->faults;
}

void zone_faults_to_err(const struct zone *zone, struct err *why)
{
    char text[ERR_TEXT_SIZE] = "";
    size_t len = 0;
    size_t shown = 0;

    for (shown = 0; shown < zone->fault_count; shown++) {
        int added = snprintf(text + len, sizeof(text) - len, "%s%s:%d: %s",
                             shown == 0 ? "" : "\n", zone->faults[shown].file,
                             zone->faults[shown].line, zone->faults[shown].text);

        if (added < 0 || (size_t)added + MORE_ROOM > sizeof(text) - len) {
            text[len] = '\0';
            break;
        }
        len += (size_t)added;
    }
    if (shown < zone->fault_count)
        err_set(why, "%s%sand %zu more%s", text, shown == 0 ? "" : "\n",
                zone->fault_count - shown, zone->is_cut ? "; the rest was not read" : "");
    else
        err_set(why, "%s", text);
}
