/* Open addressing, doubled when it is half full; keys are copied into the arena. */
#include <string.h>

#include "base/table.h"

#define FIRST_SIZE 64 /* a power of two */

struct table_entry {
    uint64_t hash;
    struct span key; /* NULL: free */
    void *value;
};

struct table {
    struct arena *arena;
    struct table_entry *entries;
    size_t size;
    size_t count;
};

struct table *table_open(struct arena *arena)
{
    struct table *table = arena_new_of(arena, struct table);

    table->arena = arena;
    table->size = FIRST_SIZE;
    table->entries = arena_array_of(arena, struct table_entry, FIRST_SIZE);
    return table;
}

/* table_place - where the key is, or would be */
static struct table_entry *table_place(const struct table *table, struct span key,
                                       uint64_t hash)
{
    size_t at = (size_t)hash & (table->size - 1);

    while (table->entries[at].key.at != NULL &&
           (table->entries[at].hash != hash || !span_equal(table->entries[at].key, key)))
        at = (at + 1) & (table->size - 1);
    return &table->entries[at];
}

/* table_double - twice the size, everything put in again */
static void table_double(struct table *table)
{
    struct table_entry *old = table->entries;
    size_t size = table->size;

    table->size = 2 * size;
    table->entries = arena_array_of(table->arena, struct table_entry, table->size);
    for (size_t i = 0; i < size; i++)
        if (old[i].key.at != NULL)
            *table_place(table, old[i].key, old[i].hash) = old[i];
}

void **table_slot(struct table *table, struct span key, bool *is_new_out)
{
    uint64_t hash = span_hash(key);
    struct table_entry *entry = table_place(table, key, hash);

    *is_new_out = entry->key.at == NULL;
    if (!*is_new_out)
        return &entry->value;
    if (2 * (table->count + 1) > table->size) {
        table_double(table);
        entry = table_place(table, key, hash);
    }
    table->count++;
    entry->hash = hash;
    entry->key = arena_span(table->arena, key);
    return &entry->value;
}

bool table_has(const struct table *table, struct span key)
{
    return table_place(table, key, span_hash(key))->key.at != NULL;
}

size_t table_count(const struct table *table)
{
    return table->count;
}
