/*
 * A zone is loaded in three steps, each in its own file: the bytes are cut into words
 * (zone_text.c), read as records (zone_read.c, zone_rdata.c) and put under
 * their names (zone_index.c). zone_find.c answers questions.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "source/zone_private.h"

/* by_line - sort faults of a file; those of one line by their text */
static int by_line(const void *left, const void *right)
{
    const struct zone_fault *a = left;
    const struct zone_fault *b = right;
    int order = strcmp(a->file, b->file);

    if (order != 0)
        return order;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    return strcmp(a->text, b->text);
}

/* sort_faults - the array becomes a list in the order of lines */
static void sort_faults(struct zone *zone)
{
    if (zone->fault_count == 0)
        return;
    qsort(zone->faults, zone->fault_count, sizeof(*zone->faults), by_line);
    for (size_t i = 0; i + 1 < zone->fault_count; i++)
        zone->faults[i].next = &zone->faults[i + 1];
}

struct zone *zone_open(struct arena *arena, const struct zone_request *request, struct err *why)
{
    const char *path = request->path;
    struct zone *zone = arena_new_of(arena, struct zone);
    struct arena *file = arena_open(); /* records do not look into the bytes of the file */
    struct span bytes = {0};
    bool is_read = false;

    zone->arena = arena;
    zone->path = arena_strdup(arena, path);
    zone->file = zone->path;
    zone->tree = request->tree;
    zone->source = arena_printf(arena, "zone:%s", path);
    zone->apex = request->origin;
    is_read = file_load_text(file, path, LIMIT_ZONE_BYTES, &bytes, why) &&
              zone_read(zone, bytes, why);
    arena_close(file);
    if (!is_read)
        return NULL;
    zone_index(zone);
    sort_faults(zone);
    return zone;
}

struct zone *zone_make(struct arena *arena, const struct zone_records *records)
{
    struct zone *zone = arena_new_of(arena, struct zone);
    struct dns_rr **link = &zone->records;

    zone->arena = arena;
    zone->path = records->path;
    zone->file = records->path;
    zone->source = records->source;
    zone->apex = records->apex;
    for (size_t i = 0; i < records->count; i++) {
        *link = records->list[i];
        link = &(*link)->next;
    }
    for (size_t i = 0; i < records->alias_count; i++) {
        const struct zone_remark *from = &records->aliases[i];
        struct zone_remark *alias = zone_remark_add(zone, &zone->aliases, from->line);

        alias->file = from->file;
        alias->owner = from->owner;
        alias->text = from->text;
    }
    zone_index(zone);
    sort_faults(zone);
    return zone;
}

const struct dns_name *zone_apex(const struct zone *zone)
{
    return zone->apex;
}

bool zone_has(const struct zone *zone, const struct dns_name *name, enum dns_type type)
{
    const struct zone_node *node = dns_name_table_find(&zone->names, dns_name_key(name));

    return node != NULL && zone_node_first(node, type) != NULL;
}

const struct zone_remark *zone_remarks(const struct zone *zone)
{
    return zone->remarks.first;
}

const struct zone_remark *zone_aliases(const struct zone *zone)
{
    return zone->aliases.first;
}

void zone_each_record(const struct zone *zone, zone_record_fn *each, void *ctx)
{
    for (const struct zone_node *node = zone->nodes; node != NULL; node = node->next)
        for (const struct dns_rr *rr = node->first; rr != NULL; rr = rr->next)
            each(ctx, rr);
}

void zone_each_entry(const struct zone *zone, source_entry_fn *each, void *ctx)
{
    for (const struct zone_node *node = zone->nodes; node != NULL; node = node->next)
        for (const struct dns_rr *rr = node->first; rr != NULL; rr = rr->next)
            each(ctx, &(struct dns_question){rr->owner, rr->type}, rr);
}

const char *zone_source(const struct zone *zone)
{
    return zone->source;
}
