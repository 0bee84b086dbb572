/* Open addressing, doubled when it is half full; keys are copied into the arena. */
#include <string.h>

#include "base/escape.h"
#include "feedback/feedback_private.h"

#define FIRST_SIZE 64 /* a power of two */

/* FNV-1a, 64 bits */
#define HASH_START 14695981039346656037u
#define HASH_PRIME 1099511628211u

struct table_entry {
    uint64_t hash;
    struct span key; /* NULL: free */
    void *value;
};

struct feedback_table {
    struct arena *arena;
    struct table_entry *entries;
    size_t size;
    size_t count;
};

/* table_hash - of any octets */
static uint64_t table_hash(struct span key)
{
    uint64_t hash = HASH_START;

    for (size_t i = 0; i < key.len; i++)
        hash = (hash ^ (unsigned char)key.at[i]) * HASH_PRIME;
    return hash;
}

struct feedback_table *feedback_table_open(struct arena *arena)
{
    struct feedback_table *table = arena_new_of(arena, struct feedback_table);

    table->arena = arena;
    table->size = FIRST_SIZE;
    table->entries = arena_array_of(arena, struct table_entry, FIRST_SIZE);
    return table;
}

/* table_place - where the key is, or would be */
static struct table_entry *table_place(const struct feedback_table *table, struct span key,
                                       uint64_t hash)
{
    size_t at = (size_t)hash & (table->size - 1);

    while (table->entries[at].key.at != NULL &&
           (table->entries[at].hash != hash || !span_equal(table->entries[at].key, key)))
        at = (at + 1) & (table->size - 1);
    return &table->entries[at];
}

/* table_double - twice the size, everything put in again */
static void table_double(struct feedback_table *table)
{
    struct table_entry *old = table->entries;
    size_t size = table->size;

    table->size = 2 * size;
    table->entries = arena_array_of(table->arena, struct table_entry, table->size);
    for (size_t i = 0; i < size; i++)
        if (old[i].key.at != NULL)
            *table_place(table, old[i].key, old[i].hash) = old[i];
}

void **feedback_table_slot(struct feedback_table *table, struct span key, bool *is_new_out)
{
    uint64_t hash = table_hash(key);
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
    entry->key = span_make(arena_strdup_span(table->arena, key), key.len);
    return &entry->value;
}

const char *feedback_text(struct feedback_set *set, struct span text)
{
    bool is_new = false;
    void **slot = NULL;

    text = span_trim(text);
    slot = feedback_table_slot(set->reading->texts, text, &is_new);
    if (is_new)
        *slot = (void *)escape_to_text(set->arena, text, LIMIT_SHOWN_BYTES);
    return *slot;
}

const char *feedback_text_name(struct feedback_set *set, struct span text)
{
    char lower[LIMIT_SHOWN_BYTES];

    text = span_trim(text);
    if (text.len > 1 && text.at[text.len - 1] == '.')
        text.len--;
    if (text.len > sizeof(lower))
        return feedback_text(set, text);
    for (size_t i = 0; i < text.len; i++)
        lower[i] = ascii_to_lower(text.at[i]);
    return feedback_text(set, span_make(lower, text.len));
}
