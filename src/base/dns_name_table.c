/* Chained buckets, doubled when there are as many entries. */
#include "base/dns_name_table.h"

#define BUCKETS_FIRST 64

struct dns_name_entry {
    struct span key;
    uint64_t hash;
    void *value;
    struct dns_name_entry *next;
};

/* name_table_bucket_of - where entries of this hash hang */
static struct dns_name_entry **name_table_bucket_of(const struct dns_name_table *table,
                                                    uint64_t hash)
{
    return &table->buckets[hash & (table->bucket_count - 1)];
}

/* name_table_grow - twice as many buckets */
static void name_table_grow(struct dns_name_table *table, struct arena *arena)
{
    struct dns_name_table larger = {.count = table->count};

    larger.bucket_count = table->bucket_count == 0 ? BUCKETS_FIRST : table->bucket_count * 2;
    larger.buckets = arena_array_of(arena, struct dns_name_entry *, larger.bucket_count);
    for (size_t i = 0; i < table->bucket_count; i++) {
        struct dns_name_entry *entry = table->buckets[i];

        while (entry != NULL) {
            struct dns_name_entry *next = entry->next;
            struct dns_name_entry **bucket = name_table_bucket_of(&larger, entry->hash);

            entry->next = *bucket;
            *bucket = entry;
            entry = next;
        }
    }
    *table = larger;
}

void *dns_name_table_find(const struct dns_name_table *table, struct span key)
{
    uint64_t hash = span_hash(key);
    const struct dns_name_entry *entry = NULL;

    if (table->bucket_count == 0)
        return NULL;
    entry = *name_table_bucket_of(table, hash);
    while (entry != NULL && (entry->hash != hash || !span_equal(entry->key, key)))
        entry = entry->next;
    return entry == NULL ? NULL : entry->value;
}

void dns_name_table_add(struct dns_name_table *table, struct arena *arena, struct span key,
                        void *value)
{
    struct dns_name_entry *entry = arena_new_of(arena, struct dns_name_entry);
    struct dns_name_entry **bucket = NULL;

    if (table->count == table->bucket_count)
        name_table_grow(table, arena);
    *entry = (struct dns_name_entry){.key = key, .hash = span_hash(key), .value = value};
    bucket = name_table_bucket_of(table, entry->hash);
    entry->next = *bucket;
    *bucket = entry;
    table->count++;
}

struct span dns_name_key(const struct dns_name *name)
{
    return span_make(name->text, name->len);
}

struct span dns_name_key_above(struct span key)
{
    for (size_t i = 0; i < key.len; i++) {
        if (key.at[i] == '.')
            return span_from(key, i + 1);
        if (key.at[i] == '\\')
            i++;
    }
    return span_make("", 0);
}

void dns_name_table_each(const struct dns_name_table *table, dns_name_table_fn *each, void *ctx)
{
    for (size_t i = 0; i < table->bucket_count; i++)
        for (const struct dns_name_entry *entry = table->buckets[i]; entry; entry = entry->next)
            each(ctx, entry->value);
}
