/*
 * Names between records. Of a name without records it is known that it exists because another
 * one below it does. In the canonical order of names (RFC 4034, 6.1) all names below one are
 * together, so one of the two neighbours of a name shares most of it.
 */
#include <stdlib.h>

#include "source/zone_private.h"

/* nodes_in_order - qsort(3) */
static int nodes_in_order(const void *left, const void *right)
{
    return dns_name_compare((*(const struct zone_node *const *)left)->name,
                            (*(const struct zone_node *const *)right)->name);
}

struct zone_node *zone_nearest(const struct zone *zone, struct span key)
{
    for (;;) {
        struct zone_node *node = dns_name_table_find(&zone->names, key);

        if (node != NULL || key.len <= zone->apex->len)
            return node;
        key = dns_name_key_above(key);
    }
}

/* is_deep - is there a label without a node between this one and the one above? */
static bool is_deep(const struct zone_node *node)
{
    return node->parent != NULL && node->name->labels > node->parent->name->labels + 1;
}

void zone_link(struct zone *zone)
{
    size_t count = 0;

    for (struct zone_node *node = zone->nodes; node != NULL; node = node->next) {
        struct span key = dns_name_key(node->name);

        if (key.len <= zone->apex->len || dns_name_table_find(&zone->names, key) != node)
            continue; /* the apex, and owners of NSEC3 records */
        node->parent = zone_nearest(zone, dns_name_key_above(key));
        count += is_deep(node) ? 1 : 0;
    }
    if (count == 0)
        return;
    zone->deep = arena_array_of(zone->arena, const struct zone_node *, count);
    for (const struct zone_node *node = zone->nodes; node != NULL; node = node->next)
        if (is_deep(node))
            zone->deep[zone->deep_count++] = node;
    qsort(zone->deep, zone->deep_count, sizeof(*zone->deep), nodes_in_order);
}

unsigned zone_encloser(const struct zone *zone, const struct dns_name *name)
{
    unsigned longest = zone_nearest(zone, dns_name_key(name))->name->labels;
    size_t first = 0;
    size_t end = zone->deep_count;

    while (first < end) {
        size_t middle = first + (end - first) / 2;

        if (dns_name_compare(zone->deep[middle]->name, name) < 0)
            first = middle + 1;
        else
            end = middle;
    }
    for (size_t at = first > 0 ? first - 1 : 0; at <= first && at < zone->deep_count; at++) {
        unsigned shared = dns_name_shared(zone->deep[at]->name, name);

        if (shared > longest)
            longest = shared;
    }
    return longest;
}
