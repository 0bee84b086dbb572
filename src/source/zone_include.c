/*
 * $INCLUDE FILE [ORIGIN] (RFC 1035, 5.1). The file is looked for next to the one that names it.
 * It must lie in the tree that the zone belongs to, also after symbolic links are followed: a
 * zone file that somebody proposes must not read what else this machine holds.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/err.h"
#include "base/escape.h"
#include "base/file.h"
#include "base/limits.h"
#include "source/zone_include.h"

/* include_path - where the file is, as the user would name it; NULL after noting a fault */
static const char *include_path(struct zone *zone, const struct zone_word *word)
{
    struct arena *arena = zone->arena;
    const char *tree = zone->tree != NULL ? zone->tree : file_folder_of(arena, zone->path);
    const char *path = arena_strdup_span(arena, word->text);
    const char *shown = escape_to_text(arena, word->text, LIMIT_SHOWN_BYTES);
    const char *real = NULL;
    const char *real_tree = file_real_path(arena, tree);

    if (memchr(word->text.at, '\0', word->text.len) != NULL || word->text.len >= PATH_MAX) {
        zone_fault_add(zone, word->line, "$INCLUDE: \"%s\" is not a file name", shown);
        return NULL;
    }
    if (path[0] != '/')
        path = arena_printf(arena, "%s/%s", file_folder_of(arena, zone->file), path);
    real = file_real_path(arena, path);
    if (real == NULL || real_tree == NULL) {
        zone_fault_add(zone, word->line, "$INCLUDE %s: %s", shown, strerror(errno));
        return NULL;
    }
    if (file_below(real, real_tree) == NULL) {
        zone_fault_add(zone, word->line,
                       "$INCLUDE %s: outside \"%s\", the folder that the zone belongs to; "
                       "move the file there",
                       shown, escape_to_text(arena, span_of(tree), LIMIT_SHOWN_BYTES));
        return NULL;
    }
    return strncmp(path, "./", 2) == 0 && zone->file[0] != '.' ? path + 2 : path;
}

bool zone_include_open(struct zone *zone, struct arena *arena, const struct zone_entry *entry,
                       struct zone_included *out)
{
    struct err why = {0};

    if (entry->count < 2 || entry->count > 3)
        return zone_fault_add(zone, entry->line, "$INCLUDE takes a file and perhaps an origin");
    if (zone->include_depth == LIMIT_INCLUDE_DEPTH)
        return zone_fault_add(
            zone, entry->line,
            "$INCLUDE more than %d deep; perhaps the files include each other",
            LIMIT_INCLUDE_DEPTH);
    if ((out->path = include_path(zone, &entry->words[1])) == NULL)
        return false;
    if (!file_load_text(arena, out->path, LIMIT_ZONE_BYTES, &out->bytes, &why))
        return zone_fault_add(zone, entry->line, "$INCLUDE %s", why.text);
    zone->included_bytes += out->bytes.len;
    if (zone->included_bytes > LIMIT_ZONE_BYTES)
        return zone_fault_add(zone, entry->line,
                              "$INCLUDE: all files together are larger than %d "
                              "octets",
                              LIMIT_ZONE_BYTES);
    return true;
}
