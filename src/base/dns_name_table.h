/*
 * NAME
 *     dns_name_table - things found by a domain name
 * DESCRIPTION
 *     A hash table whose keys are texts of names (dns_name.h), also of names
 *     that were never made: walking from a name up to the root costs nothing
 *     but looking at shorter ends of one text.
 * OWNERSHIP
 *     Keys are borrowed; the table lives in the arena given to dns_name_table_add().
 * ERRORS
 *     None.
 */
#ifndef DNS_NAME_TABLE_H
#define DNS_NAME_TABLE_H

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/span.h"

struct dns_name_entry;

/* start with all zero */
struct dns_name_table {
    struct dns_name_entry **buckets;
    size_t bucket_count;
    size_t count;
};

/* NULL if the table does not hold the name */
void *dns_name_table_find(const struct dns_name_table *table, struct span key);

/* the name is not in the table yet */
void dns_name_table_add(struct dns_name_table *table, struct arena *arena, struct span key,
                        void *value);

/* every value, in no order */
typedef void dns_name_table_fn(void *ctx, void *value);
void dns_name_table_each(const struct dns_name_table *table, dns_name_table_fn *each,
                         void *ctx);

/* the text of a name as key, and that of the name above it; above the root is the root */
struct span dns_name_key(const struct dns_name *name);
struct span dns_name_key_above(struct span key);

#endif
